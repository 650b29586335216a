"""Fits the refusal gate: how sure the evidence must be for a wanted share of right answers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bot.dialogue.evidence import Gate

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
FOLDS = 5
FREEDOM = 0.1  # inverse strength of the penalty on large weights: some hundred questions tell little
LEAST_ANSWERED = 5
NEVER = 1.01  # a threshold no probability reaches


def fit_gate(
    features: Sequence[Sequence[float]],
    right: Sequence[bool],
    precision: float,
    withheld: Mapping[int, Sequence[float]] | None = None,
) -> Gate:
    """A gate whose answers are right with the wanted precision, by 5-fold cross-validation over labelled questions.

    `right[i]` is whether the quotes of question i come from a document that answers it; `withheld[i]` are its features where all
    documents of its topic are kept back, so that it is wrong whatever is quoted: weights are learned from these as well, the
    threshold is not. With only one outcome there is nothing to tell apart: then nothing is refused, or everything.
    """
    values, outcome = np.array(features, dtype=np.float64), np.array(right, dtype=bool)
    beside = withheld or {}
    if outcome.all() or not outcome.any():
        return Gate(
            (0.0,) * values.shape[1],
            0.0,
            0.0 if outcome.all() else NEVER,
            float(outcome.mean()),
            float(outcome.all()),
            len(right),
        )
    weights, bias = _logistic(values, outcome, list(beside.values()))
    held_out = _cross_validated(values, outcome, beside)
    threshold = _threshold(held_out, outcome, precision)
    answered = held_out >= threshold
    reached = float(outcome[answered].mean()) if answered.any() else 0.0
    return Gate(tuple(weights.tolist()), bias, threshold, round(reached, 4), round(float(answered.mean()), 4), len(right))


def _cross_validated(values: Numbers, outcome: Flags, beside: Mapping[int, Sequence[float]]) -> Numbers:
    """Probabilities by models that did not see the question, withheld or not; folds take every fifth of each outcome."""
    fold = np.zeros(len(outcome), dtype=int)
    for label in (True, False):
        places = np.flatnonzero(outcome == label)
        fold[places] = np.arange(len(places)) % FOLDS
    held_out = np.zeros(len(outcome))
    for part in range(FOLDS):
        seen = fold != part
        if outcome[seen].all() or not outcome[seen].any():
            seen = np.ones_like(seen)
        weights, bias = _logistic(values[seen], outcome[seen], [row for i, row in beside.items() if seen[i]])
        held_out[fold == part] = 1 / (1 + np.exp(-(values[fold == part] @ weights + bias)))
    return held_out


def _threshold(probabilities: Numbers, outcome: Flags, precision: float) -> float:
    """The lowest probability from which answers are as precise as wanted; else the one where they are most precise.

    How precise is taken half by what was right and half by what was thought likely: by the first alone a single question moves
    the threshold a long way.
    """
    best: tuple[float, float] = (-1.0, NEVER)
    for candidate in np.unique(probabilities):
        answered = probabilities >= candidate
        if answered.sum() < LEAST_ANSWERED:
            continue
        expected = float((outcome[answered].mean() + probabilities[answered].mean()) / 2)
        if expected >= precision:
            return float(candidate)
        best = max(best, (expected, float(candidate)))
    return best[1]


def _logistic(values: Numbers, outcome: Flags, withheld: Sequence[Sequence[float]]) -> tuple[Numbers, float]:
    """Weights and bias on the raw features, fitted on standardised ones.

    The withheld are wrong and shape the weights alone: how far the weighted sum is stretched and moved, so that others are as
    likely right as it says, is fitted to these (Platt, "Probabilistic outputs for support vector machines", 1999).
    """
    from sklearn.linear_model import LogisticRegression

    every = np.vstack([values, np.array(withheld, dtype=np.float64).reshape(-1, values.shape[1])])
    right = np.concatenate([outcome, np.zeros(len(withheld), dtype=bool)])
    mean, spread = every.mean(axis=0), every.std(axis=0) + 1e-9
    model = LogisticRegression(C=FREEDOM, max_iter=1000).fit((every - mean) / spread, right)
    weights: Numbers = model.coef_[0] / spread
    sums = values @ weights
    middle, wide = float(sums.mean()), float(sums.std()) + 1e-9
    said = LogisticRegression(C=1.0, max_iter=1000).fit((sums[:, None] - middle) / wide, outcome)
    stretch = float(said.coef_[0, 0]) / wide
    return weights * stretch, float(said.intercept_[0]) - stretch * middle
