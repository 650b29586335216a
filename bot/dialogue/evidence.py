"""How likely the quotes answer the question, and the threshold below which the bot says so instead. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from bot.dialogue.quotes import Quote
from bot.vocabulary import Hit

FILE = "gate.json"
FEATURES = ("top cosine", "quote cosine", "quote in another language")


@dataclass(frozen=True, slots=True)
class Gate:
    """A logistic model over FEATURES, and the probability from which an answer is given.

    `precision` and `coverage` are what it reached on the labelled questions it was fitted on, `questions` how many.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    precision: float
    coverage: float
    questions: int

    def __call__(self, values: Sequence[float]) -> float:
        """The probability that the quotes answer, 0 to 1."""
        logit = self.bias + sum(weight * value for weight, value in zip(self.weights, values, strict=True))
        return float(1 / (1 + np.exp(-logit)))

    def to_json(self) -> bytes:
        """The gate as bytes."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Gate:
        """The gate of `to_json`'s bytes."""
        row = json.loads(data)
        return cls(**row | {"weights": tuple(row["weights"])})


def features(hits: Sequence[Hit], quotes: Sequence[Quote], language: str) -> tuple[float, ...]:
    """What speaks for an answer to a question in `language`, in the order of FEATURES.

    Cosines, so that they mean the same in every corpus; between two languages they are lower for the same meaning.
    """
    foreign = float(bool(quotes) and quotes[0].hit.document.language != language)
    return (max((hit.dense for hit in hits), default=0.0), max((quote.cosine for quote in quotes), default=0.0), foreign)
