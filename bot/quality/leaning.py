"""Fits whether a turn leans on the ones before it, by labelled turns. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.dialogue.leaning import SIGNALS, SMOOTHING, TOLD_BY_WORDS, Leaning
from bot.dialogue.taught_turns import LABELS

Vectors = npt.NDArray[np.float32]


def fit_leaning(table: Vectors, labels: Sequence[str]) -> Leaning:
    """The model for rows of traits and signals (`bot.dialogue.leaning.table`) and their labels: every label is among them."""
    from sklearn.linear_model import LogisticRegression

    origin, spread = table.mean(axis=0), table.std(axis=0) + 1e-6
    traits = table.shape[1] - len(SIGNALS)
    share = np.concatenate([np.full(traits, traits**-0.5), np.full(len(SIGNALS), TOLD_BY_WORDS)])
    scale = (share / spread).astype(np.float32)
    model = LogisticRegression(C=1 / SMOOTHING, max_iter=3000).fit((table - origin) * scale, labels)
    order = [list(model.classes_).index(label) for label in LABELS]
    return Leaning(origin, scale, model.coef_[order].astype(np.float32), model.intercept_[order].astype(np.float32))
