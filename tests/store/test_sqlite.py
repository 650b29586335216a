"""The SQLite library, and how its connections are set."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store import sqlite
from bot.store.answers import Answers
from bot.store.database import Database
from bot.vocabulary import Receipt

MakeReceipt = Callable[..., Receipt]


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 6, 23), "DELETE"),
        ((3, 40, 1), "DELETE"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 53, 0), "WAL"),
        ((4, 0, 0), "WAL"),
    ],
)
def test_wal_only_where_the_library_is_fixed(version: tuple[int, int, int], mode: str) -> None:
    assert sqlite.journal_mode(version) == mode


def test_connections_are_set_for_safety(tmp_path: Path) -> None:
    mode = sqlite.journal_mode(sqlite.driver().sqlite_version_info).lower()
    with Database(sqlite.sqlite_url(tmp_path)) as database:
        for block in (database.read, database.write):
            with block() as connection:
                found = {
                    name: connection.execute(text(f"PRAGMA {name}")).scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
                }
            assert found == {"journal_mode": mode, "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    with Database(sqlite.sqlite_url(tmp_path / "new" / "folder")):
        for file in (tmp_path / "new" / "folder").iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_pythons_own_module_serves_where_pysqlite3_is_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receipt: MakeReceipt
) -> None:
    url = sqlite.sqlite_url(tmp_path)
    with Database(url) as database:
        Answers(database).keep(receipt("a"), status="answered", kind="question", language="en", citations=[])
    monkeypatch.setitem(__import__("sys").modules, "pysqlite3.dbapi2", None)
    assert sqlite.driver() is sqlite3
    with Database(url) as database:
        Answers(database).keep(receipt("b"), status="answered", kind="question", language="en", citations=[])
        assert len(Answers(database).conversation("c1")) == 2
        with database.read() as connection:
            mode = connection.execute(text("PRAGMA journal_mode")).scalar()
    assert mode == sqlite.journal_mode(sqlite3.sqlite_version_info).lower()


def test_a_folder_name_may_hold_anything(tmp_path: Path) -> None:
    folder = tmp_path / "a b?c#d%20é@:"
    with Database(sqlite.sqlite_url(folder)):
        assert (folder / sqlite.FILE).is_file()
