"""How near a question is to a language as such.

Texts of one language are nearer to each other than to a text of another language that says the same. Taken off every
cosine, that level lets passages of all languages be compared by what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.knowledge.snapshot import Snapshot

Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
CHUNK = 20_000
SHRUNK = 30  # passages of the general mean that are mixed into a language's, so that a few passages do not cancel themselves


@dataclass(frozen=True, slots=True)
class Levels:
    """The languages of a snapshot by number: `language_of[row]`, each one's `rows`, its mean of `passages` and `sentences`."""

    language_of: npt.NDArray[np.int8]
    rows: tuple[Rows, ...]
    passages: Vectors
    sentences: Vectors

    @classmethod
    def of(cls, snapshot: Snapshot) -> Levels:
        """The levels of a snapshot's languages."""
        languages = [snapshot.documents[passage.document_id].language for passage in snapshot.passages]
        known = sorted(set(languages))
        language_of = np.array([known.index(language) for language in languages], dtype=np.int8)
        rows = tuple(np.flatnonzero(language_of == n) for n in range(len(known)))
        sentence_rows = tuple(_inside(snapshot.first_sentence, some) for some in rows)
        return cls(
            language_of,
            rows,
            _means(snapshot.dense.vectors, rows),
            _means(lambda wanted: snapshot.sentences[wanted].astype(np.float32), sentence_rows),
        )

    def for_question(self, vector: Vectors, rows: Rows) -> tuple[Vectors, Vectors]:
        """The question's level at each of these rows, for the passage and for its sentences."""
        language = self.language_of[rows]
        return (self.passages @ vector)[language], (self.sentences @ vector)[language]

    def parted(self, admitted: Rows | None) -> Iterator[Rows | None]:
        """The admitted rows (None: all) parted by language."""
        if len(self.rows) < 2:
            yield admitted
            return
        for some in self.rows:
            yield some if admitted is None else np.intersect1d(some, admitted, assume_unique=True)


def _inside(starts: Rows, rows: Rows) -> Rows:
    """The rows of all sentences of these passages."""
    counts = starts[rows + 1] - starts[rows]
    firsts = np.cumsum(counts) - counts
    inside: Rows = np.repeat(starts[rows] - firsts, counts) + np.arange(counts.sum())
    return inside


def _means(read: Callable[[Rows], Vectors], parts: Sequence[Rows]) -> Vectors:
    """The mean vector of each part, shrunk towards that of all."""
    sums = np.stack([_sum(read, rows) for rows in parts])
    counts = np.array([len(rows) for rows in parts])[:, None]
    mean = sums.sum(axis=0) / counts.sum()
    shrunk: Vectors = ((sums + SHRUNK * mean) / (counts + SHRUNK)).astype(np.float32)
    return shrunk


def _sum(read: Callable[[Rows], Vectors], rows: Rows) -> npt.NDArray[np.float64]:
    chunks = [read(rows[start : start + CHUNK]).sum(axis=0, dtype=np.float64) for start in range(0, len(rows), CHUNK)]
    total: npt.NDArray[np.float64] = np.sum(chunks, axis=0)
    return total
