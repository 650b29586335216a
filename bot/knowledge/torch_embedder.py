"""The only door to sentence-transformers: a model as it is, on torch. It also tells whether a faster form agrees with it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.errors import ModelUnavailable
from bot.knowledge.embedder import Progress
from bot.knowledge.packs import packs

Vectors = npt.NDArray[np.float32]
QUERY_PROMPTS = ("query",)
PASSAGE_PROMPTS = ("passage", "document")


class TorchEmbedder:
    """A sentence-transformers model with its own prompts. One pack of texts is computed at a time."""

    parallel = 1

    def __init__(self, model: Any, name: str, fingerprint: str) -> None:
        self.model, self.name, self.fingerprint = model, name, fingerprint
        self.dimension = int(model.get_embedding_dimension())
        self.query_prompt, self.passage_prompt = _prompt(model, QUERY_PROMPTS), _prompt(model, PASSAGE_PROMPTS)
        self.longest = int(model.max_seq_length or 512)
        self.max_tokens = self.longest - max(self.count_tokens([self.query_prompt, self.passage_prompt])) - 2
        self._lock = threading.Lock()

    def questions(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self.query_prompt, None)

    def passages(self, texts: Sequence[str], done: Progress | None = None) -> Vectors:
        return self._encode(texts, self.passage_prompt, done)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        encoded = self.model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def _encode(self, texts: Sequence[str], prompt: str, done: Progress | None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for pack in packs(self.count_tokens(texts)):
            rows = list(pack.rows)
            with self._lock:
                vectors[rows] = self.model.encode(
                    [texts[i] for i in rows],
                    prompt=prompt,
                    batch_size=len(rows),
                    normalize_embeddings=True,
                    convert_to_numpy=True,
                    show_progress_bar=False,
                )
            if done:
                done(len(rows))
        return vectors


def load(folder: Path, name: str, fingerprint: str) -> TorchEmbedder:
    """The model in a folder, from safetensors only and without any code of its own. Raises ModelUnavailable."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"dtype": torch.float32, "use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelUnavailable(f"BOT_MODEL: {folder} cannot be loaded as a sentence-transformers model: {error}") from error
    return TorchEmbedder(model, name, fingerprint)


def _prompt(model: Any, names: Sequence[str]) -> str:
    prompts: dict[str, str] = model.prompts or {}
    return next((prompts[name] for name in names if prompts.get(name)), "")
