"""Copies of the database that are whole, made while it is in use, and put back after they were examined."""

from __future__ import annotations

import os
import secrets as chance
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import URL, make_url

from bot.errors import BadBackup, BotError
from bot.store import sqlite
from bot.store.database import Database
from bot.store.tables import backups

PAGES = 2000  # copied between two looks at whether somebody wants to write


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made. `sha256` is that of its file."""

    id: str
    made_at: datetime
    file: str
    sha256: str | None


class Backups:
    """The backups of a database, and the list of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> list[Backup]:
        """Every backup made, oldest first, wherever its file is by now."""
        with self._database.read() as connection:
            return [Backup(**row._mapping) for row in connection.execute(select(backups).order_by(backups.c.made_at))]

    def make(self, file: Path, now: datetime) -> Backup:
        """Copies the database to a file that is not there yet, examines the copy and lists it. Safe while others write.

        Raises BadBackup, BotError; no half copy stays behind.
        """
        if file.exists():
            raise BadBackup(f"{file} is there already; name a file that is not")
        made = Backup(chance.token_hex(8), now, str(file.absolute()), None)
        with self._database.write() as connection:  # listed first: the copy lists itself, and no copy is without its entry
            connection.execute(insert(backups), {"id": made.id, "made_at": now, "file": made.file, "sha256": None})
        part = file.with_name(f".{file.name}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            self._copy(part)
            digest = _sha256(part)
            part.replace(file)
            _settle(file.parent)
        except (OSError, BotError) as error:
            part.unlink(missing_ok=True)
            raise error if isinstance(error, BotError) else BadBackup(f"{file}: cannot be written ({error.strerror})") from error
        with self._database.write() as connection:
            done = update(backups).where(backups.c.id == bindparam("of")).values(sha256=digest)
            connection.execute(done, {"of": made.id})
        return Backup(made.id, now, made.file, digest)

    def _copy(self, part: Path) -> None:
        if not self._database.is_sqlite:
            _run("pg_dump", self._database.url, "--format=custom", "--file", str(part))
            _examine_dump(part)
            return
        copy_sqlite(Path(self._database.place), part)
        examine(part)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copies a SQLite database page by page while others use it. Raises BadBackup."""
    driver: Any = sqlite.driver()
    try:
        with closing(_patient(driver, source)) as old, closing(driver.connect(str(target))) as new:
            old.backup(new, pages=PAGES)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, without anything beside it
    except driver.Error as error:
        raise BadBackup(f"{source}: cannot be copied ({error})") from error


def examine(file: Path) -> None:
    """Makes sure that a SQLite file is whole and a database of ours. Raises BadBackup."""
    driver: Any = sqlite.driver()
    try:
        with closing(driver.connect(f"file:{_quoted(file)}?mode=ro", uri=True)) as found:
            whole = found.execute("PRAGMA integrity_check").fetchone()[0]
            orphans = found.execute("PRAGMA foreign_key_check").fetchone()
            ours = found.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('alembic_version', 'answers')").fetchone()[0]
    except driver.Error as error:
        raise BadBackup(f"{file}: is no intact database ({error})") from error
    if whole != "ok" or orphans:
        raise BadBackup(f"{file}: is damaged ({whole if whole != 'ok' else 'rows without their parents'}); take another backup")
    if ours != 2:
        raise BadBackup(f"{file}: is no database of this product")


def put_back(source: Path, place: Path) -> None:
    """Makes a SQLite database hold what another one holds, in one transaction: whoever uses it sees the old or the new one.

    Raises BadBackup.
    """
    driver: Any = sqlite.driver()
    try:
        with closing(driver.connect(str(source))) as new, closing(_patient(driver, place)) as old:
            new.backup(old)
    except driver.Error as error:
        raise BadBackup(f"{place}: cannot be written ({error}); nothing was changed") from error


def _patient(driver: Any, place: Path) -> Any:
    connection = driver.connect(str(place), timeout=sqlite.BUSY_SECONDS)
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def restore_postgres(file: Path, url: str) -> None:
    """Puts a dump in the place of a PostgreSQL database's tables, in one transaction. Raises BadBackup."""
    _examine_dump(file)
    _run("pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction", str(file), flag="--dbname")


def _examine_dump(file: Path) -> None:
    _run("pg_restore", None, "--list", str(file))


def _run(program: str, url: str | None, *words: str, flag: str = "--dbname") -> None:
    """Runs a tool of PostgreSQL's. Its password goes by the environment, where no list of processes shows it."""
    where, environment = _address(url) if url else (None, {})
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)
    found = shutil.which(program) or next(map(str, debian), None)
    if found is None:
        raise BadBackup(f"{program} is not on this machine: install PostgreSQL's client programs (postgresql-client)")
    command = [found, *([flag, where] if where else []), *words]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)  # noqa: S603 # a tool of PostgreSQL's
    if done.returncode:
        raise BadBackup(f"{program}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")


def _address(url: str) -> tuple[str, Mapping[str, str]]:
    made = make_url(url)
    password = {"PGPASSWORD": str(made.password)} if made.password else {}
    return URL.create("postgresql", made.username, None, made.host, made.port, made.database, made.query).render_as_string(
        hide_password=False
    ), password


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _settle(folder: Path) -> None:
    """The name of a new file is on the disk once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _quoted(file: Path) -> str:
    return str(file.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
