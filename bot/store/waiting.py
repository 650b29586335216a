"""How the outbox stands: numbers for operators, without a word about whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from bot.intake import Letter, LetterSort, LetterState
from bot.store.database import Database
from bot.store.tables import letters

_L = letters.c
_COUNTS = select(_L.sort, _L.state, func.count()).group_by(_L.sort, _L.state)
_OLDEST = select(func.min(_L.queued_at)).where(_L.state.in_(("pending", "claimed")))
_ERRORS = (
    select(_L.last_error, func.count())
    .where(_L.state != "delivered", _L.last_error.is_not(None))
    .group_by(_L.last_error)
    .order_by(func.count().desc(), _L.last_error)
)
_OPEN = (
    select(letters)
    .where(_L.state.in_(bindparam("states", expanding=True)))
    .order_by(_L.queued_at, _L.id)
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Letters by sort and state; since when the one that waits longest waits; the last errors of those not delivered, by code."""

    counts: Mapping[tuple[LetterSort, LetterState], int]
    oldest: datetime | None
    errors: Mapping[str, int]

    def number(self, *states: LetterState) -> int:
        """How many letters are in these states."""
        return sum(count for (_, state), count in self.counts.items() if state in states)


def waiting(database: Database) -> Waiting:
    """How the outbox stands now."""
    with database.read() as connection:
        counts = {(row[0], row[1]): row[2] for row in connection.execute(_COUNTS)}
        oldest = connection.execute(_OLDEST).scalar()
        errors = {row[0]: row[1] for row in connection.execute(_ERRORS)}
    return Waiting(counts, oldest, errors)


def listed(database: Database, states: tuple[LetterState, ...], limit: int) -> list[Letter]:
    """The letters in these states, those that waited longest first."""
    with database.read() as connection:
        rows: list[Row[Any]] = list(connection.execute(_OPEN, {"states": list(states), "limit": limit}))
    return [Letter(**row._mapping) for row in rows]
