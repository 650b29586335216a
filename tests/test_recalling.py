"""Recalls over a store and what the live snapshot says of the document, also when that is gone or renamed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import shipped
from bot.dialogue import contacts_file, wording
from bot.errors import NotFound
from bot.knowledge import records
from bot.knowledge.catalogue import Catalogue
from bot.knowledge.manifests import Manifest
from bot.recalling import Recalling
from bot.store.answers import Answers
from bot.store.database import Database
from bot.store.recall import Subject
from bot.store.sqlite import sqlite_url
from bot.vocabulary import LANGUAGES, Citation, Document, Judgement, Passage, Receipt, Turn

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEES = Document("articles/fees", "Fees", "The fee is fifty. It is due at once.")
NEVER = Document("articles/never", "Never quoted", "Nobody asked.")
NEWER = Document("articles/fees-2027", "Fees of 2027", "The fee is sixty.", supersedes="articles/fees")
Publish = Callable[..., None]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Makes documents, each of one passage, the live snapshot."""
    shelf = tmp_path / "snapshots"

    def publish(*documents: Document, words: bool = True) -> None:
        shutil.rmtree(shelf, ignore_errors=True)
        live = shelf / "1"
        (live / "attached" / "wording").mkdir(parents=True)
        (live / "manifest.json").write_text(json.dumps(asdict(Manifest("1", "", "", "", 1, 1, 1, 1, ""))), "utf-8")
        (shelf / "live").write_text("1", "utf-8")
        records.write(live / "documents.jsonl", map(records.document_line, documents))
        passages = [Passage(f"{one.id}#0", one.id, 0, len(one.text), one.text) for one in documents]
        records.write(live / "passages.jsonl", map(records.passage_line, passages))
        contact = (
            (shipped.folder("corpus") / contacts_file.FILE).read_text("utf-8").replace("russia@dezshira.com", "live@example.com")
        )
        (live / "attached" / contacts_file.FILE).write_text(contact, "utf-8")
        for language in LANGUAGES:
            text = (shipped.folder("corpus") / wording.file(language)).read_text("utf-8")
            (live / "attached" / wording.file(language)).write_text(text if words else text.replace("[recall]", "[old]"), "utf-8")

    return publish


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(sqlite_url(tmp_path)) as opened:
        yield opened


@pytest.fixture
def recalling(database: Database, publish: Publish, tmp_path: Path) -> Recalling:
    """Two answers, an hour apart, in English and German, quoted `articles/fees`."""
    publish(FEES, NEVER)
    citation = Citation(1, FEES.id, f"{FEES.id}#0", FEES.title, "", "", None, None, (), "The fee is fifty.", 0, 17, "en")
    for n, language in enumerate(("en", "de")):
        at = START + timedelta(hours=n)
        receipt = Receipt(f"a{n}", f"c{n}", at, Turn("?"), "s1", "1", b"", Judgement({}, {}), "{}")
        Answers(database).keep(receipt, status="answered", kind="question", language=language, citations=[citation])
    return Recalling(database, Catalogue(tmp_path / "snapshots"), "https://desk.example.com")


def test_a_recall_sums_up_and_drafts_letters(recalling: Recalling) -> None:
    found = recalling(recalling.subject("articles/fees"))
    assert [one.answer_id for one in found.answers] == ["a1", "a0"]
    assert (found.title, found.conversations, found.next) == ("Fees", ("c1", "c0"), None)
    assert found.summary is not None
    assert (found.summary.answers, found.summary.conversations) == (2, 2)
    assert [share.language for share in found.summary.shares] == ["de", "en"]
    assert [letter.language for letter in found.summary.letters] == ["en", "de"]
    for letter in found.summary.letters:
        assert "“The fee is fifty.”" in letter.text
        assert "https://desk.example.com/library/articles/fees\n" in letter.text
        assert "live@example.com" in letter.text


def test_only_the_first_page_sums_up(recalling: Recalling) -> None:
    first = recalling(Subject("document", "articles/fees"), limit=1)
    assert first.summary is not None
    assert first.next is not None
    second = recalling(Subject("document", "articles/fees"), limit=1, after=first.next)
    assert ([one.answer_id for one in second.answers], second.summary, second.next) == (["a0"], None, None)


@pytest.mark.parametrize("identity", ["articles/never", "articles/never#0", "articles/fees", "articles/fees#0"])
def test_what_is_known_is_found_though_never_quoted(recalling: Recalling, identity: str) -> None:
    subject = recalling.subject(identity)
    assert subject == Subject("passage" if "#" in identity else "document", identity)
    found = recalling(subject, START + timedelta(days=1))
    assert found.answers == ()
    assert found.summary is not None
    assert (found.summary.answers, found.summary.letters) == (0, ())
    assert found.title in ("Never quoted", "Fees")


@pytest.mark.parametrize("identity", ["articles/none", "articles/fees#1", "", "\x00", "\udcff", "articles"])
def test_what_nobody_knows_is_an_error(recalling: Recalling, identity: str) -> None:
    with pytest.raises(NotFound, match="no document or passage of that id"):
        recalling.subject(identity)


def test_a_document_is_no_passage(recalling: Recalling) -> None:
    for subject in (Subject("passage", "articles/fees"), Subject("document", "articles/never#0")):
        with pytest.raises(NotFound):
            recalling(subject)


def test_a_successor_is_named(recalling: Recalling, publish: Publish) -> None:
    publish(FEES, NEWER)
    summary = recalling(Subject("passage", "articles/fees#0")).summary
    assert summary is not None
    assert "“Fees of 2027”: https://desk.example.com/library/articles/fees-2027" in summary.letters[0].text


def test_a_document_that_is_gone_or_renamed_is_still_recalled(recalling: Recalling, publish: Publish) -> None:
    publish(NEVER, replace(FEES, id="articles/renamed"))
    found = recalling(recalling.subject("articles/fees"))
    assert (found.title, len(found.answers)) == ("Fees", 2)
    assert found.summary is not None
    assert "The fee is fifty." in found.summary.letters[0].text
    assert "/library/" not in found.summary.letters[0].text
    assert recalling(recalling.subject("articles/renamed")).answers == ()


def test_it_works_without_a_snapshot(recalling: Recalling, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "snapshots")
    found = recalling(recalling.subject("articles/fees"))
    assert found.summary is not None
    assert "russia@dezshira.com" in found.summary.letters[0].text
    with pytest.raises(NotFound):
        recalling.subject("articles/never")


def test_a_snapshot_from_before_there_were_letters_gets_the_shipped_words(recalling: Recalling, publish: Publish) -> None:
    publish(FEES, words=False)
    summary = recalling(Subject("document", "articles/fees")).summary
    assert summary is not None
    assert summary.letters[0].subject == "Correction to our document “Fees”"
