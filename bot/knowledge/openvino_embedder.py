"""A converted model at work: the graph on OpenVINO, the model's own tokenizer, and nothing else loaded.

What `openvino_graph` wrote is read here: `graph.xml` and `.bin` (token ids and mask to unit vectors and traits),
`tokenizer.json` and `about.json`.
"""

from __future__ import annotations

import json
import os
import queue
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.knowledge.embedder import Progress, Reading
from bot.knowledge.packs import Pack, packs

Vectors = npt.NDArray[np.float32]
GRAPH, TOKENIZER, ABOUT = "graph.xml", "tokenizer.json", "about.json"
MOST_STREAMS = 4


@dataclass(frozen=True, slots=True)
class About:
    """What the graph alone does not tell: prompts, the longest input in tokens, the padding's token, the vectors' dimension."""

    query_prompt: str
    passage_prompt: str
    longest: int
    padding: int
    dimension: int

    def save(self, folder: Path) -> None:
        """Writes it beside the graph."""
        (folder / ABOUT).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> About:
        """What stands beside a graph."""
        return cls(**json.loads((folder / ABOUT).read_text(encoding="utf-8")))


class OpenVinoEmbedder:
    """Computes on as many streams as there are cores, a thread each: short texts gain nothing from a second thread."""

    def __init__(self, folder: Path, name: str, fingerprint: str, graph: str = GRAPH) -> None:
        """Raises RuntimeError, OSError or ValueError if the folder does not hold a whole graph."""
        import openvino
        from tokenizers import Tokenizer

        self.name, self.fingerprint = name, fingerprint
        self._about = About.load(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self.dimension = self._about.dimension
        prompts = self.count_tokens([self._about.query_prompt, self._about.passage_prompt])
        self.max_tokens = self._about.longest - max(prompts) - self._tokenizer.num_special_tokens_to_add(False)
        cores = os.cpu_count() or 1
        self.parallel = min(cores, MOST_STREAMS)
        options = {
            "NUM_STREAMS": str(self.parallel),
            "INFERENCE_NUM_THREADS": str(cores),
            "ENABLE_CPU_PINNING": "NO",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": "128",
        }
        compiled = openvino.Core().compile_model(str(folder / graph), "CPU", options)
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(self.parallel):
            self._idle.put(compiled.create_infer_request())
        self._threads = ThreadPoolExecutor(self.parallel, "embedding")

    def questions(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(texts, self._about.query_prompt, None)

    def readings(self, texts: Sequence[str]) -> list[Reading]:
        found: dict[int, Reading] = {}
        for pack, vectors, traits in self._computed(texts, self._about.query_prompt):
            found |= {row: Reading(vectors[i], traits[i]) for i, row in enumerate(pack.rows)}
        return [found[i] for i in range(len(texts))]

    def passages(self, texts: Sequence[str], done: Progress | None = None) -> Vectors:
        return self._vectors(texts, self._about.passage_prompt, done)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(encoded.ids) for encoded in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def _vectors(self, texts: Sequence[str], prompt: str, done: Progress | None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for pack, some, _ in self._computed(texts, prompt):
            vectors[list(pack.rows)] = some
            if done:
                done(len(pack.rows))
        return vectors

    def _computed(self, texts: Sequence[str], prompt: str) -> Iterator[tuple[Pack, Vectors, Vectors]]:
        """Each pack of the texts with the vectors and traits of its rows."""
        ids = self._ids([prompt + text for text in texts])

        def compute(pack: Pack) -> tuple[Pack, Vectors, Vectors]:
            return pack, *self._compute([ids[i] for i in pack.rows], pack.length)

        found = packs([len(row) for row in ids])
        return map(compute, found) if len(found) == 1 else self._threads.map(compute, found)

    def _ids(self, texts: list[str]) -> list[list[int]]:
        """Token ids with special tokens; a text that is too long loses its end, as with the model's own library."""
        rows = [encoded.ids for encoded in self._tokenizer.encode_batch_fast(texts)]
        return [row if len(row) <= self._about.longest else self._shortened(text) for row, text in zip(rows, texts, strict=True)]

    def _shortened(self, text: str) -> list[int]:
        plain = self._tokenizer.encode(text, add_special_tokens=False)
        plain.truncate(self._about.longest - self._tokenizer.num_special_tokens_to_add(False))
        ids: list[int] = self._tokenizer.post_process(plain).ids
        return ids

    def _compute(self, rows: Sequence[list[int]], length: int) -> tuple[Vectors, Vectors]:
        length = min(length, self._about.longest)
        ids = np.full((len(rows), length), self._about.padding, dtype=np.int64)
        mask = np.zeros((len(rows), length), dtype=np.int64)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        request = self._idle.get()
        try:
            output = request.infer({"input_ids": ids, "attention_mask": mask})
        finally:
            self._idle.put(request)
        return output[0], output[1]
