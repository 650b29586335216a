"""The only door to faiss: exact comparison of all vectors, or an HNSW graph above a limit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

_faiss: Any = faiss  # its stubs lack selectors and what reads and writes
_faiss.omp_set_num_threads(1)  # one question is too little work to share, and idle helpers spin
Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
HNSW_LINKS = 32
HNSW_BUILD_BREADTH = 200
HNSW_SEARCH_BREADTH = 256


class DenseIndex:
    """Unit vectors, found by inner product (the cosine)."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors, exact_limit: int) -> DenseIndex:
        """An index over rows of `vectors`; exact up to `exact_limit` rows, HNSW above."""
        dimension = vectors.shape[1]
        if len(vectors) <= exact_limit:
            index: faiss.Index = faiss.IndexFlatIP(dimension)
        else:
            index = faiss.IndexHNSWFlat(dimension, HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = HNSW_BUILD_BREADTH
            index.hnsw.efSearch = HNSW_SEARCH_BREADTH
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """An index that was saved. Raises RuntimeError if the file is not one."""
        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        """Writes the index to one file."""
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def exact(self) -> bool:
        """Whether every vector is compared."""
        return isinstance(self._index, faiss.IndexFlat)

    def vectors(self, rows: Rows | None = None) -> Vectors:
        """The vectors of these rows, of all rows where none are given."""
        found: Vectors = self._index.reconstruct_n(0, len(self)) if rows is None else self._index.reconstruct_batch(rows)
        return found

    def search(self, question: Vectors, k: int, among: Rows | None = None) -> tuple[Rows, Vectors]:
        """Rows and cosines of the `k` nearest to one vector, best first; only rows of `among` where given."""
        if among is not None and not len(among):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        scores, rows = self._index.search(question.reshape(1, -1), min(k, max(1, len(self))), params=self._selection(among))
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]

    def _selection(self, among: Rows | None) -> Any:
        if among is None:
            return None
        chosen = _faiss.IDSelectorBatch(np.asarray(among, dtype=np.int64))
        if self.exact:
            return _faiss.SearchParameters(sel=chosen)
        return _faiss.SearchParametersHNSW(sel=chosen, efSearch=HNSW_SEARCH_BREADTH)
