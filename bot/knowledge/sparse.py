"""The only door to bm25s: how well the words of a question match, and how much of the question they cover."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from bot.knowledge.words import is_phrase, phrases, terms

K1, B = 1.5, 0.95  # nearly full length normalisation: measured on regulatory questions and encyclopedia paragraphs
METHOD = "bm25+"
PHRASE = 0.3  # what two words that follow each other add, as a share of what a word of their rarity would
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
    """BM25 scores of all passages, as a share of the question's weight (the idf of its words) so that questions compare.

    `coverage`: the share of that weight that the best units hold.
    """

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
        words = [terms(unit.text, unit.language) for unit in units]
        rows = [[vocabulary.setdefault(term, len(vocabulary)) for term in (*row, *phrases(row))] for row in words]
        model = bm25s.BM25(k1=K1, b=B, method=METHOD)
        model.index((rows, vocabulary or {"": 0}), show_progress=False)
        _weigh_phrases(model)
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
        words = terms(question, language)
        asked = list(dict.fromkeys(words))
        known = self._known(asked)
        if not known:
            return None
        scores = self._model.get_scores_from_ids(known + self._known(dict.fromkeys(phrases(words))))
        weights = [self._idf(self._starts[term + 1] - self._starts[term]) for term in known]
        weight = sum(weights) + self._idf(0) * (len(asked) - len(known))
        return WordMatch(scores[self._unit_of] / weight, self._coverage(scores, known, weights) / weight)

    def _known(self, asked: Iterable[str]) -> list[int]:
        return [self._vocabulary[term] for term in asked if term in self._vocabulary]

    def _coverage(self, scores: npt.NDArray[np.float32], known: list[int], weights: list[float]) -> float:
        """The largest weight of the question's words that one of the best units holds; unknown words weigh the most."""
        best = np.argpartition(scores, max(0, len(scores) - COVERAGE_AMONG))[-COVERAGE_AMONG:]
        held = np.zeros(len(best))
        for term, weight in zip(known, weights, strict=True):
            holders = self._holders[self._starts[term] : self._starts[term + 1]]
            places = np.minimum(np.searchsorted(holders, best), len(holders) - 1)
            held += weight * (holders[places] == best)
        return float(held.max())

    def _idf(self, frequency: int) -> float:
        return float(np.log(1 + (self._units - frequency + 0.5) / (frequency + 0.5)))


def _weigh_phrases(model: bm25s.BM25) -> None:
    """Makes phrases count less than words: their words are counted too."""
    numbers = [number for term, number in model.vocab_dict.items() if is_phrase(term)]
    starts = np.asarray(model.scores["indptr"])
    weights = np.ones(len(starts) - 1, dtype=np.float32)
    weights[numbers] = PHRASE
    model.scores["data"] = model.scores["data"] * np.repeat(weights, np.diff(starts))
    model.nonoccurrence_array = model.nonoccurrence_array * weights
