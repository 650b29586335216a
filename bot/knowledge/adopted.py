"""Encoders adapted to a corpus, and which of them is adopted over which base.

<models>/adapted-<hash>/    an ordinary sealed sentence-transformers folder; its seal says over which base
<models>/adopted.json       for each base, by its hash: what was adopted, the last in use
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.errors import ModelUnavailable
from bot.knowledge import model_folder
from bot.vocabulary import Json

POINTER = "adopted.json"
ADAPTED = "adapted-"
BASE = "base"
Table = dict[str, tuple["Adoption", ...]]


@dataclass(frozen=True, slots=True)
class Adoption:
    """An encoder adapted to a corpus: `fingerprint` its own hash, `base` that of the encoder it was trained from.

    `paths` are the documents it was adapted to (none: the corpus of the settings), `figures` what its check measured.
    """

    base: str
    fingerprint: str
    name: str
    adopted_at: str
    paths: tuple[str, ...] = ()
    figures: Mapping[str, object] = field(default_factory=dict)


def place(models: Path, fingerprint: str) -> Path:
    """Where the adapted encoder with this hash stands below `models`."""
    return models / f"{ADAPTED}{fingerprint[:16]}"


def current(models: Path, base: str) -> Adoption | None:
    """What is adopted over the encoder with this hash. Raises ModelUnavailable where the pointer cannot be read."""
    return next(reversed(_read(models).get(base, ())), None)


def kept(models: Path, base: str) -> dict[str, Path]:
    """The folders of all whole encoders adapted from this base, by their hash."""
    seals = {folder: model_folder.seal_of(folder) for folder in sorted(models.glob(f"{ADAPTED}*"))}
    return {seal["fingerprint"]: folder for folder, seal in seals.items() if seal.get(BASE) == base}


def keep(models: Path, made: Path, base: str, name: str) -> str:
    """Copies a finished model folder to its place below `models`, sealed; returns its hash."""
    fingerprint = model_folder.fingerprint(made)
    target = place(models, fingerprint)
    if not model_folder.is_sealed(target):
        building = models / f".{target.name}.{os.getpid()}"
        shutil.rmtree(building, ignore_errors=True)
        shutil.copytree(made, building)
        model_folder.seal(building, {"model": name, BASE: base})
        shutil.rmtree(target, ignore_errors=True)
        os.replace(building, target)
    return fingerprint


def adopt(models: Path, adoption: Adoption) -> None:
    """Makes an encoder the one in use over its base."""
    table = _read(models)
    before = tuple(one for one in table.get(adoption.base, ()) if one.fingerprint != adoption.fingerprint)
    _write(models, table | {adoption.base: (*before, adoption)})


def undo(models: Path, base: str) -> Adoption | None:
    """Takes back the last adoption over a base, and returns it; None where there is none. Its folder stays."""
    table = _read(models)
    *before, last = table.get(base, ()) or (None,)
    if last is not None:
        _write(models, table | {base: tuple(one for one in before if one)})
    return last


def prune(models: Path, used: Collection[str]) -> list[str]:
    """Removes adapted encoders that no adoption names and no snapshot of these hashes was made by; returns their hashes."""
    named = {one.fingerprint for adoptions in _read(models).values() for one in adoptions} | set(used)
    seals = {folder: model_folder.seal_of(folder) for folder in models.glob(f"{ADAPTED}*")}
    gone = {folder: seal.get("fingerprint", "") for folder, seal in seals.items() if seal.get("fingerprint") not in named}
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return [fingerprint for fingerprint in gone.values() if fingerprint]


def _read(models: Path) -> Table:
    path = models / POINTER
    try:
        rows: Json = json.loads(path.read_text(encoding="utf-8"))
        return {base: tuple(_adoptions(adoptions)) for base, adoptions in rows.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError):
        raise ModelUnavailable(f"{path} cannot be read; delete it to go back to the encoder of the settings") from None


def _adoptions(rows: list[Json]) -> Iterator[Adoption]:
    for row in rows:
        yield Adoption(**row | {"paths": tuple(row.get("paths", ()))})


def _write(models: Path, table: Table) -> None:
    rows = {base: [asdict(one) for one in adoptions] for base, adoptions in table.items() if adoptions}
    fresh = models / f".{POINTER}.{os.getpid()}"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, models / POINTER)
