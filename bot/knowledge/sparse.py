"""The only door to bm25s: how well the words of a question match, and how much of the question they cover."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from bot.knowledge.words import terms

K1, B = (
    2.5,
    1.0,
)  # long texts need full length normalisation: measured on regulatory questions and encyclopedia paragraphs
METHOD = "bm25+"
UNIT_FILE = "units.npy"
COVERAGE_AMONG = 10


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of one document that words are counted in: `passages` consecutive passages."""

    text: str
    language: str
    passages: int


@dataclass(frozen=True, slots=True)
class WordMatch:
    """BM25 scores of all passages; `coverage`: the share of the question's weight (idf) that the best units hold."""

    scores: npt.NDArray[np.float32]
    coverage: float


class SparseIndex:
    """BM25 over units of a document; a passage has the score of its unit."""

    def __init__(self, model: bm25s.BM25, unit_of: npt.NDArray[np.int32]) -> None:
        self._model, self._unit_of = model, unit_of
        self._units = int(unit_of[-1]) + 1 if len(unit_of) else 0
        self._vocabulary: dict[str, int] = model.vocab_dict
        self._starts = np.asarray(model.scores["indptr"])
        self._holders = np.asarray(model.scores["indices"])

    @classmethod
    def build(cls, units: Sequence[Unit]) -> SparseIndex:
        """An index over the units, which together hold all passages in order."""
        vocabulary: dict[str, int] = {}
        rows = [[vocabulary.setdefault(term, len(vocabulary)) for term in terms(unit.text, unit.language)] for unit in units]
        model = bm25s.BM25(k1=K1, b=B, method=METHOD)
        model.index((rows, vocabulary or {"": 0}), show_progress=False)
        return cls(model, np.repeat(np.arange(len(units), dtype=np.int32), [unit.passages for unit in units]))

    def save(self, folder: Path) -> None:
        """Writes the index into a new folder."""
        self._model.save(str(folder), show_progress=False)
        np.save(folder / UNIT_FILE, self._unit_of)

    @classmethod
    def load(cls, folder: Path) -> SparseIndex:
        """An index that was saved. Raises OSError or ValueError if it is not whole."""
        try:
            model = bm25s.BM25.load(str(folder), show_progress=False)
        except json.JSONDecodeError as error:
            raise ValueError(str(error)) from None
        return cls(model, np.load(folder / UNIT_FILE))

    def match(self, question: str, language: str) -> WordMatch | None:
        """How the words of a question match; None if the index knows none of them."""
        asked = list(dict.fromkeys(terms(question, language)))
        known = [self._vocabulary[term] for term in asked if term in self._vocabulary]
        if not known:
            return None
        scores = self._model.get_scores_from_ids(known)
        return WordMatch(scores[self._unit_of], self._coverage(scores, known, len(asked)))

    def _coverage(self, scores: npt.NDArray[np.float32], known: list[int], asked: int) -> float:
        """The largest share of the question's idf that one of the best units holds; unknown words weigh the most."""
        best = np.argpartition(scores, max(0, len(scores) - COVERAGE_AMONG))[-COVERAGE_AMONG:]
        weights = [self._idf(self._starts[term + 1] - self._starts[term]) for term in known]
        held = np.zeros(len(best))
        for term, weight in zip(known, weights, strict=True):
            holders = self._holders[self._starts[term] : self._starts[term + 1]]
            places = np.minimum(np.searchsorted(holders, best), len(holders) - 1)
            held += weight * (holders[places] == best)
        total = sum(weights) + self._idf(0) * (asked - len(known))
        return float(held.max() / total) if total else 0.0

    def _idf(self, frequency: int) -> float:
        return float(np.log(1 + (self._units - frequency + 0.5) / (frequency + 0.5)))
