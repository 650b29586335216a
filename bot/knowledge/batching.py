"""Questions that arrive together are encoded together: a worker that comes free takes along its share of all that wait.

A question that was asked a while ago, as the examples on the page are again and again, is not encoded anew.
"""

from __future__ import annotations

import queue
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future

import numpy as np
import numpy.typing as npt

from bot.knowledge.embedder import Embedder, Progress, Reading

Vectors = npt.NDArray[np.float32]
MOST = 16
REMEMBERED = 512  # readings, 24 kB each
Waiting = tuple[str, "Future[Reading]"]


class BatchingEmbedder:
    """An Embedder that gathers single questions of many threads into batches. A lone one waits for nobody; `close` it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.dimension, self.max_tokens, self.parallel = embedder.dimension, embedder.max_tokens, embedder.parallel
        self._remembered: OrderedDict[str, Reading] = OrderedDict()
        self._memory = threading.Lock()
        self._gate, self._closed = threading.Lock(), False
        self._workers = [threading.Thread(target=self._work, name="encoding", daemon=True) for _ in range(self.parallel)]
        for worker in self._workers:
            worker.start()

    def close(self) -> None:
        """Ends the workers once they have encoded what waits. What is asked after it is encoded where it is asked."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            for _ in self._workers:
                self._queue.put(None)
        for worker in self._workers:
            worker.join()

    def reading(self, text: str) -> Reading:
        """The reading of one question. Raises what encoding raised."""
        with self._memory:
            if text in self._remembered:
                self._remembered.move_to_end(text)
                return self._remembered[text]
        read = self._queued(text)
        with self._memory:
            self._remembered[text] = read
            if len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return read

    def _queued(self, text: str) -> Reading:
        outcome: Future[Reading] = Future()
        with self._gate:
            taken = not self._closed
            if taken:
                self._queue.put((text, outcome))
        return outcome.result() if taken else self._embedder.readings([text])[0]

    def questions(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.questions(texts)

    def readings(self, texts: Sequence[str]) -> list[Reading]:
        return self._embedder.readings(texts)

    def passages(self, texts: Sequence[str], done: Progress | None = None) -> Vectors:
        return self._embedder.passages(texts, done)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._embedder.count_tokens(texts)

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            self._encode([first, *self._share()])

    def _share(self) -> list[Waiting]:
        """What this worker takes along: an equal part of what waits, so that all workers have something to do."""
        taken: list[Waiting] = []
        for _ in range(min(MOST - 1, self._queue.qsize() // self.parallel)):
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:  # meant for a worker that waits: hand it on
                self._queue.put(None)
                break
            taken.append(more)
        return taken

    def _encode(self, batch: Sequence[Waiting]) -> None:
        try:
            found = self._embedder.readings([text for text, _ in batch])
        except Exception as error:  # every caller that waits must learn of it, whatever it is
            for _, outcome in batch:
                outcome.set_exception(error)
            return
        for (_, outcome), read in zip(batch, found, strict=True):
            outcome.set_result(read)
