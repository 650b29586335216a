"""Alarms: each is told by one process, once, and again after a while where it lasts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import Database
from bot.store.tables import Moment, alarms

_A = alarms.c
_RAISE = {
    "sqlite": sqlite.insert(alarms).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(alarms).on_conflict_do_nothing(),
}
_TAKE = (
    update(alarms)
    .where(_A.name == bindparam("alarm"), or_(_A.told_at.is_(None), _A.told_at <= bindparam("before", type_=Moment)))
    .values(told_at=bindparam("now", type_=Moment))
)
_UNTOLD = update(alarms).where(_A.name == bindparam("alarm")).values(told_at=None)
_OTHERS = delete(alarms).where(_A.name.not_in(bindparam("names", expanding=True)))
_ALL = select(_A.name, _A.raised_at)


class Alarms:
    """The alarms of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def raised(self) -> dict[str, datetime]:
        """The alarms that last, and since when."""
        with self._database.read() as connection:
            return {row.name: row.raised_at for row in connection.execute(_ALL)}

    def take(self, name: str, now: datetime, again: timedelta) -> bool:
        """Raises an alarm; whether the caller is to tell of it, because nobody has within `again`."""
        with self._database.write() as connection:
            connection.execute(_RAISE[connection.dialect.name], {"name": name, "raised_at": now, "told_at": None})
            return connection.execute(_TAKE, {"alarm": name, "now": now, "before": now - again}).rowcount == 1

    def untold(self, name: str) -> None:
        """Gives back an alarm that could not be told: whoever looks next tries."""
        with self._database.write() as connection:
            connection.execute(_UNTOLD, {"alarm": name})

    def keep_only(self, names: Collection[str]) -> None:
        """Ends every other alarm."""
        if set(self.raised()) - set(names):
            with self._database.write() as connection:
                connection.execute(_OTHERS, {"names": list(names)})
