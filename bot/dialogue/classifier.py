"""A linear classifier over embeddings: fitted from labelled examples, kept as plain numbers, the same wherever it runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
STRENGTH = 30.0  # inverse of the regularisation; chosen by 5-fold over the shipped examples


@dataclass(frozen=True, slots=True)
class Classifier:
    """Labels with one weight row each; `mean` is taken from a vector first."""

    labels: tuple[str, ...]
    mean: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]

    def __call__(self, vector: Vectors) -> dict[str, float]:
        """The probability of each label."""
        logits = self.weights @ (vector.astype(np.float64) - self.mean) + self.bias
        odds = np.exp(logits - logits.max())
        return dict(zip(self.labels, (odds / odds.sum()).tolist(), strict=True))

    def to_json(self) -> bytes:
        """The classifier as bytes. Equal classifiers give equal bytes."""
        row = {
            "labels": self.labels,
            "mean": self.mean.tolist(),
            "weights": self.weights.tolist(),
            "bias": self.bias.tolist(),
        }
        return json.dumps(row).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Classifier:
        """The classifier of `to_json`'s bytes."""
        row = json.loads(data)
        return cls(tuple(row["labels"]), *(np.array(row[name], dtype=np.float64) for name in ("mean", "weights", "bias")))


def fit(vectors: Vectors, labels: Sequence[str]) -> Classifier:
    """A classifier of the labels, each weighing the same however many examples it has. Needs two labels at least."""
    from sklearn.linear_model import LogisticRegression

    mean = vectors.astype(np.float64).mean(axis=0)
    spread = 1 / np.linalg.norm(vectors - mean, axis=1).mean()
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
    model.fit((vectors - mean) * spread, list(labels))
    weights, bias = model.coef_ * spread, model.intercept_
    if len(model.classes_) == 2:
        weights, bias = np.vstack([np.zeros_like(weights), weights]), np.array([0.0, float(bias[0])])
    return Classifier(tuple(map(str, model.classes_)), mean, weights, bias)
