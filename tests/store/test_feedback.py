"""Opinions on both databases: one an answer, the last word counts, and they go with their answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select

from bot.errors import NotFound
from bot.leads import privacy
from bot.store import schema
from bot.store.answers import Answers
from bot.store.database import Database
from bot.store.feedback import Feedback
from bot.store.people import Terms, sweep
from bot.store.tables import conversations, feedback
from bot.vocabulary import Opinion
from tests.store.conftest import MakeReceipt
from tests.store.test_leads import START


def given(answer_id: str = "a1", helpful: bool = True, comment: str = "", minutes: int = 0) -> Opinion:
    return Opinion(answer_id, helpful, comment, START + timedelta(minutes=minutes))


def keep(database: Database, receipt: MakeReceipt, *names: str) -> Feedback:
    for name in names:
        Answers(database).keep(receipt(name, f"c-{name}"), status="answered", kind="question", language="ru", citations=[])
    return Feedback(database)


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(feedback)).scalar_one())


def test_the_last_word_counts(database: Database, receipt: MakeReceipt) -> None:
    kept = keep(database, receipt, "a1", "a2")
    assert kept.of("a1") is None
    for opinion in (given(), given(), given(helpful=False, comment="Где срок? \x00期限", minutes=1)):
        kept.keep(opinion)
    kept.keep(given("a2"))
    assert kept.of("a1") == given(helpful=False, comment="Где срок? \x00期限", minutes=1)
    assert (count(database), kept.counts()) == (2, {True: 1, False: 1})


@pytest.mark.parametrize("unknown", ["nobody", "", "' OR 1=1 --"])
def test_of_an_unknown_answer_nothing_is_kept(unknown: str, database: Database, receipt: MakeReceipt) -> None:
    kept = keep(database, receipt, "a1")
    with pytest.raises(NotFound):
        kept.keep(given(unknown))
    assert (count(database), kept.counts()) == (0, {True: 0, False: 0})


def test_it_goes_with_its_conversation(database: Database, receipt: MakeReceipt) -> None:
    kept = keep(database, receipt, "a1", "a2", "a3")
    for name in ("a1", "a2", "a3"):
        kept.keep(given(name, comment="ask anna@firm.example" if name == "a2" else ""))
    with database.write() as connection:
        connection.execute(conversations.delete().where(conversations.c.id == "c-a1"))
    assert (kept.of("a1"), count(database)) == (None, 2)
    found = privacy.export(database, "Anna@firm.example")
    assert [row["feedback"]["comment"] for row in found["answers"]] == ["ask anna@firm.example"]
    assert privacy.erase(database, "anna@firm.example", START, []).record.counts["conversations"] == 1
    assert (kept.of("a2"), count(database)) == (None, 1)
    late = START + timedelta(days=1000)
    assert sweep(database, Terms(late, late, late, late, late))["conversations"] == 1
    assert count(database) == 0


def test_its_table_comes_and_goes(url: str, receipt: MakeReceipt) -> None:
    with Database(url) as database:
        keep(database, receipt, "a1").keep(given())
        with database.write() as connection:
            schema.downgrade(connection, "0003")
            assert "feedback" not in inspect(connection).get_table_names()
        with database.write() as connection:
            assert schema.upgrade(connection)
        assert Feedback(database).of("a1") is None
        assert Answers(database).get("a1")
        keep(database, receipt).keep(given())
        assert Feedback(database).of("a1") == given()
    assert "0004" in {script.revision for script in ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions()}
