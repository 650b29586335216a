"""What a database's error means to the one who reads it. Driver messages name files and tables, never a visitor's words."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import BotError, Busy, StorageFull

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# sqlite.org/rescode.html; the low byte is the kind of the fault.
_SQLITE_BUSY = (5, 6)
_SQLITE_IOERR, _SQLITE_CORRUPT, _SQLITE_FULL, _SQLITE_NOTADB = 10, 11, 13, 26
# postgresql.org/docs/current/errcodes-appendix.html: too many connections, starting or stopping, deadlock and the like.
_PG_FULL = "53100"
_PG_BUSY = ("53300", "57P01", "57P02", "57P03", "55P03", "40001", "40P01")


def explain(error: SQLAlchemyError, place: str, *, writing: bool) -> BotError | None:
    """The error of ours that says what happened at `place` (a file, or a URL without its password).

    None where the fault is the program's: a broken constraint, a wrong statement.
    """
    if isinstance(error, PoolTimeout):
        return Busy(f"{place}: every database connection is in use")
    if not isinstance(error, DBAPIError) or error.orig is None:
        return None
    return _driver_fault(error, error.orig, place, writing)


def is_busy(error: BaseException) -> bool:
    """Whether SQLite refused because somebody else has the lock."""
    return isinstance(error, DBAPIError) and _sqlite_code(error.orig) in _SQLITE_BUSY


def explain_file(error: OSError, place: str) -> BotError:
    """The error of ours for a database file that cannot be made or opened."""
    if error.errno in _NO_SPACE:
        return StorageFull(f"{place}: there is no room left ({error.strerror})")
    return BotError(f"{place}: the database file cannot be used ({error.strerror})")


def _driver_fault(error: DBAPIError, orig: BaseException, place: str, writing: bool) -> BotError | None:
    state = getattr(orig, "sqlstate", None)
    code = _sqlite_code(orig)
    said = str(orig).strip().partition("\n")[0]
    # A quota or a limit on file size refuses a write as SQLite's "I/O error", not as "full".
    if state == _PG_FULL or code == _SQLITE_FULL or (writing and code == _SQLITE_IOERR):
        return StorageFull(f"{place}: the disk refused the write ({said}); nothing was changed")
    if state in _PG_BUSY or code in _SQLITE_BUSY:
        return Busy(f"{place}: the database is busy ({said})")
    if code in (_SQLITE_CORRUPT, _SQLITE_NOTADB):
        return BotError(f"{place}: this is no intact database ({said})")
    if isinstance(error, (OperationalError, InterfaceError)):
        return BotError(f"{place}: the database cannot be used ({said})")
    return None


def _sqlite_code(orig: BaseException | None) -> int:
    """The kind of a fault of SQLite's; 0 where it is none."""
    return int(getattr(orig, "sqlite_errorcode", 0)) & 0xFF
