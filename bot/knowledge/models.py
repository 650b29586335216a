"""The encoder by setting: found (packaged, a folder, or by hub name), checked, and loaded on what computes it fastest."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

from bot.errors import ModelUnavailable
from bot.knowledge import adopted, model_folder, packaged
from bot.knowledge.embedder import Embedder
from bot.knowledge.openvino_embedder import GRAPH, OpenVinoEmbedder
from bot.settings import PACKAGED_MODEL

Say = Callable[[str], None]
GRAPHS = ".graphs"
_LOADED: WeakValueDictionary[tuple[str, str, str], OpenVinoEmbedder] = WeakValueDictionary()
_LOADING = Lock()
LAYOUT = 5  # raise when what a converted model's folder holds changes


@dataclass(frozen=True, slots=True)
class Place:
    """An encoder on the disk: its name, its folder, and the hash of the encoder by setting that it is or was adapted from."""

    name: str
    folder: Path
    base: str


def fingerprint(place: Place) -> str:
    """The hash of an encoder's files. Raises ModelUnavailable if they are not those that were built here."""
    return model_folder.checked(place.folder)


def present(model: str, models: Path) -> Place | None:
    """The encoder in use, of what is on the disk: None where the packaged model is not built yet; nothing is built or fetched."""
    if model == PACKAGED_MODEL and not model_folder.is_sealed(packaged.place(models)):
        return None
    return in_use(by_setting(model, models, lambda _: None, fetch=False), models)


def by_setting(model: str, models: Path, say: Say, fetch: bool = True) -> Place:
    """The encoder by setting, whatever is adopted over it: `packaged`, a folder, or a hub name. Raises ModelUnavailable."""
    name, folder = _folder(model, models, say, fetch)
    return Place(name, folder, model_folder.told(folder))


def in_use(base: Place, models: Path) -> Place:
    """The encoder that was adopted over this one, else itself. Raises ModelUnavailable if its folder is gone."""
    adoption = adopted.current(models, base.base)
    if adoption is None:
        return base
    folder = adopted.place(models, adoption.fingerprint)
    if not model_folder.is_sealed(folder):
        raise ModelUnavailable(f"the adapted encoder {folder} is gone; restore it from a backup, or run `bot adapt --undo`")
    return Place(adoption.name, folder, base.base)


def made_by(fingerprint: str, base: Place, models: Path) -> Place | None:
    """The encoder with this hash: the base itself or one adapted from it; None where there is none."""
    if base.base == fingerprint:
        return base
    folder = adopted.kept(models, base.base).get(fingerprint)
    return Place(model_folder.seal_of(folder)["model"], folder, base.base) if folder else None


def load(model: str, backend: str, models: Path, say: Say) -> Embedder:
    """The encoder in use: `packaged`, a folder, or a hub name, or what was adopted over it. Files this makes go below `models`.

    `say` is told of steps that take seconds. Raises ModelUnavailable with what to do.
    """
    return load_from(in_use(by_setting(model, models, say), models), backend, models, say)


def load_from(place: Place, backend: str, models: Path, say: Say) -> Embedder:
    """As `load`, of an encoder that was found."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    name, folder, fingerprint = place.name, place.folder, model_folder.checked(place.folder)
    if backend != "torch":
        try:
            return _on_openvino(folder, name, fingerprint, models, say)
        except (ImportError, RuntimeError, ValueError, OSError) as error:
            if backend == "openvino":
                raise ModelUnavailable(f"BOT_BACKEND=openvino cannot run this model: {error}. Use BOT_BACKEND=torch") from error
            say(f"OpenVINO cannot run this model, torch does ({type(error).__name__})")
    return _on_torch(folder, name, fingerprint)


def graphs(models: Path, fingerprint: str) -> Path:
    """Where the converted forms of an encoder are kept."""
    return models / GRAPHS / fingerprint[:16]


def _on_torch(folder: Path, name: str, fingerprint: str) -> Embedder:
    made: Embedder = _with_torch("torch_embedder").load(folder, name, fingerprint)
    return made


def _with_torch(room: str) -> Any:
    """A module that loads torch, which takes seconds and half a gigabyte, and which answering does without."""
    return import_module(f"bot.knowledge.{room}")


def _on_openvino(folder: Path, name: str, fingerprint: str, models: Path, say: Say) -> OpenVinoEmbedder:
    if find_spec("openvino") is None:
        raise ImportError("the package openvino is not installed")
    graph = graphs(models, fingerprint) / f"openvino-{version('openvino')}-{LAYOUT}"
    if not (graph / GRAPH).is_file():
        say("Preparing the model for OpenVINO (once)")
        _with_torch("openvino_graph").convert(_on_torch(folder, name, fingerprint), graph)
        for older in set(graph.parent.iterdir()) - {graph}:
            shutil.rmtree(older, ignore_errors=True)
    return _shared(graph, name, fingerprint)


def _shared(graph: Path, name: str, fingerprint: str) -> OpenVinoEmbedder:
    """The encoder that somebody in this process uses already, else a new one: each takes half a gigabyte, and none changes."""
    key = (str(graph.resolve()), name, fingerprint)
    with _LOADING:
        found = _LOADED.get(key)
        if found is None:
            found = _LOADED[key] = OpenVinoEmbedder(graph, name, fingerprint)
    return found


def _folder(model: str, models: Path, say: Say, fetch: bool) -> tuple[str, Path]:
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
