"""Results that take long to compute, kept as files by what they were computed from."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

Files = Mapping[str, bytes]
KEPT = 4  # results of a name; the ones that were not asked for longest go


class Kept:
    """A folder of results. It may be deleted at any time; several processes may use it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str, made_of: tuple[str | bytes, ...], make: Callable[[], Files]) -> Files:
        """The files that `make()` gives, from the folder if they were made of the same before."""
        digest = hashlib.sha256()
        for part in made_of:
            data = part.encode() if isinstance(part, str) else part
            digest.update(len(data).to_bytes(8, "big") + data)
        place = self._folder / f"{name}-{digest.hexdigest()[:24]}"
        if place.is_dir():
            os.utime(place)
            return {path.name: path.read_bytes() for path in sorted(place.iterdir())}
        files = make()
        self._write(place, files)
        self._prune(name)
        return files

    def _write(self, place: Path, files: Files) -> None:
        building = place.with_name(f".{place.name}.{os.getpid()}")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        for file, data in files.items():
            (building / file).write_bytes(data)
        try:
            building.rename(place)
        except OSError:  # another process was first
            shutil.rmtree(building, ignore_errors=True)

    def _prune(self, name: str) -> None:
        results = sorted(self._folder.glob(f"{name}-*"), key=lambda path: path.stat().st_mtime)
        for old in results[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
