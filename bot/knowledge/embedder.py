"""The Embedder port: what turns texts into vectors, whichever library computes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an encoder makes of one question: its `vector`, unit length, and its `traits`.

    Traits are what the encoder's inner layers hold, pooled over the words: how something is said and what is wanted by it,
    which the vector, trained to tell what texts are about, leaves out.
    """

    vector: Vectors
    traits: Vectors


class Embedder(Protocol):
    """Text to vectors. All vectors are unit length, float32, shape (texts, dimension). Safe for many threads.

    `fingerprint` is the hash of the model's files, `max_tokens` what it reads of a text, `parallel` how many calls at the
    same time it computes at the same time.
    """

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int
    parallel: int

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""

    def readings(self, texts: Sequence[str]) -> list[Reading]:
        """Vectors and traits of questions."""

    def passages(self, texts: Sequence[str], done: Progress | None = None) -> Vectors:
        """Vectors of passages or sentences; `done(n)` is told of every `n` more that are ready."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without prompt and special tokens."""
