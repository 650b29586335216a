"""An index folder: everything an answer depends on, written once, verified, and swapped whole.

<data>/snapshots/<id>/manifest.json    what made it, and the hash of every file below
                      documents.jsonl  passages.jsonl
                      dense.faiss      sentences.npy      words/      lens.npz
                      attached/        contacts, labelled examples, wording: as they were at ingest
<data>/snapshots/live                  the id of the one that answers
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.errors import NotFound, SnapshotDamaged, SnapshotMismatch
from bot.knowledge import records
from bot.knowledge.dense import DenseIndex
from bot.knowledge.lens import Lens
from bot.knowledge.manifests import ATTACHED, DOCUMENTS, HINT, LIVE, MANIFEST, PASSAGES, Manifest, Manifests
from bot.knowledge.sparse import SparseIndex
from bot.vocabulary import Document, Passage

LENS = "lens.npz"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A loaded index. `sentences` holds the vectors of all sentences (float16), `first_sentence[i]` where passage i's begin."""

    manifest: Manifest
    folder: Path
    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    dense: DenseIndex
    sparse: SparseIndex
    sentences: npt.NDArray[np.float16]
    first_sentence: npt.NDArray[np.int64]
    lens: Lens

    @property
    def id(self) -> str:
        return self.manifest.id

    def attached(self, name: str) -> bytes:
        """A file that travelled along, such as `contacts.toml`. Raises NotFound."""
        path = self.folder / ATTACHED / name
        if not path.is_file():
            raise NotFound(f"snapshot {self.id} has no {name}; {HINT}")
        return path.read_bytes()

    def has(self, name: str) -> bool:
        """Whether a file of that name travelled along."""
        return (self.folder / ATTACHED / name).is_file()


class Shelf(Manifests):
    """The folder that snapshots stand in, and which of them is live."""

    def load(self, model_fingerprint: str, identity: str | None = None) -> Snapshot:
        """Loads and verifies a snapshot, the live one if none is named.

        Raises NoSnapshot, SnapshotDamaged, or SnapshotMismatch where another model made it.
        """
        manifest = self.manifest(identity)
        if manifest.model_fingerprint != model_fingerprint:
            raise SnapshotMismatch(
                f"snapshot {manifest.id} was made by another model ({manifest.model}); {HINT} to make one by this model"
            )
        return _load(self.folder / manifest.id, manifest)

    def preview(self, building: Path, manifest: Manifest) -> Snapshot:
        """A built folder that is not sealed yet, so that what depends on it can be made and attached."""
        return _read(building, manifest)

    def publish(self, building: Path, manifest: Manifest) -> Snapshot:
        """Seals a built folder, verifies it by loading it, makes it live, and returns it. The old one answers until then."""
        sealed = Manifest(**asdict(manifest) | {"files": dict(_hashes(building))})
        _write_durably(building / MANIFEST, json.dumps(asdict(sealed), indent=1))
        _read(building, sealed)
        target = self.folder / manifest.id
        os.replace(building, target)
        os.sync()  # all of it is on the disk before anything points to it
        self.make_live(manifest.id)
        return _load(target, sealed)

    def make_live(self, identity: str) -> None:
        """Has a snapshot of this shelf answer from now on."""
        _write_durably(self.folder / LIVE, identity + "\n")

    def prune(self, keep: int) -> list[str]:
        """Removes the oldest snapshots until `keep` are left; never the live one. Returns what was removed."""
        live, ids = self.live_id(), self.ids()
        gone = [identity for identity in ids[: max(0, len(ids) - keep)] if identity != live]
        for identity in gone:
            (self.folder / identity / MANIFEST).unlink(missing_ok=True)
            shutil.rmtree(self.folder / identity, ignore_errors=True)
        return gone


def write_parts(
    folder: Path,
    documents: Mapping[str, Document],
    passages: tuple[Passage, ...],
    dense: DenseIndex,
    sparse: SparseIndex,
    sentences: npt.NDArray[np.float16],
    lens: Lens,
    attached: Mapping[str, bytes],
) -> None:
    """Writes all files of a snapshot except its manifest into a new folder."""
    (folder / ATTACHED).mkdir(parents=True)
    records.write(folder / DOCUMENTS, (records.document_line(d) for d in documents.values()))
    records.write(folder / PASSAGES, (records.passage_line(p) for p in passages))
    dense.save(folder / "dense.faiss")
    sparse.save(folder / "words")
    np.save(folder / "sentences.npy", sentences)
    (folder / LENS).write_bytes(lens.to_bytes())
    attach(folder, attached)


def attach(folder: Path, files: Mapping[str, bytes]) -> None:
    """Puts files into a snapshot's folder that is being built."""
    for name, data in files.items():
        path = folder / ATTACHED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _load(folder: Path, manifest: Manifest) -> Snapshot:
    if dict(_hashes(folder)) != dict(manifest.files):
        raise SnapshotDamaged(f"the files of snapshot {manifest.id} are not those that were written; {HINT}")
    return _read(folder, manifest)


def _read(folder: Path, manifest: Manifest) -> Snapshot:
    try:
        documents = {d.id: d for d in map(records.document, records.read(folder / DOCUMENTS))}
        texts = {identity: d.text for identity, d in documents.items()}
        passages = tuple(records.passage(line, texts) for line in records.read(folder / PASSAGES))
        counts = np.array([0, *(len(p.sentences) for p in passages)], dtype=np.int64)
        return Snapshot(
            manifest=manifest,
            folder=folder,
            documents=documents,
            passages=passages,
            dense=DenseIndex.load(folder / "dense.faiss"),
            sparse=SparseIndex.load(folder / "words"),
            sentences=np.load(folder / "sentences.npy", mmap_mode="r"),
            first_sentence=np.cumsum(counts),
            lens=Lens.from_bytes((folder / LENS).read_bytes()),
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise SnapshotDamaged(f"snapshot {manifest.id} cannot be loaded ({type(error).__name__}); {HINT}") from error


def _hashes(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != MANIFEST:
            with path.open("rb") as file:
                yield path.relative_to(folder).as_posix(), hashlib.file_digest(file, "sha256").hexdigest()


def _write_durably(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
