"""What a document is about as a whole: the mean of its passages' vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.knowledge.snapshot import Snapshot

Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DocumentMeans:
    """`means[document_of[row]]` is the mean vector of the document that passage `row` is of."""

    means: Vectors
    document_of: npt.NDArray[np.int32]

    @classmethod
    def of(cls, snapshot: Snapshot) -> DocumentMeans:
        """The means of a snapshot's documents, whose passages stand together."""
        names = [passage.document_id for passage in snapshot.passages]
        firsts = [row for row, name in enumerate(names) if row == 0 or name != names[row - 1]]
        counts = np.diff([*firsts, len(names)])
        sums = np.add.reduceat(snapshot.dense.vectors(), firsts, axis=0)
        return cls((sums / counts[:, None]).astype(np.float32), np.repeat(np.arange(len(firsts), dtype=np.int32), counts))

    def products(self, vector: Vectors, rows: Rows) -> Vectors:
        """The product of a question's vector with the document's mean, at each of these rows."""
        documents, places = np.unique(self.document_of[rows], return_inverse=True)
        found: Vectors = (self.means[documents] @ vector)[places]
        return found
