"""A backup put back: made ready beside the database (migrated, and erased again of whoever was erased since), then swapped in."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import BadBackup, BotError
from bot.store import backups
from bot.store.database import Database
from bot.store.people import Ledger, People
from bot.store.sqlite import FILE, sqlite_url


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: how many people it erased again, and where the database of before is, if there was one."""

    erased_again: int
    before: Path | None


def restore(file: Path, database: Database, now: datetime) -> Restored:
    """Puts a backup in the place of a database that is not open here; others may have it open. Raises BadBackup.

    The erasures of the database of before are carried over, so that a backup brings nobody back.
    """
    if not file.is_file():
        raise BadBackup(f"{file}: there is no such file")
    ledger = _ledger(database)
    if not database.is_sqlite:
        backups.restore_postgres(file, database.url)
        with database as opened:
            return Restored(People(opened).adopt(ledger, now) if ledger else 0, None)
    backups.examine(file)
    return _restore_sqlite(file, Path(database.place), ledger, now)


def _restore_sqlite(file: Path, place: Path, ledger: Ledger | None, now: datetime) -> Restored:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".restore-") as folder:
            ready = Path(folder) / FILE
            shutil.copyfile(file, ready)
            ready.chmod(0o600)
            with Database(sqlite_url(Path(folder))) as beside:
                again = People(beside).adopt(ledger, now) if ledger else 0
                beside.scrub()
            backups.examine(ready)
            before = _aside(place, now)
            backups.put_back(ready, place)
            place.chmod(0o600)
    except OSError as error:
        raise BadBackup(f"{place}: cannot be written ({error.strerror})") from error
    return Restored(again, before)


def _aside(place: Path, now: datetime) -> Path | None:
    if not place.exists():
        return None
    before = place.with_name(f"{place.name}.before-{now:%Y%m%dT%H%M%S}")
    before.touch(0o600)
    backups.copy_sqlite(place, before)
    return before


def _ledger(database: Database) -> Ledger | None:
    """The erasures of the database that is there; none where there is none, or it is broken, for which a restore is made."""
    try:
        if database.standing() in ("absent", "empty"):
            return None
        with database as opened:
            return People(opened).ledger()
    except BotError:
        return None
