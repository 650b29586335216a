"""Random bytes that all processes on a database share, made when they are first asked for."""

from __future__ import annotations

import secrets as chance

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Database
from bot.store.tables import secrets

_MAKE = {
    "sqlite": sqlite.insert(secrets).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(secrets).on_conflict_do_nothing(),
}
_ONE = select(secrets.c.value).where(secrets.c.name == bindparam("name"))


def shared(database: Database, name: str) -> bytes:
    """The 32 bytes of that name; the same for every process, for good."""
    with database.read() as connection:
        found = connection.execute(_ONE, {"name": name}).scalar()
    if found is None:
        with database.write() as connection:
            connection.execute(_MAKE[connection.dialect.name], {"name": name, "value": chance.token_bytes(32)})
            found = connection.execute(_ONE, {"name": name}).scalar_one()
    return bytes(found)
