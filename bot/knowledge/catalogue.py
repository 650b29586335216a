"""What the live snapshot holds, looked up in its files: nothing is loaded, so that a single look-up is cheap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bot.errors import NotFound, SnapshotDamaged
from bot.knowledge import records
from bot.knowledge.manifests import ATTACHED, DOCUMENTS, HINT, PASSAGES, Manifests
from bot.vocabulary import Document


class Catalogue(Manifests):
    """The live snapshot's documents, passages and attached files. All raise NoSnapshot, SnapshotMismatch or SnapshotDamaged."""

    def document(self, identity: str) -> Document | None:
        """The document of that id."""
        return next((found for found in self._documents("id", identity) if found.id == identity), None)

    def newer(self, identity: str) -> Document | None:
        """The document that supersedes the one of that id, or that one's own successor, and so on to the last."""
        last, seen = None, {identity}
        while True:
            found = next((one for one in self._documents("supersedes", identity) if one.supersedes == identity), None)
            if found is None or found.id in seen:
                return last
            last, identity = found, found.id
            seen.add(identity)

    def document_of(self, passage_id: str) -> str | None:
        """The id of the document that the passage of that id belongs to."""
        beginning = f"[{json.dumps(passage_id)}, "
        line = next((line for line in self._lines(PASSAGES) if line.startswith(beginning)), None)
        return str(json.loads(line)[1]) if line else None

    def attached(self, name: str) -> bytes:
        """A file that travelled along, such as `contacts.toml`. Raises NotFound."""
        path = self._live() / ATTACHED / name
        if not path.is_file():
            raise NotFound(f"snapshot {self.live_id()} has no {name}; {HINT}")
        return path.read_bytes()

    def _documents(self, field: str, value: str) -> Iterator[Document]:
        """Documents whose line holds the field's value: lines are long and many, and only these are parsed."""
        wanted = f'"{field}": {json.dumps(value)}'
        return (records.document(line) for line in self._lines(DOCUMENTS) if wanted in line)

    def _lines(self, name: str) -> Iterator[str]:
        try:
            yield from records.read(self._live() / name)
        except (OSError, ValueError):
            raise SnapshotDamaged(f"{name} of snapshot {self.live_id()} cannot be read; {HINT}") from None

    def _live(self) -> Path:
        return self.folder / self.manifest().id
