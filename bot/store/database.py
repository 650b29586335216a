"""The database: opened, migrated, read and written. SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Self

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.errors import BadSetting, BotError, Busy
from bot.store import schema, sqlite
from bot.store.faults import explain, explain_file
from bot.store.group import Group, T, Work

PERSONAL = ("leads", "letters", "lead_keys", "conversations", "answers", "answer_citations", "feedback")
POOL = 8
OVERFLOW = 24
POOL_SECONDS = 10.0


class Database:
    """One database, for all threads of a process; other processes may use it at the same time.

    Not usable before `open()`. On SQLite all writes of a process go over one connection, one after the other.
    """

    def __init__(self, url: str) -> None:
        """Raises BadSetting for a URL that names neither a SQLite file nor a PostgreSQL database."""
        self._url = _checked(url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self.place = str(self._url.database) if self.is_sqlite else self._url.render_as_string(hide_password=True)
        self._engine: Engine | None = None
        self._writer: Connection | None = None
        self._turn = Lock()
        self._group = Group(self.write)

    def open(self) -> Self:
        """Connects and migrates to the newest tables. Raises BotError (StorageFull, Busy) naming the file or server."""
        try:
            self._connect()
            self._migrate()
        except BaseException:
            self.close()
            raise
        return self

    def standing(self) -> schema.Standing:
        """How the tables stand to those of this version, without opening, making or migrating anything. Raises BotError."""
        if self.is_sqlite and not os.path.exists(self.place):
            return "absent"
        try:
            self._connect()
            with self.read() as connection:
                return schema.standing(connection)
        finally:
            self.close()

    @property
    def url(self) -> str:
        """The address with its password, for PostgreSQL's own programs."""
        return self._url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Gives back every connection; the last one on a SQLite file folds its journal into it. May be called twice."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database. What is written through it is thrown away."""
        with self._explained(writing=False), self._opened.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: durable once the block has ended, undone if it raises. Not to be nested in itself.

        Raises StorageFull where the disk refuses, Busy where the turn does not come within `sqlite.BUSY_SECONDS`.
        """
        engine = self._opened
        with self._explained(writing=True):
            if self._writer is None:
                with engine.begin() as connection:
                    yield connection
                return
            if not self._turn.acquire(timeout=sqlite.BUSY_SECONDS):
                raise Busy(f"{self.place}: too many writes are waiting")
            try:
                with self._writer.begin():
                    yield self._writer
            finally:
                self._turn.release()

    def save(self, work: Work[T]) -> T:
        """Runs `work` in a transaction and returns its result once that is durable. For short work of many threads.

        On SQLite work that arrives together shares a transaction (see `group`): it must only write, and may run twice.
        An error in one caller's work undoes that alone. Raises like `write`.
        """
        if self.is_sqlite:
            return self._group.run(work)
        with self.write() as connection:
            return work(connection)

    def scrub(self) -> bool:
        """Makes deleted rows unreadable in the files. Takes about a second a hundred megabytes, in which nobody else writes.

        False where other readers kept the journal from being emptied: it is to be done again. On PostgreSQL the tables of
        visitors are written anew; its own logs (WAL) are the server's.
        """
        with self._explained(writing=True):
            if self._writer is None:
                with self._opened.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    for table in PERSONAL:
                        connection.exec_driver_sql(f"VACUUM (FULL) {table}")
                return True
            if not self._turn.acquire(timeout=sqlite.BUSY_SECONDS):
                raise Busy(f"{self.place}: too many writes are waiting")
            try:
                return sqlite.scrub(self._writer)
            finally:
                self._turn.release()

    @property
    def _opened(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("the database is not open")
        return self._engine

    def _connect(self) -> None:
        if not self.is_sqlite:
            self._engine = _postgres(self._url)
            return
        with self._explained(writing=True):
            try:
                self._engine = sqlite.engine(self._url, sqlite.driver())
            except OSError as error:
                raise explain_file(error, self.place) from error
            self._writer = self._engine.connect().execution_options(**sqlite.WRITER)

    def _migrate(self) -> None:
        """With SQLite's foreign keys off: a table that a migration makes anew would take its children with it."""
        if self._writer is None:
            with self.write() as connection:
                schema.upgrade(connection)
            return
        sqlite.foreign_keys(self._writer, on=False)
        with self.write() as connection:
            if schema.upgrade(connection) and sqlite.orphans(connection):
                raise BotError(f"{self.place}: the migration would leave rows without their parents; it was undone")
        sqlite.foreign_keys(self._writer, on=True)

    @contextmanager
    def _explained(self, *, writing: bool) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            ours = explain(error, self.place, writing=writing)
            if ours is None:
                raise
            raise ours from error


def _postgres(url: URL) -> Engine:
    try:
        return create_engine(
            url,
            pool_size=POOL,
            max_overflow=OVERFLOW,
            pool_timeout=POOL_SECONDS,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ImportError as error:
        raise BadSetting("BOT_DATABASE_URL: PostgreSQL needs `pip install inquiry-desk[postgres]`") from error


def _checked(url: str) -> URL:
    try:
        made = make_url(url)
    except ArgumentError as error:
        raise BadSetting("BOT_DATABASE_URL is not a database URL") from error
    if made.get_backend_name() == "sqlite" and made.database not in (None, "", ":memory:"):
        return made.set(drivername="sqlite+pysqlite")
    if made.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return made.set(drivername="postgresql+psycopg")
    raise BadSetting("BOT_DATABASE_URL: takes sqlite:////path/to/file or postgresql://user:password@host/name")
