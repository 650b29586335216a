"""The SQLite library: which one is used, and how its connections are set so that a commit is never lost."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed

from bot.store.faults import is_busy

FILE = "bot.sqlite3"
BUSY_SECONDS = 10.0
TURN_SECONDS = 0.001
WRITER = {"bot_writer": True}
_FIRST_SAFE_WAL = (3, 51, 3)


def sqlite_url(data_dir: Path) -> str:
    """The URL of the store in a data folder; the file need not exist yet."""
    return URL.create("sqlite", database=str(data_dir.absolute() / FILE)).render_as_string()


def driver() -> ModuleType:
    """`pysqlite3`, which brings a current SQLite, else Python's own module with the system's."""
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def journal_mode(version: tuple[int, ...]) -> Literal["WAL", "DELETE"]:
    """WAL where the library may be trusted with it: 3.7.0 to 3.51.2 can lose commits (WAL-reset bug, sqlite.org/wal.html)."""
    return "WAL" if version >= _FIRST_SAFE_WAL else "DELETE"


def engine(url: URL, module: ModuleType) -> Engine:
    """An engine on a database file; makes the file, readable by its owner alone, and its folder. Raises OSError."""
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Never open a file that is there: closing it would drop the locks this process holds on it through SQLite.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    made = create_engine(
        url,
        module=module,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
        pool_size=8,
        max_overflow=56,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
    )
    mode = journal_mode(module.sqlite_version_info)

    def connected(connection: Any, _record: object) -> None:
        if connection.execute("PRAGMA journal_mode").fetchone()[0].upper() != mode:
            connection.execute(f"PRAGMA journal_mode={mode}")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA foreign_keys=ON")

    event.listen(made, "connect", connected)
    event.listen(made, "begin", _begin)
    return made


def _begin(connection: Connection) -> None:
    """A writer takes the write lock at once: one that first read could no longer wait for its turn."""
    if connection.get_execution_options().get("bot_writer"):
        _take_turn(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _take_turn(connection: Connection) -> None:
    """Asks for the write lock each millisecond while another process has it.

    SQLite's own waiting grows to a tenth of a second, and meanwhile others pass by: of two busy processes one stood for up to
    a second.
    """
    raw: Any = connection.connection.dbapi_connection
    asking = Retrying(
        retry=retry_if_exception(is_busy), wait=wait_fixed(TURN_SECONDS), stop=stop_after_delay(BUSY_SECONDS), reraise=True
    )
    raw.execute("PRAGMA busy_timeout=0")
    try:
        asking(connection.exec_driver_sql, "BEGIN IMMEDIATE")
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")


def foreign_keys(connection: Connection, on: bool) -> None:
    """Switches the checks of a connection that is in no transaction (in one, SQLite ignores the switch)."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def scrub(connection: Connection) -> bool:
    """Writes the file anew without what was deleted, and empties its journal; in no transaction.

    False where another process reads, so that the journal could not be emptied.
    """
    raw: Any = connection.connection.dbapi_connection
    raw.execute("VACUUM")
    return bool(raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


def orphans(connection: Connection) -> int:
    """How many rows point at a row that is not there."""
    return len(connection.execute(text("PRAGMA foreign_key_check")).all())
