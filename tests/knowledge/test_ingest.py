"""Ingest: only what changed is embedded again, a broken file is named, and the old snapshot stays until the new one is whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot import publishing, shipped, wiring
from bot.dialogue.evidence import FILE, Gate
from bot.errors import BadDirectory, BrokenFile, NothingIngested, SnapshotDamaged, SnapshotMismatch
from bot.knowledge.embedder import Embedder
from bot.knowledge.ingest import Report
from bot.knowledge.search import Query, Search
from bot.quality import fitting
from bot.settings import Settings
from tests.conftest import NewSettings, quiet

Publish = Callable[..., Report]
GOOD = "---\ntitle: {title}\n---\n{text}\n"


@pytest.fixture
def settings(new_settings: NewSettings) -> Settings:
    return new_settings()


def nothing_learned(*_: object) -> Mapping[str, bytes]:
    """Fits nothing: what is in a snapshot does not depend on it."""
    return {}


@pytest.fixture
def publish(settings: Settings) -> Publish:
    publisher = publishing.Publisher(settings, nothing_learned, quiet)
    return lambda *paths: publisher.publish(list(paths), lambda *_: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    for name, text in {
        "fees": "The filing fee is forty roubles. It is paid in advance.",
        "terms": "A permit is valid for three years. Renewal takes ten days.",
    }.items():
        (made / f"{name}.md").write_text(GOOD.format(title=name.title(), text=text), "utf-8")
    return made


def found(settings: Settings, encoder: Embedder, question: str) -> list[str]:
    search = Search(publishing.shelf(settings).load(encoder.fingerprint))
    return [hit.document.id for hit in search(Query(question, encoder.questions([question])[0], "en"), 10)]


def test_only_what_changed_is_embedded_and_what_is_gone_leaves(
    publish: Publish, folder: Path, settings: Settings, encoder: Embedder
) -> None:
    first = publish(folder)
    assert (first.documents, first.embedded, first.changed) == (2, first.passages, True)
    again = publish(folder)
    assert (again.embedded, again.changed, again.snapshot) == (0, False, first.snapshot)
    (folder / "fees.md").write_text(GOOD.format(title="Fees", text="The filing fee is fifty roubles now."), "utf-8")
    changed = publish(folder)
    assert changed.embedded == 1
    assert changed.snapshot != first.snapshot
    (folder / "terms.md").unlink()
    assert publish(folder).removed == 1
    assert found(settings, encoder, "How long is a permit valid?") == ["fees"]


def test_a_snapshot_holds_exactly_what_the_paths_hold(
    publish: Publish, folder: Path, settings: Settings, encoder: Embedder
) -> None:
    before = publish(shipped.folder("corpus") / "policies").documents
    report = publish(folder)
    assert (report.documents, report.removed) == (2, before)
    assert set(found(settings, encoder, "Which clients does the firm not take?")) <= {"fees", "terms"}


def test_broken_files_are_named_and_the_rest_goes_in(publish: Publish, folder: Path) -> None:
    (folder / "date.md").write_text("---\ntitle: Date\npublished: soon\n---\nText.\n", "utf-8")
    (folder / "latin.txt").write_bytes("Gebühr für alle".encode("latin-1"))
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "junk.html").write_bytes(os.urandom(50_000))
    (folder / "huge.txt").write_bytes(b"a" * 50_000_000)
    report = publish(folder)
    named = {Path(problem.file).name: problem for problem in report.problems}
    assert report.documents == 2
    assert set(named) == {"date.md", "latin.txt", "empty.pdf", "junk.html", "huge.txt"}
    assert named["date.md"].line == 3
    assert "UTF-8" in named["latin.txt"].reason


def test_nothing_usable_and_missing_paths_leave_the_old_snapshot(
    publish: Publish, folder: Path, settings: Settings, tmp_path: Path
) -> None:
    old = publish(folder).snapshot
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    with pytest.raises(NothingIngested):
        publish(nothing)
    with pytest.raises(BrokenFile, match="absent"):
        publish(tmp_path / "absent")
    assert publishing.shelf(settings).live_id() == old


def test_another_model_and_a_damaged_file_are_refused(publish: Publish, folder: Path, settings: Settings) -> None:
    live = publish(folder).snapshot
    shelf = publishing.shelf(settings)
    manifest = shelf.manifest()
    with pytest.raises(SnapshotMismatch, match="bot ingest"):
        shelf.load("the hash of another model")
    passages = shelf.folder / live / "passages.jsonl"
    passages.write_text(passages.read_text("utf-8").replace("fees", "gees"), "utf-8")
    with pytest.raises(SnapshotDamaged, match="bot ingest"):
        shelf.load(manifest.model_fingerprint)
    assert publish(folder).changed


def test_old_snapshots_go_and_the_live_one_never(new_settings: NewSettings, folder: Path) -> None:
    settings = new_settings(snapshots_kept=2)
    publisher = publishing.Publisher(settings, nothing_learned, quiet)
    for n in range(4):
        (folder / "fees.md").write_text(GOOD.format(title="Fees", text=f"The fee is {n} roubles."), "utf-8")
        live = publisher.publish([folder], lambda *_: None).snapshot
    shelf = publishing.shelf(settings)
    assert len(shelf.ids()) == 2
    assert shelf.live_id() == live


INGEST = "import sys; from bot.cli.commands import main; sys.argv = ['bot', 'ingest', *sys.argv[1:]]; main()"


def start(settings: Settings, *paths: Path, prefix: str = "") -> subprocess.Popen[str]:
    environment = os.environ | {"BOT_DATA_DIR": str(settings.data_dir), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", prefix + INGEST, *map(str, paths)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_killed_at_any_moment_the_old_snapshot_still_answers(
    publish: Publish, folder: Path, settings: Settings, tmp_path: Path
) -> None:
    old = publish(folder)
    rows = tmp_path / "rows.jsonl"
    texts = [
        {"id": f"r{i}", "title": "Row", "text": f"Sentence {i} says that permit number {i} costs {i} roubles."}
        for i in range(400)
    ]
    rows.write_text("\n".join(map(json.dumps, texts)), "utf-8")
    shelf = publishing.shelf(settings)
    interrupted = 0
    for seconds in (0.3, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0):
        process = start(settings, folder, rows)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        live = shelf.load(shelf.manifest().model_fingerprint)
        assert len(live.documents) in (2, 402)
        interrupted += process.returncode == -signal.SIGKILL and live.id == old.snapshot
    assert interrupted >= 2
    report = publish(folder, rows)
    assert report.documents == 402
    assert not list(publishing.shelf(settings).folder.glob(".building-*"))


def test_a_full_disk_is_told_and_nothing_is_lost(publish: Publish, folder: Path, settings: Settings, tmp_path: Path) -> None:
    old = publish(folder).snapshot
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps({"id": i, "text": f"Permit {i} costs {i} roubles. " * 30}) for i in range(60)), "utf-8")
    limit = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000)); "
    )
    process = start(settings, folder, rows, prefix=limit)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "disk" in errors
    assert "Traceback" not in errors
    assert publishing.shelf(settings).live_id() == old
    assert not list(publishing.shelf(settings).folder.glob(".building-*"))


def test_a_broken_directory_stops_the_ingest_with_its_line(new_settings: NewSettings, folder: Path) -> None:
    (folder / "contacts.toml").write_text('default = "x"\n\n[[desk]]\nid = "x"\nname = "X"\nemail = "no address"\n', "utf-8")
    settings = new_settings(corpus=(folder,))
    with pytest.raises(BadDirectory, match=r"contacts.toml:6: .*mail address"):
        publishing.Publisher(settings, fitting.prepare, quiet).publish([], lambda *_: None)


def test_the_threshold_is_fitted_apart_where_no_labelled_document_is_there(new_settings: NewSettings, folder: Path) -> None:
    settings = new_settings(answer_precision=0.75)
    publishing.Publisher(settings, fitting.prepare, quiet).publish([folder], lambda *_: None)
    bot = wiring.build(settings, quiet)
    try:
        gate = Gate.from_json(bot.live().snapshot.attached(FILE))
        told, untold = (bot.draft(question).probability for question in ("What is the filing fee?", "Who painted the Mona Lisa?"))
        assert told is not None and untold is not None
        assert told >= gate.threshold > untold
    finally:
        bot.close()
