"""Migrations go up, down and up again, and end where `tables` says."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.errors import BotError
from bot.store import schema
from bot.store.answers import Answers
from bot.store.database import Database
from bot.store.recall import Recall, Subject
from bot.store.tables import metadata
from bot.vocabulary import Receipt
from tests.store.conftest import cite

MakeReceipt = Callable[..., Receipt]


def test_the_migrated_tables_are_those_of_the_code(database: Database) -> None:
    with database.write() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        found = inspect(connection)
        for table in metadata.sorted_tables:
            kept = {key["name"]: key["options"].get("ondelete") for key in found.get_foreign_keys(table.name)}
            assert kept == {key.name: key.ondelete for key in table.foreign_key_constraints}
            assert found.get_pk_constraint(table.name)["name"] == table.primary_key.name


def test_down_and_up_again_with_rows_in_the_tables(url: str, receipt: MakeReceipt) -> None:
    for _ in range(2):
        with Database(url) as database:
            Answers(database).keep(receipt("a"), status="answered", kind="question", language="ru", citations=[cite("d", "p")])
            with database.write() as connection:
                schema.downgrade(connection, "base")
                assert inspect(connection).get_table_names() == ["alembic_version"]
            with database.write() as connection:
                assert schema.upgrade(connection)
                assert not schema.upgrade(connection)
            assert not Answers(database).latest("c1")


def test_a_failed_migration_is_undone(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as connection:
        schema.downgrade(connection, "base")
        raise RuntimeError
    with database.read() as connection:
        assert "answers" in inspect(connection).get_table_names()


def test_a_newer_database_is_refused(url: str) -> None:
    with Database(url) as database, database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BotError, match="newer version"):
        Database(url).open()


def test_many_may_open_an_empty_database_at_once(url: str) -> None:
    def opened(_: int) -> bool:
        with Database(url) as database, database.read() as connection:
            return bool(inspect(connection).has_table("answers"))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(opened, range(8)))


def test_logging_is_left_alone(url: str) -> None:
    before = (logging.root.level, list(logging.root.handlers), logging.getLogger("bot").disabled)
    with Database(url):
        pass
    assert (logging.root.level, list(logging.root.handlers), logging.getLogger("bot").disabled) == before


def test_how_the_tables_stand_is_told_without_a_change(url: str) -> None:
    before = "absent" if Database(url).is_sqlite else "empty"
    assert [Database(url).standing(), Database(url).standing()] == [before, before]
    with Database(url) as database:
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
        assert Database(url).standing() == "unknown"
        with database.write() as connection:
            connection.execute(text("DELETE FROM alembic_version"))
        assert Database(url).standing() == "empty"


def test_answers_of_the_first_tables_can_be_recalled(url: str, receipt: MakeReceipt) -> None:
    shown = cite("d", "p", quote="The very words.")
    body = json.dumps(
        {
            "language": "ru",
            "citations": [{name: getattr(shown, name) for name in ("document_id", "passage_id", "title", "language", "quote")}],
        }
    )
    with Database(url) as database:
        given = receipt("a", body=body)
        Answers(database).keep(given, status="answered", kind="question", language="ru", citations=[shown])
        expected = Recall(database).answers(Subject("document", "d"))
        with database.write() as connection:
            schema.downgrade(connection, "0001")
            assert "quotes" not in inspect(connection).get_table_names()
            assert connection.execute(text("SELECT document_id, passage_id FROM answer_citations")).all() == [("d", "p")]
        with database.write() as connection:
            assert schema.upgrade(connection)
        assert Recall(database).answers(Subject("document", "d")) == expected
        assert Answers(database).get("a") == given
