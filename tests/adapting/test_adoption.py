"""Adopting, following and taking back: a running bot answers by the encoder of the live snapshot, at every moment."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot import publishing, wiring
from bot.adapting import adoption
from bot.adapting.check import Gain
from bot.doctor.installation import checks
from bot.errors import ModelUnavailable, NotFound, SnapshotMismatch
from bot.knowledge import adopted
from bot.knowledge.ingest import Report
from bot.knowledge.models import Place
from bot.quality import fitting
from bot.settings import Settings
from bot.vocabulary import Turn
from tests.adapting.conftest import WORDS
from tests.conftest import quiet

GAIN = Gain(40, 0.2, 0.9, 0.1, 0.8, 0.5, 0.8)
TODAY = date(2026, 12, 1)
QUESTION = f"{WORDS[3]} {WORDS[7]}"


def nothing(*_: object) -> None:
    """Counts nothing."""


def ingest(settings: Settings) -> Report:
    return publishing.Publisher(settings, fitting.prepare, quiet).publish([], nothing)


def adopt(settings: Settings, trained: Path) -> str:
    base, folder = publishing.by_setting(settings, quiet), publishing.models(settings)
    folder.mkdir(parents=True, exist_ok=True)
    fingerprint = adopted.keep(folder, trained, base.base, "small, adapted")
    place = Place("small, adapted", adopted.place(folder, fingerprint), base.base)
    adoption.adopt(settings, place, fingerprint, [], GAIN, fitting.prepare, quiet, nothing)
    return fingerprint


def undo(settings: Settings) -> adoption.Undone:
    return adoption.undo(settings, [], fitting.prepare, quiet, nothing)


@pytest.fixture
def bot(settings: Settings) -> Iterator[wiring.Bot]:
    ingest(settings)
    made = wiring.build(settings, quiet)
    made.live()
    yield made
    made.close()


def follow(bot: wiring.Bot, snapshot: str) -> None:
    """Waits until the bot answers from a snapshot."""
    until = time.monotonic() + 120
    while bot.live().snapshot.id != snapshot:
        assert time.monotonic() < until, "the snapshot was not taken over"
        time.sleep(0.05)


def encoder_of(bot: wiring.Bot) -> str:
    return bot.live().snapshot.manifest.model_fingerprint


def test_a_running_bot_follows_an_adoption_and_its_undoing_and_receipts_replay(
    bot: wiring.Bot, settings: Settings, trained: Path
) -> None:
    first, before = bot.live().snapshot.id, encoder_of(bot)
    receipts = [bot.ask(Turn(QUESTION))[0]]
    old = bot.live._encoder
    fingerprint = adopt(settings, trained)
    shelf = publishing.shelf(settings)
    follow(bot, str(shelf.live_id()))
    assert encoder_of(bot) == fingerprint != before
    assert not any(worker.is_alive() for worker in old._workers)
    assert old.reading(QUESTION).vector.shape == bot.live().read(QUESTION).vector.shape, "who still asks the old one is answered"
    receipts.append(bot.ask(Turn(QUESTION))[0])
    assert not ingest(settings).changed, "an ingest uses what is adopted"
    assert undo(settings).report.snapshot == first, "the snapshot before is live again, not made anew"
    follow(bot, first)
    assert encoder_of(bot) == before
    receipts.append(bot.ask(Turn(QUESTION))[0])
    assert all(bot.replay(receipt.answer_id).same for receipt in receipts)
    assert receipts[0].vector == receipts[2].vector != receipts[1].vector
    with pytest.raises(NotFound, match="nothing to take back"):
        undo(settings)


def test_nobody_is_refused_while_the_encoder_changes(bot: wiring.Bot, settings: Settings, trained: Path) -> None:
    stop = threading.Event()
    failures: list[Exception] = []
    answers: list[str] = []

    def ask() -> None:
        while not stop.is_set():
            try:
                answers.append(bot.ask(Turn(f"{QUESTION} {len(answers)}"))[0].snapshot)
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    adopt(settings, trained)
    follow(bot, str(publishing.shelf(settings).live_id()))
    until = len(answers) + 5
    while len(answers) < until and not failures:
        time.sleep(0.02)
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(set(answers)) == 2


def test_undoing_reads_the_documents_as_they_are_now(settings: Settings, corpus: Path, trained: Path) -> None:
    first = ingest(settings)
    adopt(settings, trained)
    (corpus / "d0.md").unlink()
    report = undo(settings).report
    assert report.snapshot != first.snapshot
    assert (report.documents, report.embedded) == (first.documents - 1, 0)


def test_another_model_ignores_what_is_adopted(settings: Settings, trained: Path, small: Path, tmp_path: Path) -> None:
    adopt(settings, trained)
    other = tmp_path / "other"
    shutil.copytree(small, other)
    (other / "more.json").write_text("{}", "utf-8")
    chosen = settings.model_copy(update={"model": str(other)})
    assert publishing.in_use(chosen, quiet).folder == other
    made = wiring.build(chosen, quiet)
    with pytest.raises(SnapshotMismatch, match="bot ingest"):
        made.live()
    made.close()
    assert publishing.in_use(settings, quiet).name == "small, adapted"


def test_when_the_ingest_fails_the_encoder_before_stays(settings: Settings, corpus: Path, trained: Path) -> None:
    live = ingest(settings).snapshot
    shutil.rmtree(corpus)
    with pytest.raises(Exception, match="corpus"):
        adopt(settings, trained)
    assert publishing.in_use(settings, quiet).name == "small"
    assert publishing.shelf(settings).live_id() == live


def test_the_doctor_tells_what_was_gained_and_what_is_gone(settings: Settings, corpus: Path, trained: Path) -> None:
    fingerprint = adopt(settings, trained)
    given = {"DATA_DIR": settings.data_dir, "CORPUS": corpus, "MODEL": settings.model, "BACKEND": settings.backend}
    variables = {f"BOT_{name}": str(value) for name, value in given.items()}
    found = {check.what: check for check in checks(variables, TODAY, nothing)}
    assert "nDCG@10 0.200 to 0.900 on 40 questions" in found["model"].said
    assert found["snapshot"].state == "good"
    shutil.rmtree(adopted.place(publishing.models(settings), fingerprint))
    found = {check.what: check for check in checks(variables, TODAY, nothing)}
    assert found["model"].state == "bad" and "bot adapt --undo" in found["model"].to_do
    with pytest.raises(ModelUnavailable, match="bot adapt --undo"):
        publishing.encoder(settings, quiet)
    undo(settings)
    assert publishing.in_use(settings, quiet).name == "small"


def test_a_broken_pointer_is_named(settings: Settings, trained: Path) -> None:
    adopt(settings, trained)
    pointer = publishing.models(settings) / adopted.POINTER
    pointer.write_text("{", "utf-8")
    with pytest.raises(ModelUnavailable, match=r"adopted\.json"):
        publishing.in_use(settings, quiet)


def test_encoders_that_nothing_names_are_removed(settings: Settings, trained: Path) -> None:
    kept = settings.model_copy(update={"snapshots_kept": 1})
    adopt(kept, trained)
    folder = publishing.models(kept)
    assert len(list(folder.glob("adapted-*"))) == 1
    undo(kept)
    assert list(folder.glob("adapted-*")) == []
    assert json.loads((folder / adopted.POINTER).read_text("utf-8")) == {}
