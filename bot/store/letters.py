"""The outbox: letters that wait, are claimed by one worker at a time, and go out, or come to a person's attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select, update

from bot.errors import NotFound
from bot.intake import LETTER_SORTS, LETTER_STATES, Letter, LetterSort, LetterState
from bot.store.database import Database
from bot.store.tables import Moment, letters

BY_HAND = "by_hand"
_L = letters.c
_NOW = bindparam("now", type_=Moment)
_DUE = or_(
    and_(_L.state.in_(("pending", "attention")), _L.next_at <= _NOW), and_(_L.state == "claimed", _L.claimed_until <= _NOW)
)
_SORTS = _L.sort.in_(bindparam("sorts", expanding=True))
_FIRST = select(_L.id).where(_DUE, _SORTS).order_by(_L.queued_at, _L.id).limit(bindparam("limit"))
_NEXT = _FIRST.with_for_update(skip_locked=True)
# One statement finds and takes: on SQLite writers take turns, on PostgreSQL rows that another worker is taking are skipped.
_CLAIM = (
    update(letters)
    .where(_L.id.in_(_NEXT.scalar_subquery()))
    .values(
        state="claimed",
        claimed_by=bindparam("worker"),
        claimed_until=bindparam("until", type_=Moment),
        attempts=_L.attempts + 1,
        # a claim that ran out after the words had left: the worker may have died behind a letter that arrived
        ambiguous=or_(_L.ambiguous, and_(_L.state == "claimed", _L.handed_over > 0)),
    )
    .returning(*_L)
)
_MINE = and_(_L.id == bindparam("letter_id"), _L.state == "claimed", _L.claimed_by == bindparam("worker"))
_FREE = {"claimed_by": None, "claimed_until": None}
_HAND_OVER = update(letters).where(_MINE, _L.claimed_until > _NOW).values(handed_over=_L.handed_over + 1)
# Whoever knows that a letter arrived ends it, be the claim another's by now: that one is then kept from handing it over again.
_DELIVERED = (
    update(letters)
    .where(_L.id == bindparam("letter_id"), _L.state != "delivered")
    .values(state="delivered", delivered_at=_NOW, next_at=None, last_error=None, **_FREE)
)
_FAILED = (
    update(letters)
    .where(_MINE)
    .values(
        state=bindparam("to"),
        next_at=bindparam("at", type_=Moment),
        last_error=bindparam("error"),
        handed_over=bindparam("times"),
        ambiguous=or_(_L.ambiguous, bindparam("doubtful")),
        **_FREE,
    )
)
_REVIVED = update(letters).values(state="pending", queued_at=_NOW, next_at=_NOW, handed_over=0, last_error=None)
_AGAIN = _REVIVED.where(_L.lead_id == bindparam("of_lead"), _L.state == "attention")
_AGAIN_ALL = _REVIVED.where(_L.state == "attention")
_SETTLED = (
    update(letters)
    .where(_L.id == bindparam("letter_id"), _L.state == "attention")
    .values(state="delivered", delivered_at=_NOW, next_at=None, last_error=BY_HAND)
)
_OVERDUE = update(letters).where(_L.state == "pending", _L.queued_at <= bindparam("limit")).values(state="attention")
_ONE = select(letters).where(_L.id == bindparam("id"))
_OF_LEAD = select(letters).where(_L.lead_id == bindparam("id")).order_by(_L.queued_at, _L.id)
_COUNTS = select(_L.state, func.count()).group_by(_L.state)
_OLDEST = select(func.min(_L.queued_at)).where(_L.state.in_(("pending", "claimed")))


@dataclass(frozen=True, slots=True)
class Failed:
    """How an attempt ended: when it is tried again (None: not by itself), the code of the error, whether it may have arrived."""

    state: Literal["pending", "attention"]
    next_at: datetime | None
    error: str
    ambiguous: bool = False


class Outbox:
    """The letters of a database. Whatever happens to a worker, a letter is pending, claimed until a moment, or where it ended."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime, sorts: Sequence[LetterSort] = LETTER_SORTS) -> bool:
        """Whether there is anything to claim. Only reads, so that workers without work are in nobody's way."""
        with self._database.read() as connection:
            return connection.execute(_FIRST, {"now": now, "sorts": list(sorts), "limit": 1}).first() is not None

    def claim(
        self, worker: str, now: datetime, lease: timedelta, limit: int = 1, sorts: Sequence[LetterSort] = LETTER_SORTS
    ) -> list[Letter]:
        """Takes letters that are due, oldest first, for `lease`; those of workers whose lease ran out too.

        Nobody else gets them before `now + lease`. `worker` must be a name that no other worker ever has.
        """
        values = {"worker": worker, "now": now, "until": now + lease, "limit": limit, "sorts": list(sorts)}
        with self._database.write() as connection:
            taken = [_letter(row) for row in connection.execute(_CLAIM, values)]
        return sorted(taken, key=lambda letter: (letter.queued_at, letter.id))

    def hand_over(self, letter_id: str, worker: str, now: datetime) -> bool:
        """Notes that a letter's words are about to leave. False, and they must not, where it is not the worker's any more."""
        return self._mine(_HAND_OVER, letter_id, worker, now=now)

    def delivered(self, letter_id: str, now: datetime) -> bool:
        """Ends a letter that arrived; False where it had ended so before, or is not there any more."""
        with self._database.write() as connection:
            return bool(connection.execute(_DELIVERED, {"letter_id": letter_id, "now": now}).rowcount == 1)

    def failed(self, letter: Letter, worker: str, end: Failed) -> bool:
        """Puts a letter of the worker's own, as it was claimed, back or before a person. False where it is another's by now."""
        times = letter.handed_over + end.ambiguous
        values = {"to": end.state, "at": end.next_at, "error": end.error, "times": times, "doubtful": end.ambiguous}
        return self._mine(_FAILED, letter.id, worker, **values)

    def overdue(self, limit: datetime) -> int:
        """Brings what was queued up to `limit` and still waits to a person's attention; it is tried on. Says how many."""
        with self._database.write() as connection:
            return connection.execute(_OVERDUE, {"limit": limit}).rowcount

    def again(self, lead_id: str | None, now: datetime) -> int:
        """Queues the letters in attention anew, of a lead or (None) of all; says how many."""
        of_lead = {} if lead_id is None else {"of_lead": lead_id}
        with self._database.write() as connection:
            return connection.execute(_AGAIN if of_lead else _AGAIN_ALL, {**of_lead, "now": now}).rowcount

    def settle(self, letter_id: str, now: datetime) -> bool:
        """Ends a letter in attention that a person has seen to in another way; False where it is not in attention."""
        with self._database.write() as connection:
            return connection.execute(_SETTLED, {"letter_id": letter_id, "now": now}).rowcount == 1

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
