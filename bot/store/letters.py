"""The outbox: letters that wait, are claimed by one worker at a time, and go out, or come to a person's attention."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select, update

from bot.errors import NotFound
from bot.intake import LETTER_STATES, Letter, LetterState
from bot.store.database import Database
from bot.store.tables import Moment, letters

_L = letters.c
_NOW = bindparam("now", type_=Moment)
_DUE = or_(and_(_L.state == "pending", _L.next_at <= _NOW), and_(_L.state == "claimed", _L.claimed_until <= _NOW))
_NEXT = select(_L.id).where(_DUE).order_by(_L.next_at, _L.id).limit(bindparam("limit")).with_for_update(skip_locked=True)
# One statement finds and takes: on SQLite writers take turns, on PostgreSQL rows that another worker is taking are skipped.
_CLAIM = (
    update(letters)
    .where(_L.id.in_(_NEXT.scalar_subquery()))
    .values(
        state="claimed",
        claimed_by=bindparam("worker"),
        claimed_until=bindparam("until", type_=Moment),
        attempts=_L.attempts + 1,
        # a claim that ran out was of a worker that may have sent the letter before it died
        ambiguous=or_(_L.ambiguous, _L.state == "claimed"),
    )
    .returning(*_L)
)
_MINE = and_(_L.id == bindparam("letter_id"), _L.state == "claimed", _L.claimed_by == bindparam("worker"))
_FREE = {"claimed_by": None, "claimed_until": None}
_DELIVERED = update(letters).where(_MINE).values(state="delivered", delivered_at=_NOW, last_error=None, **_FREE)
_FAILED = (
    update(letters)
    .where(_MINE)
    .values(
        state=bindparam("to"),
        next_at=bindparam("at", type_=Moment),
        last_error=bindparam("error"),
        ambiguous=or_(_L.ambiguous, bindparam("doubtful")),
        **_FREE,
    )
)
_AGAIN = (
    update(letters)
    .where(_L.lead_id == bindparam("of_lead"), _L.state == "attention")
    .values(state="pending", queued_at=_NOW, next_at=_NOW, last_error=None)
)
_ONE = select(letters).where(_L.id == bindparam("id"))
_OF_LEAD = select(letters).where(_L.lead_id == bindparam("id")).order_by(_L.queued_at, _L.id)
_COUNTS = select(_L.state, func.count()).group_by(_L.state)
_OLDEST = select(func.min(_L.queued_at)).where(_L.state.in_(("pending", "claimed")))


class Outbox:
    """The letters of a database. Whatever happens to a worker, a letter is pending, claimed until a moment, or where it ended."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, worker: str, now: datetime, lease: timedelta, limit: int = 1) -> list[Letter]:
        """Takes letters that are due, oldest first, for `lease`; those of workers whose lease ran out too, marked as ambiguous.

        Nobody else gets them before `now + lease`. `worker` must be a name that no other worker ever has.
        """
        values = {"worker": worker, "now": now, "until": now + lease, "limit": limit}
        with self._database.write() as connection:
            taken = [_letter(row) for row in connection.execute(_CLAIM, values)]
        return sorted(taken, key=lambda letter: (letter.next_at, letter.id))

    def delivered(self, letter_id: str, worker: str, now: datetime) -> bool:
        """Ends a letter of the worker's own; False, and nothing is changed, where it is not the worker's any more."""
        return self._mine(_DELIVERED, letter_id, worker, now=now)

    def postpone(self, letter_id: str, worker: str, until: datetime, error: str, *, ambiguous: bool = False) -> bool:
        """Puts a letter of the worker's own back until a moment; `error` is a code, without anything personal. False as above."""
        return self._mine(_FAILED, letter_id, worker, to="pending", at=until, error=error, doubtful=ambiguous)

    def give_up(self, letter_id: str, worker: str, now: datetime, error: str, *, ambiguous: bool = False) -> bool:
        """Hands a letter of the worker's own to a person's attention. False as above."""
        return self._mine(_FAILED, letter_id, worker, to="attention", at=now, error=error, doubtful=ambiguous)

    def again(self, lead_id: str, now: datetime) -> int:
        """Queues the letters of a lead that are in attention anew; says how many."""
        with self._database.write() as connection:
            return connection.execute(_AGAIN, {"of_lead": lead_id, "now": now}).rowcount

    def get(self, letter_id: str) -> Letter:
        """A letter. Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(_ONE, {"id": letter_id}).one_or_none()
        if row is None:
            raise NotFound("there is no such letter")
        return _letter(row)

    def of_lead(self, lead_id: str) -> list[Letter]:
        """The letters of a lead, oldest first."""
        with self._database.read() as connection:
            return letters_of(connection, lead_id)

    def counts(self) -> dict[LetterState, int]:
        """How many letters there are in each state; every state is there."""
        with self._database.read() as connection:
            found = {row[0]: row[1] for row in connection.execute(_COUNTS)}
        return {state: found.get(state, 0) for state in LETTER_STATES}

    def oldest_pending(self) -> datetime | None:
        """Since when the letter that has waited longest waits, if any does."""
        with self._database.read() as connection:
            return connection.execute(_OLDEST).scalar()

    def _mine(self, statement: Any, letter_id: str, worker: str, **values: object) -> bool:
        with self._database.write() as connection:
            return bool(connection.execute(statement, {"letter_id": letter_id, "worker": worker, **values}).rowcount == 1)


def letters_of(connection: Connection, lead_id: str) -> list[Letter]:
    """The letters of a lead, oldest first."""
    return [_letter(row) for row in connection.execute(_OF_LEAD, {"id": lead_id})]


def _letter(row: Row[Any]) -> Letter:
    return Letter(**row._mapping)
