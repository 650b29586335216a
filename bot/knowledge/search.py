"""Question to hits: meaning and words, mixed; near-duplicates left out. What the other rooms call."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from bot.knowledge import fusion
from bot.knowledge.admission import Admission
from bot.knowledge.document_means import DocumentMeans
from bot.knowledge.levels import Levels
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.sparse import WordMatch
from bot.vocabulary import Hit

Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
SENTENCE_SHARE = 0.7  # what the best sentence's nearness adds to the passage's
DOCUMENT_SHARE = 0.75  # what the mean nearness of all passages of the document adds
SAME = 0.985  # two passages with a higher cosine say the same


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready to be looked up. `vector` is its embedding.

    Found are only passages of documents under one of the `jurisdictions`, and among `documents`, where these are given, and
    that are still valid on the day `today`.
    """

    text: str
    vector: Vectors
    language: str
    jurisdictions: tuple[str, ...] = ()
    documents: Collection[str] | None = None
    today: date | None = None


class Search:
    """Search in one snapshot. Reads only; safe for many threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._levels = Levels.of(snapshot)
        self._admission = Admission(snapshot)
        self._documents = DocumentMeans.of(snapshot)

    def __call__(self, query: Query, k: int = 10) -> list[Hit]:
        """The best `k` hits, best first. Fewer where there are fewer passages or the rest are near-duplicates."""
        admitted = self._admission(query.jurisdictions, query.documents, query.today)
        match = self.snapshot.sparse.match(query.text, query.language)
        seen = self.snapshot.lens(query.vector, query.language)
        rows = self._candidates(seen, match, admitted)
        if not len(rows):
            return []
        vectors = self.snapshot.dense.vectors(rows)
        passage_levels, sentence_levels = self._levels.for_question(seen, rows)
        near = vectors @ seen - passage_levels
        around = self._documents.products(seen, rows) - passage_levels
        inside, firsts = self._sentence_products(seen, rows)
        inside -= np.repeat(sentence_levels, np.diff(firsts))
        best_inside = np.maximum.reduceat(inside, firsts[:-1])
        words = match.scores[rows] if match else None
        share = fusion.words_share(match.coverage) if match else 0.0
        meaning = near + SENTENCE_SHARE * best_inside + DOCUMENT_SHARE * around
        mixed = fusion.mix(meaning.astype(np.float32), words, share)
        cosines = vectors @ query.vector
        order = np.lexsort((rows, -mixed))
        return [
            self._hit(
                int(rows[i]),
                mixed[i],
                cosines[i],
                words[i] if words is not None else 0.0,
                near[i],
                inside[firsts[i] : firsts[i + 1]],
            )
            for i in fusion.distinct(order, vectors, SAME, k)
        ]

    def _candidates(self, vector: Vectors, match: WordMatch | None, admitted: Rows | None) -> Rows:
        """Rows of the passages nearest in meaning and of those with the best matching words, in row order."""
        near = [self.snapshot.dense.search(vector, fusion.DEPTH, some)[0] for some in self._levels.parted(admitted)]
        rows = np.concatenate(near)
        if match is None:
            return np.sort(rows)
        eligible = np.arange(len(match.scores)) if admitted is None else admitted
        scores = match.scores[eligible]
        depth = min(fusion.DEPTH, len(scores))
        best = eligible[np.argpartition(-scores, depth - 1)[:depth]] if depth else eligible
        return np.union1d(rows, best)

    def _sentence_products(self, vector: Vectors, rows: Rows) -> tuple[Vectors, Rows]:
        """The products with all sentences of these rows, one after the other, and where each row's begin (and the last's end)."""
        starts = self.snapshot.first_sentence
        counts = starts[rows + 1] - starts[rows]
        firsts = np.concatenate([[0], np.cumsum(counts)])
        wanted = np.repeat(starts[rows] - firsts[:-1], counts) + np.arange(firsts[-1])
        products: Vectors = self.snapshot.sentences[wanted].astype(np.float32) @ vector
        return products, firsts

    def _hit(
        self,
        row: int,
        score: np.float32,
        dense: np.float32,
        sparse: np.float32 | float,
        nearness: np.float32,
        sentences: Vectors,
    ) -> Hit:
        passage = self.snapshot.passages[row]
        document = self.snapshot.documents[passage.document_id]
        numbers = (float(score), float(dense), float(sparse), float(nearness))
        return Hit(passage, document, *numbers, tuple(sentences.tolist()))
