"""Questions that arrive together are encoded together: whoever finds the encoder free takes along all that wait."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bot.knowledge.embedder import Embedder, Progress

Vectors = npt.NDArray[np.float32]
MOST = 32


@dataclass(slots=True)
class Waiting:
    """A question in the queue; `done` once it has a vector or an error."""

    text: str
    vector: Vectors | None = None
    error: Exception | None = None
    done: threading.Event = field(default_factory=threading.Event)


class BatchingEmbedder:
    """An Embedder that gathers single questions of many threads into batches. A lone one waits for nobody."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._queue: list[Waiting] = []
        self._queue_lock, self._turn = threading.Lock(), threading.Lock()
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.dimension, self.max_tokens = embedder.dimension, embedder.max_tokens

    def question(self, text: str) -> Vectors:
        """The vector of one question, shape (dimension,)."""
        mine = Waiting(text)
        with self._queue_lock:
            self._queue.append(mine)
        with self._turn:
            if not mine.done.is_set():
                self._encode_waiting()
        if mine.error is not None:
            raise mine.error
        if mine.vector is None:
            raise RuntimeError("a question left the queue without a vector")
        return mine.vector

    def questions(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.questions(texts)

    def passages(self, texts: Sequence[str], done: Progress | None = None) -> Vectors:
        return self._embedder.passages(texts, done)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._embedder.count_tokens(texts)

    def _encode_waiting(self) -> None:
        """Encodes what waits, the oldest first; called by the thread whose turn it is, its own question among them."""
        while True:
            with self._queue_lock:
                batch, self._queue = self._queue[:MOST], self._queue[MOST:]
            if not batch:
                return
            try:
                vectors = self._embedder.questions([waiting.text for waiting in batch])
                for waiting, vector in zip(batch, vectors, strict=True):
                    waiting.vector = vector
            except Exception as error:  # every thread that waits must learn of it, whatever it is
                for waiting in batch:
                    waiting.error = error
            for waiting in batch:
                waiting.done.set()
