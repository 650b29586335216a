"""How likely the quotes answer the question, and the threshold below which the bot says so instead. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from bot.dialogue.places import missing, places
from bot.dialogue.quotes import Quote
from bot.vocabulary import Hit

FILE = "gate.json"
FEATURES = (
    "best cosine",
    "share of the question's words that is matched, where the quote is in its language",
    "quote in another language",
    "quote's nearness, where it is in another language",
    "a country asked about is not in what is quoted",
    "share of the numbers asked about that are in what is quoted",
)
FIRST = 3  # hits of which the best counts
NUMBER = re.compile(r"[a-z]*\d[\w./-]*\w|\d")


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


def features(question: str, hits: Sequence[Hit], quotes: Sequence[Quote], language: str) -> tuple[float, ...]:
    """What speaks for an answer to a question in `language`, in the order of FEATURES.

    Measures that mean the same in every corpus. Words tell most where quote and question share a language; between two
    languages cosines are lower for the same meaning, and the nearness of the sentence has to tell instead.
    """
    around = " ".join(_around(quote.hit) for quote in quotes)
    foreign = bool(quotes) and quotes[0].hit.document.language != language
    return (
        max((hit.dense for hit in hits[:FIRST]), default=0.0),
        0.0 if foreign else max((hit.sparse for hit in hits[:1]), default=0.0),
        float(foreign),
        max((quote.nearness for quote in quotes), default=0.0) if foreign else 0.0,
        float(_country_missing(question, around, quotes)),
        _numbers_stated(question, around),
    )


def _around(hit: Hit) -> str:
    """What a reader of the passage sees of its document."""
    return " ".join((hit.document.title, hit.document.summary, *hit.passage.section, hit.passage.text))


def _country_missing(question: str, text: str, quotes: Sequence[Quote]) -> bool:
    """Whether the question names a country that neither the text nor the jurisdictions of what is quoted hold."""
    laws = {law for quote in quotes for law in quote.hit.document.jurisdictions}
    return bool(missing(places(question) - laws, text))


def _numbers_stated(question: str, text: str) -> float:
    """The share of the question's numbers and citations ("2024", "5n", "833/2014") that the text states; 1 if it has none."""
    asked = set(NUMBER.findall(question.lower()))
    return len(asked & set(NUMBER.findall(text.lower()))) / len(asked) if asked else 1.0
