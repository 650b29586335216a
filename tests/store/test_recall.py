"""Recall finds every answer that quoted a document or passage, and reads it off an index."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from bot.paging import Place
from bot.store import recall
from bot.store.answers import Answers
from bot.store.database import Database
from bot.store.recall import Quoting, Recall, Share, Subject
from bot.vocabulary import Citation, Receipt
from tests.store.conftest import cite

MakeReceipt = Callable[..., Receipt]
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
D1, P1 = Subject("document", "d1"), Subject("passage", "d1#1")


def keep(database: Database, receipt: Receipt, citations: list[Citation], language: str = "en", kind: str = "question") -> None:
    Answers(database).keep(receipt, status="answered", kind=kind, language=language, citations=citations)


@pytest.fixture
def three(database: Database, receipt: MakeReceipt) -> Recall:
    """Three answers of an hour each that quoted d1, in two conversations and languages, and one that did not."""
    both = [cite("d1", "d1#1"), cite("d1", "d1#2", "The fee is due at once."), cite("d2", "d2#1")]
    keep(database, receipt("a", "c1", asked_at=START), both)
    keep(database, receipt("b", "c1", asked_at=START + timedelta(hours=1)), [cite("d1", "d1#1")])
    keep(database, receipt("c", "c2", asked_at=START + timedelta(hours=2), snapshot="s2"), [cite("d1", "d1#1")], "ru", "advice")
    keep(database, receipt("d", "c3", asked_at=START), [cite("d2", "d2#1")])
    return Recall(database)


def test_every_answer_that_quoted_a_document_newest_first(three: Recall) -> None:
    found, place = three.answers(D1)
    hours = [START + timedelta(hours=n) for n in range(3)]
    assert found == [
        Quoting("c", "c2", hours[2], "ru", "advice", "s2", ("d1#1",)),
        Quoting("b", "c1", hours[1], "en", "question", "s1", ("d1#1",)),
        Quoting("a", "c1", hours[0], "en", "question", "s1", ("d1#1", "d1#2")),
    ]
    assert place is None
    assert three.shares(D1) == [Share("en", 2, 1, hours[0], hours[1]), Share("ru", 1, 1, hours[2], hours[2])]
    assert three.conversations(D1) == 2


def test_a_passage_alone(three: Recall) -> None:
    second = Subject("passage", "d1#2")
    assert [one.answer_id for one in three.answers(P1)[0]] == ["c", "b", "a"]
    assert [(one.answer_id, one.passages) for one in three.answers(second)[0]] == [("a", ("d1#2",))]
    assert three.conversations(second) == 1


def test_since_counts_its_own_moment(three: Recall) -> None:
    second = START + timedelta(hours=1)
    assert [one.answer_id for one in three.answers(D1, second)[0]] == ["c", "b"]
    assert [one.answer_id for one in three.answers(D1, second + timedelta(microseconds=1))[0]] == ["c"]
    assert [share.answers for share in three.shares(D1, second)] == [1, 1]
    assert three.conversations(D1, second) == 2
    assert [one.text for one in three.shown(D1, second)] == ["The fee is fifty."] * 2
    assert three.answers(D1, START + timedelta(days=1)) == ([], None)


def test_the_words_are_those_that_were_shown(three: Recall, database: Database, receipt: MakeReceipt) -> None:
    old, late = "The fee is forty.", START + timedelta(days=1)
    changed = cite("d1", "d1#1", old, title="Старое название", language="ru")
    for n in range(3):
        keep(database, receipt(f"e{n}", asked_at=late), [changed])
    shown = [one for one in three.shown(D1) if one.language == "en"]
    assert [(one.text, one.title, one.written_in, one.answers) for one in shown] == [
        (old, "Старое название", "ru", 3),
        ("The fee is fifty.", "Title of d1", "en", 2),
        ("The fee is due at once.", "Title of d1", "en", 1),
    ]
    assert (shown[1].first, shown[1].last) == (START, START + timedelta(hours=1))
    assert {(one.document_id, one.passage_id) for one in three.shown(P1)} == {("d1", "d1#1")}


def test_two_quotes_of_one_passage_are_one_answer(database: Database, receipt: MakeReceipt) -> None:
    keep(database, receipt("a"), [cite("d1", "d1#1", "One."), cite("d1", "d1#1", "Two.")])
    found = Recall(database)
    assert [one.passages for one in found.answers(D1)[0]] == [("d1#1",)]
    assert [share.answers for share in found.shares(D1)] == [1]
    assert {one.text for one in found.shown(D1)} == {"One.", "Two."}


def test_an_id_is_told_by_what_was_quoted(three: Recall, database: Database, receipt: MakeReceipt) -> None:
    assert three.subject("d1") == D1
    assert three.subject("d1#1") == P1
    for unknown in ("d", "d1#", "c1", "", "\x00", "' OR 1=1 --"):
        assert three.subject(unknown) is None
        assert three.answers(Subject("document", unknown)) == ([], None)
        assert three.shares(Subject("passage", unknown)) == []
    keep(database, receipt("z"), [cite("d\x00", "d\x00#1")])
    assert three.subject("d\x00") == Subject("document", "d\x00")
    assert [one.passages for one in three.answers(Subject("document", "d\x00"))[0]] == [("d\x00#1",)]


@dataclass(frozen=True)
class Asked:
    """An answer of the made-up store below."""

    id: str
    at: datetime
    cited: tuple[str, ...]


@pytest.fixture
def many(database: Database, receipt: MakeReceipt) -> list[Asked]:
    """Answers that often fall on the same moment, each citing some of six passages of two documents."""
    chance = random.Random(7)
    made = []
    for n in range(120):
        cited = tuple(chance.sample(["d1#0", "d1#1", "d1#2", "d2#0", "d2#1", "d2#2"], chance.randint(0, 4)))
        asked = Asked(f"a{chance.random()}", START + timedelta(minutes=chance.randint(0, 20)), cited)
        keep(database, receipt(asked.id, f"c{n % 9}", asked_at=asked.at), [cite(one[:2], one) for one in cited])
        made.append(asked)
    return made


@pytest.mark.parametrize("subject", [D1, P1], ids=lambda subject: subject.part)
@pytest.mark.parametrize("limit", [1, 7, 60, recall.MOST])
def test_pages_together_are_the_whole(database: Database, many: list[Asked], subject: Subject, limit: int) -> None:
    found, place, pages = Recall(database), None, 0
    seen: list[str] = []
    while place or not pages:
        page, place = found.answers(subject, limit=limit, after=place)
        assert 0 < len(page) <= limit
        seen += [one.answer_id for one in page]
        pages += 1
    wanted = [one for one in many if any(cited.startswith(subject.id) for cited in one.cited)]
    assert seen == [one.id for one in sorted(wanted, key=lambda one: (one.at, one.id), reverse=True)]


def test_a_page_goes_on_though_newer_answers_came(three: Recall, database: Database, receipt: MakeReceipt) -> None:
    _, place = three.answers(D1, limit=1)
    assert place == Place(START + timedelta(hours=2), "c")
    keep(database, receipt("new", asked_at=START + timedelta(days=9)), [cite("d1", "d1#1")])
    assert [one.answer_id for one in three.answers(D1, after=place)[0]] == ["b", "a"]


LOOKS: dict[str, Callable[[Recall, Subject], object]] = {
    "knows": lambda found, subject: found.knows(subject),
    "answers": lambda found, subject: found.answers(subject, START, 2, Place(START + timedelta(days=1), "")),
    "shares": lambda found, subject: found.shares(subject, START),
    "conversations": lambda found, subject: found.conversations(subject, START),
    "shown": lambda found, subject: found.shown(subject, START),
}


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("subject", [D1, P1], ids=lambda subject: subject.part)
@pytest.mark.parametrize("look", LOOKS)
def test_citations_are_read_off_their_index_alone(database: Database, look: str, subject: Subject) -> None:
    told = plan(database, lambda: LOOKS[look](Recall(database), subject))
    if database.is_sqlite:
        index = f"ix_answer_citations_{subject.part} ({subject.part}_id=? AND asked_at>?"
        assert f"SEARCH answer_citations USING COVERING INDEX {index}" in told
        assert "SCAN answer" not in told
        assert "SCAN quotes" not in told
    else:
        assert re.search(rf"Index Only Scan (Backward )?using ix_answer_citations_{subject.part} on", told)
        assert "Seq Scan" not in told


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("subject", [D1, P1], ids=lambda subject: subject.part)
def test_a_page_is_read_in_order(database: Database, subject: Subject) -> None:
    """Else the first page of a document that was quoted a hundred thousand times would cost as much as all of them."""
    told = plan(database, lambda: LOOKS["answers"](Recall(database), subject))
    if database.is_sqlite:
        assert "FOR GROUP BY" not in told
    else:
        assert re.search(r"GroupAggregate[^\n]*\n[^\n]*\n\s*->  Index Only Scan Backward", told)


def plan(database: Database, look: Callable[[], object]) -> str:
    """The plan of the statement that `look` runs. PostgreSQL would scan tables this small: it is told to spare no index."""
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        look()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with database.read() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET enable_seqscan = off"))
            connection.execute(text("SET enable_bitmapscan = off"))
        statement, parameters = seen[-1]
        word = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        rows = connection.exec_driver_sql(f"{word} {statement}", parameters)
        return "\n".join(str(row[-1]) for row in rows)
