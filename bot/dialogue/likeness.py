"""How like a text is to the texts that were learned from: a Gaussian of the distance between their traits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
AXES = 1024  # directions kept of the traits: those in which the learned texts differ most
PARTS = ("origin", "axes", "learned", "lengths")
WIDTH = 0.5  # the likeness of two texts is exp(-WIDTH * distance squared)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Compares texts with the learned ones: `learned` holds the coordinates of each, which `origin` and `axes` make of traits.

    `lengths` are the squared lengths of the rows of `learned`.
    """

    origin: Vectors
    axes: Vectors
    learned: Vectors
    lengths: Vectors

    def __call__(self, traits: Vectors) -> Vectors:
        """The likeness to each learned text, 0 to 1; of shape (texts, learned) for traits of several texts."""
        rows = _coordinates(np.atleast_2d(traits), self.origin, self.axes)
        return self._likeness(rows).reshape(*traits.shape[:-1], -1)

    def among_learned(self) -> Vectors:
        """The likeness of every learned text to every other."""
        return self._likeness(self.learned)

    def to_arrays(self) -> dict[str, Vectors]:
        """The arrays it is made of, by name."""
        return {name: getattr(self, name) for name in PARTS}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Likeness:
        """The likeness of `to_arrays`' arrays."""
        return cls(*(cast("Vectors", arrays[name]) for name in PARTS))

    @classmethod
    def to(cls, traits: Vectors) -> Likeness:
        """The likeness to texts of these traits; every trait weighs the same, however far its numbers spread."""
        origin: Vectors = traits.mean(axis=0)
        scale = ((traits.std(axis=0) + 1e-6) * np.sqrt(traits.shape[1])).astype(np.float32)
        standard = (traits - origin) / scale
        _, directions = np.linalg.eigh(standard.T @ standard)
        axes: Vectors = np.ascontiguousarray(directions[:, ::-1][:, :AXES].T / scale)
        learned = _coordinates(traits, origin, axes)
        return cls(origin, axes, learned, _lengths(learned))

    def _likeness(self, some: Vectors) -> Vectors:
        squares = _lengths(some)[:, None] + self.lengths - 2 * (some @ self.learned.T)
        found: Vectors = np.exp(-WIDTH * np.maximum(squares, 0))
        return found


def _coordinates(traits: Vectors, origin: Vectors, axes: Vectors) -> Vectors:
    found: Vectors = np.matmul(traits - origin, axes.T, dtype=np.float32)
    return found


def _lengths(rows: Vectors) -> Vectors:
    found: Vectors = np.einsum("ij,ij->i", rows, rows)
    return found
