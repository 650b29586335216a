"""The Embedder port and its real form: a sentence-transformers model, loaded once a process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from bot.errors import ModelUnavailable
from bot.knowledge import model_folder, packaged
from bot.settings import PACKAGED_MODEL

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int], None]
Say = Callable[[str], None]
BATCH = 16
MOST_AT_ONCE = 64
QUERY_PROMPTS = ("query",)
PASSAGE_PROMPTS = ("passage", "document")


class Embedder(Protocol):
    """Text to vectors. All vectors are unit length, float32, shape (texts, dimension)."""

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""

    def passages(self, texts: Sequence[str], done: Progress | None = None) -> Vectors:
        """Vectors of passages or sentences; `done(n)` is told of every `n` more that are ready."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without prompt and special tokens."""


class SentenceTransformerEmbedder:
    """A sentence-transformers model with its own prompts. One text batch is computed at a time."""

    def __init__(self, model: Any, name: str, fingerprint: str, backend: str) -> None:
        self._model = model
        self._lock = threading.Lock()
        self.name, self.fingerprint, self.backend = name, fingerprint, backend
        self.dimension = int(model.get_embedding_dimension())
        self._query = _prompt(model, QUERY_PROMPTS)
        self._passage = _prompt(model, PASSAGE_PROMPTS)
        self.max_tokens = int(model.max_seq_length or 512) - max(self.count_tokens([self._query, self._passage])) - 2

    def questions(self, texts: Sequence[str]) -> Vectors:
        return self._encode(list(texts), self._query)

    def passages(self, texts: Sequence[str], done: Progress | None = None) -> Vectors:
        sizes = self.count_tokens(texts)
        order = sorted(range(len(texts)), key=lambda i: -sizes[i])
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            some = order[start : start + BATCH]
            vectors[some] = self._encode([texts[i] for i in some], self._passage)
            if done:
                done(len(some))
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        encoded = self._model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def _encode(self, texts: list[str], prompt: str) -> Vectors:
        with self._lock:
            encoded = self._model.encode(
                texts,
                prompt=prompt,
                batch_size=MOST_AT_ONCE,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        vectors: Vectors = np.ascontiguousarray(encoded, dtype=np.float32)
        return vectors


def identify(model: str, models: Path, say: Say) -> tuple[str, str]:
    """The name and hash of the encoder by setting, without loading it. Builds the packaged model if it is not there yet."""
    name, folder = _folder(model, models, say)
    return name, model_folder.checked(folder)


def load(model: str, backend: str, models: Path, say: Say) -> SentenceTransformerEmbedder:
    """The encoder by setting: `packaged`, a folder, or a hub name. Files this makes go below the folder `models`.

    `say` is told of steps that take seconds. Raises ModelUnavailable with what to do.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    name, folder = _folder(model, models, say)
    fingerprint = model_folder.checked(folder)
    if backend != "torch":
        loaded = _on_openvino(folder, models / f".graphs/{fingerprint[:16]}", required=backend == "openvino", say=say)
        if loaded is not None:
            return SentenceTransformerEmbedder(loaded, name, fingerprint, "openvino")
    return SentenceTransformerEmbedder(_load(folder), name, fingerprint, "torch")


def _folder(model: str, models: Path, say: Say) -> tuple[str, Path]:
    if model == PACKAGED_MODEL:
        if not model_folder.is_sealed(packaged.place(models)):
            say(f"Building the packaged model {packaged.NAME} (once)")
        return packaged.NAME, packaged.ensure(models)
    path = Path(model)
    if path.is_dir():
        if not (path / "modules.json").is_file():
            raise ModelUnavailable(f"BOT_MODEL: {model} is not a sentence-transformers folder (it has no modules.json)")
        return path.name, path
    return model, _from_hub(model)


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled

    try:
        return Path(snapshot_download(name, allow_patterns=list(model_folder.MODEL_FILES)))
    except (
        HFValidationError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        OSError,
        ValueError,
    ) as error:
        raise ModelUnavailable(
            f"BOT_MODEL: {name!r} is neither a folder here nor to be had from the model hub ({type(error).__name__}). "
            f"Give the folder of a sentence-transformers model, or unset BOT_MODEL for the packaged one"
        ) from None


def _load(folder: Path, modules: dict[str, type[Any]] | None = None) -> Any:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    options: dict[str, Any] = {
        "device": "cpu",
        "local_files_only": True,
        "trust_remote_code": False,
        "model_kwargs": {"dtype": torch.float32, "use_safetensors": True},
    }
    try:
        # the only way of this version to put a module class of ours in place without trusting the folder's code
        return SentenceTransformer._load_with_module_classes(str(folder), modules or {}, **options)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelUnavailable(f"BOT_MODEL: {folder} cannot be loaded as a sentence-transformers model: {error}") from error


def _on_openvino(folder: Path, cache: Path, required: bool, say: Say) -> Any:
    try:
        from bot.knowledge import openvino_backend

        if not openvino_backend.available():
            raise ImportError("the package openvino is not installed")
        if not cache.is_dir():
            say("Preparing the model for OpenVINO (once)")
        return openvino_backend.load(folder, cache, _load)
    except (ImportError, RuntimeError, ValueError) as error:
        if required:
            raise ModelUnavailable(f"BOT_BACKEND=openvino cannot run this model: {error}. Use BOT_BACKEND=torch") from error
        say(f"OpenVINO cannot run this model, torch does ({type(error).__name__})")
        return None


def _prompt(model: Any, names: Sequence[str]) -> str:
    prompts: dict[str, str] = model.prompts or {}
    return next((prompts[name] for name in names if prompts.get(name)), "")
