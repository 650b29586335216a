"""How like a text is to the texts that were learned from: a Gaussian of the distance between their traits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
AXES = 1024  # directions kept of the traits: those in which the learned texts differ most
WIDTH = 0.5  # the likeness of two texts is exp(-WIDTH * distance squared)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Compares texts with the learned ones: `learned` holds the coordinates of each, which `origin` and `axes` make of traits."""

    origin: Vectors
    axes: Vectors
    learned: Vectors

    def __call__(self, traits: Vectors) -> Vectors:
        """The likeness to each learned text, 0 to 1; of shape (texts, learned) for traits of several texts."""
        return _likeness(_coordinates(np.atleast_2d(traits), self.origin, self.axes), self.learned).reshape(
            *traits.shape[:-1], -1
        )

    def among_learned(self) -> Vectors:
        """The likeness of every learned text to every other."""
        return _likeness(self.learned, self.learned)

    def to_arrays(self) -> dict[str, Vectors]:
        """The arrays it is made of, by name."""
        return {"origin": self.origin, "axes": self.axes, "learned": self.learned}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Likeness:
        """The likeness of `to_arrays`' arrays."""
        return cls(*(cast("Vectors", arrays[name]) for name in ("origin", "axes", "learned")))

    @classmethod
    def to(cls, traits: Vectors) -> Likeness:
        """The likeness to texts of these traits; every trait weighs the same, however far its numbers spread."""
        origin: Vectors = traits.mean(axis=0)
        scale = ((traits.std(axis=0) + 1e-6) * np.sqrt(traits.shape[1])).astype(np.float32)
        standard = (traits - origin) / scale
        _, directions = np.linalg.eigh(standard.T @ standard)
        axes: Vectors = np.ascontiguousarray(directions[:, ::-1][:, :AXES].T / scale)
        return cls(origin, axes, _coordinates(traits, origin, axes))


def _coordinates(traits: Vectors, origin: Vectors, axes: Vectors) -> Vectors:
    found: Vectors = np.matmul(traits - origin, axes.T, dtype=np.float32)
    return found


def _likeness(some: Vectors, others: Vectors) -> Vectors:
    squares = (some * some).sum(axis=1)[:, None] + (others * others).sum(axis=1)[None, :] - 2 * some @ others.T
    found: Vectors = np.exp(-WIDTH * np.maximum(squares, 0))
    return found
