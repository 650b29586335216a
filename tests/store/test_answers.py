"""Receipts come back as they were kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bot.errors import NotFound
from bot.store.answers import Answers
from bot.store.database import Database
from bot.store.tables import answer_citations, answers, conversations, quotes
from bot.vocabulary import Citation, Receipt, Turn
from tests.store.conftest import cite

MakeReceipt = Callable[..., Receipt]

CITED = [cite("d1", "p1"), cite("d2", "p3"), cite("d1", "p1")]


def keep(database: Database, receipt: Receipt, citations: Sequence[Citation] = CITED) -> None:
    Answers(database).keep(receipt, status="answered", kind="question", language="ru", citations=citations)


def test_a_receipt_comes_back_equal(database: Database, receipt: MakeReceipt) -> None:
    keep(database, receipt("a1"))
    got = Answers(database).get("a1")
    assert got == receipt("a1")
    assert got.asked_at.tzinfo is UTC


def test_a_reopened_database_keeps_its_rows(url: str, receipt: MakeReceipt) -> None:
    with Database(url) as first:
        keep(first, receipt("a1"))
    with Database(url) as second:
        assert Answers(second).get("a1") == receipt("a1")


@pytest.mark.parametrize("question", ["", "a\x00b\x1a0\x1a1\x1a", "\U0001f600 quote ' \" % :x ?", "x" * 100_000])
def test_any_question_is_kept(database: Database, receipt: MakeReceipt, question: str) -> None:
    kept = receipt("a1", turn=Turn(question, "c\x000", None, ()), body=question, steps={}, vector=b"")
    keep(database, kept, [])
    assert Answers(database).get("a1") == kept


def test_times_are_kept_in_utc(database: Database, receipt: MakeReceipt) -> None:
    moscow = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=3)))
    keep(database, receipt("a1", asked_at=moscow))
    got = Answers(database).get("a1").asked_at
    assert (got, got.tzinfo, got.hour) == (moscow, UTC, 22)


def test_a_time_without_zone_is_refused_and_nothing_kept(database: Database, receipt: MakeReceipt) -> None:
    with pytest.raises(Exception, match="without its zone"):
        keep(database, receipt("a1", asked_at=datetime(2026, 1, 1)))
    assert Answers(database).latest("c1") is None


@pytest.mark.parametrize("unknown", ["nobody", "", "\x00", "' OR 1=1 --"])
def test_the_unknown_is_not_found(database: Database, unknown: str) -> None:
    with pytest.raises(NotFound):
        Answers(database).get(unknown)
    assert Answers(database).latest(unknown) is None
    assert Answers(database).conversation(unknown) == []


def test_a_conversation_is_in_order_and_begins_once(database: Database, receipt: MakeReceipt) -> None:
    start = receipt("x").asked_at
    for minutes, name in ((2, "a"), (0, "c"), (1, "b")):
        keep(database, receipt(name, asked_at=start + timedelta(minutes=minutes)))
    keep(database, receipt("z", "c2"))
    assert [one.answer_id for one in Answers(database).conversation("c1")] == ["c", "b", "a"]
    assert Answers(database).latest("c1") == Answers(database).get("a")
    assert [one.answer_id for one in Answers(database).recent("c1", 2)] == ["b", "a"]
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(conversations)).scalar() == 2


def test_citations_are_kept_once_each(database: Database, receipt: MakeReceipt) -> None:
    keep(database, receipt("a1"))
    with database.read() as connection:
        rows = connection.execute(select(answer_citations).order_by(answer_citations.c.document_id)).all()
    assert [(row.answer_id, row.document_id, row.passage_id) for row in rows] == [("a1", "d1", "p1"), ("a1", "d2", "p3")]
    assert {(row.conversation_id, row.asked_at, row.language) for row in rows} == {("c1", receipt("x").asked_at, "ru")}


def test_the_words_of_a_quote_are_kept_once(database: Database, receipt: MakeReceipt) -> None:
    for n in range(3):
        keep(database, receipt(f"a{n}"))
    keep(database, receipt("b", asked_at=receipt("x").asked_at), [cite("d1", "p1", "The fee is sixty.")])
    with database.read() as connection:
        kept = connection.execute(select(quotes.c.passage_id, quotes.c.text, quotes.c.title)).all()
    assert sorted(map(tuple, kept)) == [
        ("p1", "The fee is fifty.", "Title of d1"),
        ("p1", "The fee is sixty.", "Title of d1"),
        ("p3", "The fee is fifty.", "Title of d2"),
    ]


def test_an_answer_id_taken_twice_changes_nothing(database: Database, receipt: MakeReceipt) -> None:
    keep(database, receipt("a1"))
    with pytest.raises(IntegrityError) as caught:
        keep(database, receipt("a1", "c9"))
    assert "лицензия" not in str(caught.value)
    assert Answers(database).get("a1").conversation_id == "c1"
    assert Answers(database).latest("c9") is None


def test_erasing_a_conversation_erases_what_belongs_to_it(database: Database, receipt: MakeReceipt) -> None:
    keep(database, receipt("a1"))
    with database.write() as connection:
        connection.execute(conversations.delete())
    with database.read() as connection:
        for table in (answers, answer_citations):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0


def test_threads_keep_everything(database: Database, receipt: MakeReceipt) -> None:
    def work(thread: int) -> None:
        for n in range(50):
            keep(database, receipt(f"{thread}-{n}", f"c{n % 7}"))
            assert Answers(database).get(f"{thread}-{n}").answer_id == f"{thread}-{n}"

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(answers)).scalar() == 400
        assert connection.execute(select(func.count()).select_from(answer_citations)).scalar() == 800
        assert connection.execute(select(func.count()).select_from(conversations)).scalar() == 7


def test_one_threads_error_does_not_fail_the_others(database: Database, receipt: MakeReceipt) -> None:
    keep(database, receipt("taken"))

    def work(n: int) -> bool:
        try:
            keep(database, receipt("taken" if n % 3 == 0 else f"a{n}", f"c{n}"))
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        kept = list(pool.map(work, range(200)))
    assert kept == [n % 3 != 0 for n in range(200)]
    assert [Answers(database).latest(f"c{n}") is not None for n in range(200)] == [n % 3 != 0 or n == 1 for n in range(200)]
