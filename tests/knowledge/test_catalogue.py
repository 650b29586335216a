"""Documents and passages are found in a snapshot's files as they are in the loaded snapshot."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from bot import wiring
from bot.errors import NoSnapshot, NotFound, SnapshotDamaged
from bot.knowledge import records
from bot.knowledge.catalogue import Catalogue
from bot.knowledge.manifests import Manifest
from bot.vocabulary import Document, Passage


def test_every_document_and_passage_is_found(bot: wiring.Bot) -> None:
    snapshot = bot.live().snapshot
    catalogue = Catalogue(snapshot.folder.parent)
    for identity, document in snapshot.documents.items():
        assert catalogue.document(identity) == document
    for passage in snapshot.passages[::97]:
        assert catalogue.document_of(passage.id) == passage.document_id
    assert catalogue.attached("contacts.toml") == snapshot.attached("contacts.toml")
    with pytest.raises(NotFound, match=r"nothing\.toml"):
        catalogue.attached("nothing.toml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Snapshots whose live one holds a chain of three, a ring of two, and ids and texts that look like JSON."""
    texts = {
        "a": Document("a", "A", 'It says "id": "ghost" and "supersedes": "ghost".'),
        "b": Document("b", "B", "b", supersedes="a"),
        "c": Document("c", "C", "c", supersedes="b"),
        "r": Document("r", "R", "r", supersedes="s"),
        "s": Document("s", "S", "s", supersedes="r"),
        'ключ "1"\\': Document('ключ "1"\\', "K", "k"),
    }
    live = tmp_path / "1"
    live.mkdir()
    (live / "manifest.json").write_text(json.dumps(asdict(Manifest("1", "", "", "", 1, 1, 1, 1, ""))), "utf-8")
    (tmp_path / "live").write_text("1\n", "utf-8")
    records.write(live / "documents.jsonl", map(records.document_line, texts.values()))
    passages = [Passage(f"{one}#0", one, 0, 1, text.text[:1]) for one, text in texts.items()]
    records.write(live / "passages.jsonl", map(records.passage_line, passages))
    return tmp_path


def test_a_successor_is_the_last_of_its_line(folder: Path) -> None:
    catalogue = Catalogue(folder)
    assert [getattr(catalogue.newer(one), "id", None) for one in "abcr"] == ["c", "c", None, "s"]


def test_only_fields_are_looked_at(folder: Path) -> None:
    catalogue = Catalogue(folder)
    assert catalogue.document("ghost") is None
    assert catalogue.newer("ghost") is None
    assert catalogue.document_of("a") is None
    odd = catalogue.document('ключ "1"\\')
    assert odd is not None
    assert catalogue.document_of(f"{odd.id}#0") == odd.id


def test_a_missing_snapshot_or_file_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot):
        Catalogue(tmp_path / "none").document("a")
    (folder / "1" / "passages.jsonl").unlink()
    with pytest.raises(SnapshotDamaged, match=r"passages\.jsonl"):
        Catalogue(folder).document_of("a#0")
