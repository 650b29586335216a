"""Unanswered questions are found by an index, newest first, and what was asked back counts until it is taken up."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, text

from bot.dialogue.gaps import WINDOW, Wish, page
from bot.paging import NEWEST
from bot.store import gaps
from bot.store.answers import Answers
from bot.store.database import Database
from bot.store.gaps import EVER, Gaps
from bot.store.tables import answers, conversations
from bot.vocabulary import Receipt, Turn

MakeReceipt = Callable[..., Receipt]
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def ask(
    database: Database, made: Receipt, hours: float, status: str, kind: str = "question", meant: str = "", words: str = ""
) -> None:
    """Keeps an answer of a status."""
    body = {"language": "en", "kind": kind, "topic": None, "reason": "unclear" if status == "clarify" else "no_evidence"}
    asked = Turn(words or made.answer_id, meant=meant)
    kept = {name: getattr(made, name) for name in ("answer_id", "conversation_id", "snapshot", "version", "judgement", "steps")}
    receipt = Receipt(**kept, asked_at=START + timedelta(hours=hours), turn=asked, vector=b"", body=json.dumps(body))
    Answers(database).keep(receipt, status=status, kind=kind, language="en", citations=[])


def test_what_is_a_gap_and_what_is_none(database: Database, receipt: MakeReceipt) -> None:
    ask(database, receipt("answered", "c1"), 0, "answered")
    ask(database, receipt("refused", "c1"), 1, "refused")
    ask(database, receipt("stopped", "c1"), 2, "refused", "screening")
    ask(database, receipt("left", "c2"), 3, "clarify")
    ask(database, receipt("taken-up", "c3"), 4, "clarify")
    ask(database, receipt("reply", "c3"), 5, "answered", meant="taken-up by this")
    ask(database, receipt("passed-over", "c4"), 6, "clarify")
    ask(database, receipt("of-its-own", "c4"), 7, "answered")
    ask(database, receipt("leans", "c4"), 8, "answered", meant="of-its-own leans")
    found = Gaps(database).unanswered(NEWEST, EVER, ("screening",), 10)
    assert [one.answer_id for one in found] == ["passed-over", "left", "refused"]
    assert Gaps(database).unanswered(found[0].place, EVER, (), 1)[0].answer_id == "left"
    assert [one.answer_id for one in Gaps(database).unanswered(NEWEST, START + timedelta(hours=2), (), 10)] == [
        "passed-over",
        "left",
        "stopped",
    ]


def test_they_are_read_off_an_index(database: Database) -> None:
    if not database.is_sqlite:
        return
    values = "asked_at >= '2026' ORDER BY asked_at DESC, id DESC LIMIT 9"
    with database.read() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN SELECT id FROM answers WHERE status != 'answered' AND {values}"))
        assert "ix_answers_unanswered" in str(plan.all())
    assert "answers.status != 'answered'" in str(gaps._STATEMENT)


def test_pages_go_on_behind_a_window(database: Database) -> None:
    body = json.dumps({"language": "en", "kind": "question", "reason": "no_evidence"})
    plain: dict[str, object] = {
        "conversation_id": "c1",
        "jurisdictions": [],
        "status": "refused",
        "kind": "question",
        "snapshot": "s",
        "version": "1",
    }
    plain |= {"vector": b"", "judgement": {}, "body": body, "steps": {}}
    words = [f"question {n // 2}" if n < 6 else "the same" for n in range(WINDOW + 6)]
    rows = [plain | {"id": f"n{n}", "question": one, "asked_at": START + timedelta(seconds=n)} for n, one in enumerate(words)]
    with database.write() as connection:
        connection.execute(insert(conversations), {"id": "c1", "started_at": START, "language": "en"})
        connection.execute(insert(answers), rows)
    found, behind = page(Gaps(database), Wish(), 2)
    while behind:
        more, behind = page(Gaps(database), Wish(), 2, behind)
        found += more
    assert [gap.newest.text for gap in found] == ["the same", "question 2", "question 1", "question 0"]
    assert [len(gap.asked) for gap in found] == [WINDOW, 2, 2, 2]
