"""The encoder by setting: found (packaged, a folder, or by hub name), checked, and loaded on what computes it fastest."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.errors import ModelUnavailable
from bot.knowledge import model_folder, packaged
from bot.knowledge.embedder import Embedder
from bot.knowledge.openvino_embedder import GRAPH, OpenVinoEmbedder
from bot.settings import PACKAGED_MODEL

Say = Callable[[str], None]
GRAPHS = ".graphs"
LAYOUT = 5  # raise when what a converted model's folder holds changes


def identify(model: str, models: Path, say: Say) -> tuple[str, str]:
    """The name and hash of the encoder by setting, without loading it. Builds the packaged model if it is not there yet."""
    name, folder = _folder(model, models, say)
    return name, model_folder.checked(folder)


def present(model: str, models: Path) -> tuple[str, str] | None:
    """As `identify`, of what is on the disk: None where the packaged model is not built yet; nothing is built or fetched."""
    if model != PACKAGED_MODEL:
        name, folder = _folder(model, models, lambda _: None, fetch=False)
        return name, model_folder.checked(folder)
    place = packaged.place(models)
    return (packaged.NAME, model_folder.checked(place)) if model_folder.is_sealed(place) else None


def load(model: str, backend: str, models: Path, say: Say) -> Embedder:
    """The encoder by setting: `packaged`, a folder, or a hub name. Files this makes go below the folder `models`.

    `say` is told of steps that take seconds. Raises ModelUnavailable with what to do.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    name, folder = _folder(model, models, say)
    fingerprint = model_folder.checked(folder)
    if backend != "torch":
        try:
            return _on_openvino(folder, name, fingerprint, models, say)
        except (ImportError, RuntimeError, ValueError, OSError) as error:
            if backend == "openvino":
                raise ModelUnavailable(f"BOT_BACKEND=openvino cannot run this model: {error}. Use BOT_BACKEND=torch") from error
            say(f"OpenVINO cannot run this model, torch does ({type(error).__name__})")
    return _on_torch(folder, name, fingerprint)


def _on_torch(folder: Path, name: str, fingerprint: str) -> Embedder:
    made: Embedder = _with_torch("torch_embedder").load(folder, name, fingerprint)
    return made


def _with_torch(room: str) -> Any:
    """A module that loads torch, which takes seconds and half a gigabyte, and which answering does without."""
    return import_module(f"bot.knowledge.{room}")


def _on_openvino(folder: Path, name: str, fingerprint: str, models: Path, say: Say) -> OpenVinoEmbedder:
    if find_spec("openvino") is None:
        raise ImportError("the package openvino is not installed")
    graph = models / GRAPHS / fingerprint[:16] / f"openvino-{version('openvino')}-{LAYOUT}"
    if not (graph / GRAPH).is_file():
        say("Preparing the model for OpenVINO (once)")
        _with_torch("openvino_graph").convert(_on_torch(folder, name, fingerprint), graph)
        for older in set(graph.parent.iterdir()) - {graph}:
            shutil.rmtree(older, ignore_errors=True)
    return OpenVinoEmbedder(graph, name, fingerprint)


def _folder(model: str, models: Path, say: Say, fetch: bool = True) -> tuple[str, Path]:
    if model == PACKAGED_MODEL:
        if not model_folder.is_sealed(packaged.place(models)):
            say(f"Building the packaged model {packaged.NAME} (once)")
        return packaged.NAME, packaged.ensure(models)
    path = Path(model)
    if path.is_dir():
        if not (path / "modules.json").is_file():
            raise ModelUnavailable(f"BOT_MODEL: {model} is not a sentence-transformers folder (it has no modules.json)")
        return path.name, path
    return model, _from_hub(model, fetch)


def _from_hub(name: str, fetch: bool) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled

    try:
        return Path(snapshot_download(name, allow_patterns=list(model_folder.MODEL_FILES), local_files_only=not fetch))
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
