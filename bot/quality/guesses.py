"""What rows were taken for, and how often that was right. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.dialogue.inquiry import GUARDED
from bot.quality import bootstrap
from bot.vocabulary import Json

BINS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """A text, what it is, its language, and whether it sounds like something else."""

    text: str
    label: str
    language: str
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """What a row was taken for, how surely, and how well it fits the label by itself."""

    row: Row
    label: str
    confidence: float
    fit: float = 0.0

    @property
    def right(self) -> bool:
        """Whether it was taken for what it is."""
        return self.label == self.row.label


def of_kinds(guesses: Sequence[Guess]) -> Json:
    """The measures of the shipped kinds: over all, by kind and language, and which were taken for which.

    `guarded_recall` is the share of rows of the guarded kinds that were taken for one of these, `guarded_in_error` the share of
    `question` rows that were, `guarded_hard` the share of those of them that are marked as hard. `intervals`: 95 % ones.
    """
    languages = sorted({guess.row.language for guess in guesses})
    questions = [guess for guess in guesses if guess.row.label == "question"]
    return {
        "rows": len(guesses),
        **overall(
            guesses,
            {
                "guarded_recall": [g.label in GUARDED for g in guesses if g.row.label in GUARDED],
                "guarded_in_error": [g.label in GUARDED for g in questions],
                "guarded_hard": [g.label in GUARDED for g in questions if g.row.hard],
            },
        ),
        "by_kind": {kind: of_label(guesses, kind) for kind in sorted({guess.row.label for guess in guesses})},
        "by_language": {language: overall([g for g in guesses if g.row.language == language]) for language in languages},
        "confusion": confusion(guesses),
    }


def confusion(guesses: Sequence[Guess]) -> Json:
    """How many rows of each label were taken for which."""
    labels = sorted({guess.row.label for guess in guesses})
    return {label: dict(Counter(guess.label for guess in guesses if guess.row.label == label)) for label in labels}


def overall(guesses: Sequence[Guess], also: dict[str, Sequence[bool]] | None = None) -> Json:
    """Accuracy, macro-F1 and expected calibration error (ten bins of confidence), with 95 % intervals; and shares of facts."""
    names = {name: i for i, name in enumerate(sorted({g.row.label for g in guesses} | {g.label for g in guesses}))}
    truth = np.array([names[guess.row.label] for guess in guesses], dtype=np.int64)
    taken = np.array([names[guess.label] for guess in guesses], dtype=np.int64)
    said = np.array([guess.confidence for guess in guesses])
    return bootstrap.summary(
        {
            "accuracy": truth == taken,
            "macro_f1": lambda rows: macro_f1(truth[rows], taken[rows], len(names)),
            "ece": lambda rows: calibration_error(said[rows], (truth == taken)[rows]),
            **(also or {}),
        },
        len(guesses),
    )


def of_label(guesses: Sequence[Guess], label: str) -> Json:
    """Precision, recall and F1 of one label, and how many rows have it."""
    right = sum(guess.right for guess in guesses if guess.row.label == label)
    rows = sum(guess.row.label == label for guess in guesses)
    taken = sum(guess.label == label for guess in guesses)
    precision, recall = right / taken if taken else 0.0, right / rows if rows else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"rows": rows, "precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def macro_f1(truth: npt.NDArray[np.int64], taken: npt.NDArray[np.int64], labels: int) -> float:
    """The mean F1 of the labels that rows have; labels are whole numbers below `labels`. nan of no rows."""
    rows, guessed = np.bincount(truth, minlength=labels), np.bincount(taken, minlength=labels)
    right = np.bincount(truth[truth == taken], minlength=labels)
    known = rows > 0
    return float(np.mean(2 * right[known] / (rows + guessed)[known])) if known.any() else float("nan")


def calibration_error(said: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """The mean gap between confidence and share of right guesses, over ten bins of confidence. nan of no rows."""
    bins = np.minimum((said * BINS).astype(np.int64), BINS - 1)
    gaps = np.abs(np.bincount(bins, weights=said - right, minlength=BINS))
    return float(gaps.sum() / len(said)) if len(said) else float("nan")
