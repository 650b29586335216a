"""How a corpus looks at a question: along the axes in which its own passages differ.

An encoder's vectors crowd in a few directions that nearly all texts of a corpus share, so that a cosine says little about what
sets them apart. A lens takes off the mean of questions in that language and stretches what is left by the inverse root of the
passages' covariance (partial whitening). Passages stay as they are: it is the question's vector that is turned.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
STRENGTH = 0.5  # 0 leaves the axes as they are, 1 makes all of them equally long
SHRUNK = 0.1  # the share of an even spread that is mixed in, so that axes along which hardly any passage lies stay quiet
CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Lens:
    """`axes` (dimension, dimension) and the `means` of questions by language; "" holds the mean of all."""

    axes: Vectors
    means: Mapping[str, Vectors]

    @classmethod
    def fit(cls, passages: Vectors, languages: Sequence[str], questions: Mapping[str, Vectors]) -> Lens:
        """The lens of passages, whose languages are given, and of the mean vectors of questions by language."""
        means = {language: mean.astype(np.float32) for language, mean in questions.items()}
        usual = np.mean(list(means.values()), axis=0) if means else passages.mean(axis=0)
        return cls(_axes(passages, np.asarray(languages)), {**means, "": usual.astype(np.float32)})

    def __call__(self, question: Vectors, language: str) -> Vectors:
        """The vector whose product with a passage's tells how near it is, up to a constant a language (see `levels`)."""
        apart = question - self.means.get(language, self.means[""])
        turned = self.axes @ apart
        seen: Vectors = (turned / np.sqrt(max(float(turned @ apart), 1e-12))).astype(np.float32)
        return seen

    def to_bytes(self) -> bytes:
        """The lens as bytes."""
        file = io.BytesIO()
        parts: dict[str, Any] = {"axes": self.axes, **{f"mean {language}": mean for language, mean in self.means.items()}}
        np.savez(file, **parts)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Lens:
        """The lens of `to_bytes`'s bytes. Raises ValueError or KeyError."""
        with np.load(io.BytesIO(data)) as file:
            means = {name.removeprefix("mean "): file[name] for name in file.files if name.startswith("mean ")}
            return cls(file["axes"], means)


def _axes(passages: Vectors, languages: npt.NDArray[np.str_]) -> Vectors:
    """The inverse root of the passages' covariance within their languages, scaled so that they are of length one on average."""
    spread = _covariance(passages, languages)
    size = float(np.trace(spread))
    if size <= 0:
        return np.eye(passages.shape[1], dtype=np.float32)
    dimension = len(spread)
    even = (spread * dimension / size + SHRUNK * np.eye(dimension)) / (1 + SHRUNK)
    lengths, directions = np.linalg.eigh(even)
    turned = (directions * lengths**-STRENGTH) @ directions.T
    scaled: Vectors = (turned / np.sum(turned * spread)).astype(np.float32)
    return scaled


def _covariance(passages: Vectors, languages: npt.NDArray[np.str_]) -> Numbers:
    total = np.zeros((passages.shape[1], passages.shape[1]))
    for language in np.unique(languages):
        rows = np.flatnonzero(languages == language)
        mean = passages[rows].mean(axis=0)
        for start in range(0, len(rows), CHUNK):
            apart = (passages[rows[start : start + CHUNK]] - mean).astype(np.float64)
            total += apart.T @ apart
    return total / len(passages)
