"""Whether a turn leans on the ones before it, stands alone, or is open: speaks of something that nothing before names."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.dialogue import references
from bot.dialogue.places import places
from bot.dialogue.taught_turns import LABELS, LEANING, OPEN, TaughtTurn
from bot.knowledge.embedder import Reading
from bot.knowledge.language import detect

Vectors = npt.NDArray[np.float32]
FILE = "leaning.npz"
PARTS = ("origin", "scale", "weights", "bias")
SMOOTHING = 0.03  # the share of a weight's square in what is fitted; the more, the less single traits count
TOLD_BY_WORDS = 0.3  # how far a signal of the words may vary beside all traits, which vary by one together
SIGNALS = (
    "nearness to the question before",
    "begins as one goes on",
    "points back",
    "how many words of content",
    "holds a name or a number",
    "names a country",
    "share of its words that the question before has",
    "how long it is",
)
HAN_LETTERS = 3  # as long as a Han character


@dataclass(frozen=True, slots=True)
class Leans:
    """How likely a turn leans on the ones before, and how likely it is open; the rest is that it stands alone."""

    leaning: float
    open: float


@dataclass(frozen=True, slots=True)
class Leaning:
    """A linear model of the labels of turns over their traits and SIGNALS, standardised by `origin` and `scale`."""

    origin: Vectors
    scale: Vectors
    weights: Vectors
    bias: Vectors

    def __call__(self, text: str, reading: Reading, earlier: str, vector: Vectors) -> Leans:
        """How a turn leans, by its text and reading, the question before it as it stood alone, and the vector of that."""
        row = (np.concatenate([reading.traits, signals(text, reading.vector, earlier, vector)]) - self.origin) * self.scale
        scores = (self.weights @ row + self.bias).astype(np.float64)
        odds = np.exp(scores - scores.max())
        chances = dict(zip(LABELS, (odds / odds.sum()).tolist(), strict=True))
        return Leans(round(chances[LEANING], 6), round(chances[OPEN], 6))

    def to_bytes(self) -> bytes:
        """The model as the bytes of an npz file."""
        file = io.BytesIO()
        np.savez(file, **{name: getattr(self, name) for name in PARTS})
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Leaning:
        """The model of `to_bytes`' bytes."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return cls(*(file[name] for name in PARTS))


def signals(text: str, vector: Vectors, earlier: str, earlier_vector: Vectors) -> Vectors:
    """What tells from the words, in the order of SIGNALS."""
    language = detect(text)
    mine, theirs = references.content(text, language), references.content(earlier, detect(earlier))
    return np.array(
        [
            float(vector @ earlier_vector),
            references.opens_as_a_follow_up(text),
            references.points_back(text),
            np.log1p(len(mine)),
            references.names(text) > 0,
            bool(places(text)),
            len(mine & theirs) / max(1, len(mine)),
            np.log1p(len(text) * (HAN_LETTERS if language == "zh" else 1)),
        ],
        dtype=np.float32,
    )


def table(turns: Sequence[TaughtTurn], readings: Sequence[Reading], earlier: Sequence[Reading]) -> Vectors:
    """What a model is fitted on: a row of traits and signals for each turn. `earlier` are readings of the questions before."""
    rows = zip(turns, readings, earlier, strict=True)
    return np.stack(
        [np.concatenate([one.traits, signals(turn.text, one.vector, turn.earlier, before.vector)]) for turn, one, before in rows]
    )
