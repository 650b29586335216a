"""Which snapshots there are, which is live, and what made each: told without loading an index."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import NoSnapshot, SnapshotDamaged, SnapshotMismatch

FORMAT = 9  # raise when files, or what is fitted into them, change
LIVE = "live"
MANIFEST = "manifest.json"
DOCUMENTS, PASSAGES, ATTACHED = "documents.jsonl", "passages.jsonl", "attached"
HINT = "run `bot ingest`"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot is. `corpus_hash` covers documents, passage size and attachments."""

    id: str
    created_at: str
    model: str
    model_fingerprint: str
    dimension: int
    passage_tokens: int
    documents: int
    passages: int
    corpus_hash: str
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT


class Manifests:
    """The folder that snapshots stand in, read only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def live_id(self) -> str | None:
        """The id of the snapshot that answers, if there is one."""
        try:
            return (self.folder / LIVE).read_text(encoding="ascii").strip() or None
        except FileNotFoundError:
            return None

    def ids(self) -> list[str]:
        """All whole snapshots, oldest first."""
        return sorted(path.parent.name for path in self.folder.glob(f"[0-9]*/{MANIFEST}"))

    def manifest(self, identity: str | None = None) -> Manifest:
        """The manifest of a snapshot, the live one if none is named. Raises NoSnapshot or SnapshotDamaged."""
        identity = identity or self.live_id()
        if identity is None:
            raise NoSnapshot(f"nothing was ingested yet; {HINT}")
        path = self.folder / identity / MANIFEST
        if not path.is_file():
            raise NoSnapshot(f"snapshot {identity} is not kept any more; {HINT} for a new one")
        try:
            manifest = Manifest(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError):
            raise SnapshotDamaged(f"the manifest of snapshot {identity} cannot be read; {HINT}") from None
        if manifest.format != FORMAT:
            raise SnapshotMismatch(f"snapshot {identity} has format {manifest.format}, this version reads {FORMAT}; {HINT}")
        return manifest
