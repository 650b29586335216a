"""A linear classifier over an encoder's traits: fitted from labelled examples in closed form, kept as plain numbers.

Ridge regression on the labels (+1, -1), each label weighing the same however many examples it has. What an example would be
taken for if it, and those of its group, had not been learned from follows without fitting anew; how strongly to smooth,
and how sure to be of a score, are chosen by that.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
STRENGTHS = (0.1, 0.3, 1.0, 3.0)
SHARPNESSES = tuple(2.0 * 1.3**n for n in range(9))


@dataclass(frozen=True, slots=True)
class Classifier:
    """Labels with one row of `weights` and one `bias` each; scores are made probabilities by `sharpness`."""

    labels: tuple[str, ...]
    weights: Vectors
    bias: Vectors
    sharpness: float

    def __call__(self, traits: Vectors) -> dict[str, float]:
        """The probability of each label, to six places."""
        chances = _probabilities((self.weights @ traits + self.bias)[None, :].astype(np.float64), self.sharpness)[0]
        return dict(zip(self.labels, np.round(chances, 6).tolist(), strict=True))

    def to_bytes(self) -> bytes:
        """The classifier as the bytes of an npz file."""
        file = io.BytesIO()
        np.savez(file, labels=np.array(self.labels), weights=self.weights, bias=self.bias, sharpness=self.sharpness)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Classifier:
        """The classifier of `to_bytes`' bytes."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            labels = tuple(map(str, file["labels"]))
            return cls(labels, file["weights"], file["bias"], float(file["sharpness"]))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A classifier, and for each example the probabilities it gets from a fit that has not seen its group."""

    classifier: Classifier
    unseen: Numbers


def fit(traits: Vectors, labels: Sequence[str], groups: Sequence[str] = ()) -> Fitted:
    """A classifier of the labels; `groups` names what must not be told apart by one another. Needs two labels at least."""
    known = sorted(set(labels))
    truth = np.array([known.index(label) for label in labels])
    targets = np.where(truth[:, None] == np.arange(len(known)), 1.0, -1.0)
    spread = traits.std(axis=0).astype(np.float64) + 1e-6
    scaled = (traits - traits.mean(axis=0)) / (spread * np.sqrt(traits.shape[1]))
    likeness = scaled @ scaled.T + 1.0
    penalty = np.bincount(truth)[truth] * len(known) / len(truth)
    members = _members(groups or range(len(labels)))
    tried = []
    for strength in STRENGTHS:
        inverse = np.linalg.inv(likeness + np.diag(strength * penalty))
        shares = inverse @ targets
        unseen = _unseen(inverse, shares, targets, members)
        tried.append((_accuracy(unseen, truth), strength, shares, unseen))
    _, _, shares, unseen = max(tried, key=lambda one: one[:2])
    sharpness = min(SHARPNESSES, key=lambda sharpness: _loss(_probabilities(unseen, sharpness), truth))
    weights = (shares.T @ scaled) / (spread * np.sqrt(traits.shape[1]))
    bias = shares.sum(axis=0) - weights @ traits.mean(axis=0)
    classifier = Classifier(tuple(known), weights.astype(np.float32), bias.astype(np.float32), sharpness)
    return Fitted(classifier, _probabilities(unseen, sharpness))


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
