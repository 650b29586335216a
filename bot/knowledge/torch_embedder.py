"""The only door to sentence-transformers: a model as it is, on torch; and the whole of it as one module, to be converted."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from bot.errors import ModelUnavailable
from bot.knowledge.embedder import Progress, Reading
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
        self.whole = Whole(model).eval()

    def questions(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self.query_prompt, None)

    def readings(self, texts: Sequence[str]) -> list[Reading]:
        vectors, readings = self.questions(texts), []
        for vector, text in zip(vectors, texts, strict=True):
            tokens = self.model.tokenizer(self.query_prompt + text, truncation=True, max_length=self.longest, return_tensors="pt")
            with self._lock, torch.inference_mode():
                _, traits = self.whole(tokens["input_ids"], tokens["attention_mask"])
            readings.append(Reading(vector, traits[0].numpy()))
        return readings

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


class Whole(torch.nn.Module):
    """All modules of a model in a row, as its library runs them: token ids and mask to unit vectors and traits.

    Traits: the mean over the words of each layer from a third of the way up to the last but one. Lower layers hold little more
    than the words, the last what the text is about.
    """

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.encoder, self.others = model[0].auto_model, torch.nn.ModuleList(list(model)[1:])

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True).hidden_states[1:]
        features = {"token_embeddings": states[-1], "attention_mask": attention_mask}
        for module in self.others:
            features = module(features)
        mask = attention_mask.unsqueeze(-1).to(states[-1].dtype)
        share = (mask / mask.sum(dim=1, keepdim=True)).transpose(1, 2)  # a product takes the mean without a copy of the layer
        inner = states[len(states) // 3 : -1] or states
        traits = [torch.bmm(share, layer).squeeze(1) for layer in inner]
        return torch.nn.functional.normalize(features["sentence_embedding"], p=2.0, dim=1), torch.cat(traits, dim=1)


def load(folder: Path, name: str, fingerprint: str) -> TorchEmbedder:
    """The model in a folder, from safetensors only and without any code of its own. Raises ModelUnavailable."""
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
