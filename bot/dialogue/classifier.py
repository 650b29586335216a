"""A classifier by likeness to labelled examples: fitted in closed form, kept as plain numbers.

Kernel ridge regression on the labels (+1, -1); each example of a rare label weighs more, by the root of its rareness. What an
example would be taken for if it, and those of its group, had not been learned from follows without fitting anew; how strongly
to smooth, and how sure to be of a score, are chosen by that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy import linalg

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
STRENGTHS = (0.1, 0.03)  # less overfits, more blurs
SHARPNESSES = tuple(2.0 * 1.3**n for n in range(12))
EVERYWHERE = 0.1  # what all texts have in common, as a likeness: it makes a bias


@dataclass(frozen=True, slots=True)
class Classifier:
    """Labels with one row of `weights` over the learned texts and one `bias` each; scores become probabilities by `sharpness`."""

    labels: tuple[str, ...]
    weights: Vectors
    bias: Vectors
    sharpness: float

    def __call__(self, likeness: Vectors) -> dict[str, float]:
        """The probability of each label, to six places, by a text's likeness to the learned ones."""
        chances = _probabilities((self.weights @ likeness + self.bias)[None, :].astype(np.float64), self.sharpness)[0]
        return dict(zip(self.labels, np.round(chances, 6).tolist(), strict=True))

    def scores(self, likeness: Vectors) -> dict[str, float]:
        """How far each label speaks for itself: near 1 where it fits, -1 where not. All are low for what is like nothing."""
        return dict(zip(self.labels, (self.weights @ likeness + self.bias).tolist(), strict=True))

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """The arrays it is made of, by name."""
        return {
            "labels": np.array(self.labels),
            "weights": self.weights,
            "bias": self.bias,
            "sharpness": np.array(self.sharpness),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Classifier:
        """The classifier of `to_arrays`' arrays."""
        labels = tuple(map(str, arrays["labels"]))
        return cls(labels, cast("Vectors", arrays["weights"]), cast("Vectors", arrays["bias"]), float(arrays["sharpness"]))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A classifier, and for each example the scores and probabilities it gets from a fit that has not seen its group."""

    classifier: Classifier
    scores: Numbers
    unseen: Numbers


def fit(likeness: Vectors, labels: Sequence[str], groups: Sequence[str] = ()) -> Fitted:
    """A classifier of the labels of examples whose likeness to one another is given.

    `groups` names what must not be told apart by one another. Needs two labels at least.
    """
    known = sorted(set(labels))
    truth = np.array([known.index(label) for label in labels])
    targets = np.where(truth[:, None] == np.arange(len(known)), 1.0, -1.0)
    alike = likeness.astype(np.float64) + EVERYWHERE
    penalty = np.sqrt(np.bincount(truth)[truth] * len(known) / len(truth))
    members = _members(groups or range(len(labels)))
    tried = []
    for strength in STRENGTHS:
        inverse = linalg.inv(alike + np.diag(strength * penalty), assume_a="pos")
        shares = inverse @ targets
        unseen = _unseen(inverse, shares, targets, members)
        tried.append((_accuracy(unseen, truth), strength, shares, unseen))
    _, _, shares, unseen = max(tried, key=lambda one: one[:2])
    sharpness = min(SHARPNESSES, key=lambda sharpness: _loss(_probabilities(unseen, sharpness), truth))
    bias = EVERYWHERE * shares.sum(axis=0)
    classifier = Classifier(tuple(known), shares.T.astype(np.float32), bias.astype(np.float32), sharpness)
    return Fitted(classifier, unseen, _probabilities(unseen, sharpness))


def spread(classifier: Classifier, places: Sequence[int], among: int) -> Classifier:
    """The same classifier for the likeness to `among` texts, of which it learned only those at `places`."""
    weights = np.zeros((len(classifier.labels), among), dtype=np.float32)
    weights[:, list(places)] = classifier.weights
    return Classifier(classifier.labels, weights, classifier.bias, classifier.sharpness)


def _members(groups: Sequence[object]) -> list[list[int]]:
    """The places of the examples of each group; an empty name is a group of its own."""
    found: dict[object, list[int]] = {}
    for i, group in enumerate(groups):
        found.setdefault(group if group != "" else i, []).append(i)
    return list(found.values())


def _unseen(inverse: Numbers, shares: Numbers, targets: Numbers, members: Sequence[list[int]]) -> Numbers:
    """The scores of each group by the fit without it, exactly: targets less inverse[group, group]^-1 shares[group]."""
    scores = targets - shares / np.diag(inverse)[:, None]
    for group in members:
        if len(group) > 1:
            scores[group] = targets[group] - np.linalg.solve(inverse[np.ix_(group, group)], shares[group])
    return scores


def _probabilities(scores: Numbers, sharpness: float) -> Numbers:
    odds = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
    chances: Numbers = odds / odds.sum(axis=1, keepdims=True)
    return chances


def _accuracy(scores: Numbers, truth: npt.NDArray[np.int64]) -> float:
    """The mean over the labels of the share of each that is recognised."""
    right = scores.argmax(axis=1) == truth
    return float(np.mean([right[truth == label].mean() for label in range(scores.shape[1])]))


def _loss(chances: Numbers, truth: npt.NDArray[np.int64]) -> float:
    return float(-np.log(chances[np.arange(len(truth)), truth] + 1e-12).mean())
