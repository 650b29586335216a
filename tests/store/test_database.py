"""What the database promises when others write too, when it is not there, and when the disk refuses."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event, text

from bot.errors import BadSetting, BotError, Busy, StorageFull
from bot.store import sqlite
from bot.store.answers import Answers
from bot.store.database import Database
from bot.store.sqlite import sqlite_url
from bot.vocabulary import Receipt
from tests.store.conftest import cite

MakeReceipt = Callable[..., Receipt]


def keep(database: Database, receipt: MakeReceipt, name: str) -> None:
    Answers(database).keep(receipt(name), status="answered", kind="question", language="en", citations=[cite("d", "p")])


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///:memory:", "mysql://root:secret@x/y", "postgresql+asyncpg://x/y"])
def test_other_urls_are_refused_without_being_told_again(url: str) -> None:
    with pytest.raises(BadSetting) as caught:
        Database(url)
    assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(BotError, match=r"127.0.0.1:9") as caught:
        Database("postgresql://bot:secret@127.0.0.1:9/x").open()
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / sqlite.FILE).write_text("This is a letter, not a database. " * 100)
    with pytest.raises(BotError, match=sqlite.FILE):
        Database(sqlite_url(tmp_path)).open()
    (tmp_path / "x").write_text("")
    for place in (tmp_path / "x", Path("/proc/nowhere")):
        with pytest.raises(BotError, match=str(place)):
            Database(sqlite_url(place)).open()
    (tmp_path / "folder" / sqlite.FILE).mkdir(parents=True)
    with pytest.raises(BotError, match="folder"):
        Database(sqlite_url(tmp_path / "folder")).open()


def test_a_raising_block_writes_nothing(database: Database, receipt: MakeReceipt) -> None:
    with pytest.raises(KeyError), database.write() as connection:
        connection.execute(text("INSERT INTO conversations VALUES ('x', '2026-01-01', 'en')"))
        raise KeyError
    assert not Answers(database).latest("x")
    keep(database, receipt, "a")


def test_what_is_written_through_read_is_thrown_away(database: Database) -> None:
    with database.read() as connection:
        connection.execute(text("INSERT INTO conversations VALUES ('x', '2026-01-01', 'en')"))
    assert not Answers(database).latest("x")


def test_a_reader_sees_one_state(database: Database, receipt: MakeReceipt) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL reads what is committed, statement by statement")
    count = text("SELECT count(*) FROM answers")
    with database.read() as connection:
        assert connection.execute(count).scalar() == 0
        if sqlite.journal_mode(sqlite.driver().sqlite_version_info) == "WAL":
            keep(database, receipt, "a")
        assert connection.execute(count).scalar() == 0


def test_a_write_that_waits_too_long_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receipt: MakeReceipt) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.2)
    held, done = threading.Event(), threading.Event()
    with Database(sqlite_url(tmp_path)) as here, Database(sqlite_url(tmp_path)) as elsewhere:

        def hold() -> None:
            with here.write():
                held.set()
                done.wait(20)

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait(20)
        for database in (here, elsewhere):
            with pytest.raises(Busy):
                keep(database, receipt, "a")
        done.set()
        thread.join()
        keep(here, receipt, "a")
        keep(elsewhere, receipt, "b")


def test_a_write_asks_often_while_another_process_writes(tmp_path: Path, receipt: MakeReceipt) -> None:
    asked, waits = list[str](), threading.Event()
    with Database(sqlite_url(tmp_path)) as here, Database(sqlite_url(tmp_path)) as elsewhere:

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith("BEGIN"):
                asked.append(statement)
                if len(asked) == 20:
                    waits.set()

        event.listen(elsewhere._opened, "before_cursor_execute", note)
        with here.write():
            thread = threading.Thread(target=keep, args=(elsewhere, receipt, "a"))
            thread.start()
            assert waits.wait(20)
        thread.join(20)
        assert elsewhere._writer is not None
        assert elsewhere._writer.exec_driver_sql("PRAGMA busy_timeout").scalar() == sqlite.BUSY_SECONDS * 1000
        with elsewhere.read() as connection:
            assert connection.execute(text("SELECT count(*) FROM answers")).scalar() == 1


def test_a_full_database_says_so_and_goes_on_when_there_is_room(tmp_path: Path, receipt: MakeReceipt) -> None:
    with Database(sqlite_url(tmp_path)) as database:
        with database.write() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            connection.execute(text(f"PRAGMA max_page_count = {pages + 20}"))
        kept = []
        with pytest.raises(StorageFull, match="full"):
            for n in range(1000):
                keep(database, receipt, f"a{n}")
                kept.append(f"a{n}")
        assert kept
        assert sorted(one.answer_id for one in Answers(database).conversation("c1")) == sorted(kept)
        with database.write() as connection:
            connection.execute(text("PRAGMA max_page_count = 100000"))
        keep(database, receipt, "after")


_CHILD = Path(__file__).with_name("keeper.py")
_ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def _kept(folder: Path) -> set[str]:
    with Database(sqlite_url(folder)) as database, database.read() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert connection.execute(text("PRAGMA foreign_key_check")).first() is None
        return {row[0] for row in connection.execute(text("SELECT id FROM answers"))}


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    acknowledged: set[str] = set()
    for cycle in range(20):
        with subprocess.Popen(
            [sys.executable, str(_CHILD), str(tmp_path), str(cycle)],
            stdout=subprocess.PIPE,
            text=True,
            env=_ENVIRONMENT,
        ) as child:
            assert child.stdout is not None
            for _ in range(5 + cycle * 7):
                acknowledged.add(child.stdout.readline().strip())
            child.kill()
            acknowledged |= {line.strip() for line in child.stdout if line.endswith("\n")}
        assert acknowledged <= _kept(tmp_path)
    assert len(acknowledged) > 1000


@pytest.mark.parametrize("limit", ["tmpfs", "file-size"])
def test_a_full_disk_says_so_and_loses_nothing(tmp_path: Path, limit: str) -> None:
    mounted = limit == "tmpfs"
    if mounted and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", tmp_path], check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        command = [sys.executable, str(_CHILD), str(tmp_path), "0"] + ([] if mounted else ["600000"])
        done = subprocess.run(command, capture_output=True, text=True, env=_ENVIRONMENT, timeout=60, check=False)
        assert "StorageFull" in done.stderr.splitlines()[-1], done.stderr
        lines = set(done.stdout.split())
        assert lines
        assert lines == _kept(tmp_path)
    finally:
        if mounted:
            subprocess.run(["umount", tmp_path], check=True)


def test_processes_write_side_by_side(tmp_path: Path) -> None:
    command = [sys.executable, str(_CHILD), str(tmp_path)]
    children = [
        subprocess.Popen(
            [*command, str(n), "-", "100"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_ENVIRONMENT
        )
        for n in range(4)
    ]
    said = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0] * 4, said
    assert {line for out, _ in said for line in out.split()} == _kept(tmp_path)
    assert len(_kept(tmp_path)) == 4 * 100
