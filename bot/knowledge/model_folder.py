"""A sentence-transformers folder on disk: which files count, their hash, and the seal of a folder that was built here."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from bot.errors import ModelUnavailable

MODEL_FILES = ("*.json", "*.txt", "*.model", "*.safetensors")
SEAL = "built.seal"


def fingerprint(folder: Path) -> str:
    """SHA-256 over the names and contents of all files that a model is made of."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in MODEL_FILES for path in folder.rglob(pattern)}):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def seal(folder: Path, about: dict[str, str]) -> None:
    """Marks a folder as completely built and keeps the hash it was built with."""
    (folder / SEAL).write_text(json.dumps(about | {"fingerprint": fingerprint(folder)}), encoding="utf-8")


def is_sealed(folder: Path) -> bool:
    """Whether the folder was completely built here."""
    return (folder / SEAL).is_file()


def seal_of(folder: Path) -> dict[str, str]:
    """What the seal of a folder that was built here says, its `fingerprint` among it; empty where there is no whole seal."""
    try:
        told: dict[str, str] = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return told
    except (OSError, ValueError):
        return {}


def told(folder: Path) -> str:
    """The folder's fingerprint by its seal, where it has one: not verified, and at once."""
    return seal_of(folder).get("fingerprint") or fingerprint(folder)


def checked(folder: Path) -> str:
    """The folder's fingerprint. Raises ModelUnavailable if it was built here and is not what was built."""
    found = fingerprint(folder)
    if is_sealed(folder) and json.loads((folder / SEAL).read_text(encoding="utf-8"))["fingerprint"] != found:
        raise ModelUnavailable(f"the model files in {folder} are not those that were built; delete that folder and run again")
    return found
