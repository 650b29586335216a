"""Questions that stayed without an answer, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, desc, literal_column, or_, select, tuple_

from bot.paging import Place
from bot.store.database import Database
from bot.store.tables import Moment, Words, answers

EVER = datetime(1, 1, 1, tzinfo=UTC)
_A, _LATER = answers.c, answers.alias("later").c
# What the next turn of the conversation was written out to; a turn that takes up what was asked back always is.
_TAKEN_UP = (
    select(_LATER.meant)
    .where(_LATER.conversation_id == _A.conversation_id, _LATER.asked_at > _A.asked_at)
    .order_by(_LATER.asked_at, _LATER.id)
    .limit(1)
    .scalar_subquery()
)
_STATEMENT = (
    select(_A.id, _A.conversation_id, _A.asked_at, _A.question, _A.meant, _A.vector, _A.body)
    .where(
        _A.status != literal_column("'answered'"),  # word for word as in the index, or it is not used
        tuple_(_A.asked_at, _A.id) < tuple_(bindparam("at", type_=Moment), bindparam("behind", type_=Words)),
        _A.asked_at >= bindparam("since", type_=Moment),
        or_(
            and_(_A.status == "refused", _A.kind.not_in(bindparam("stopped", expanding=True))),
            and_(_A.status == "clarify", _TAKEN_UP.is_(None)),
        ),
    )
    .order_by(desc(_A.asked_at), desc(_A.id))
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question without an answer: as typed, and `meant` where it was written out; `vector` and `body` as in a Receipt."""

    answer_id: str
    conversation_id: str
    asked_at: datetime
    question: str
    meant: str
    vector: bytes
    body: str

    @property
    def place(self) -> Place:
        """Where it stands among all."""
        return Place(self.asked_at, self.answer_id)


class Gaps:
    """The unanswered questions of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unanswered(self, after: Place, since: datetime, stopped: Sequence[str], limit: int) -> list[Unanswered]:
        """At most `limit` questions behind `after`, asked from `since` on, newest first.

        Those that were refused, but not the kinds in `stopped`, and those that were asked back and never taken up again.
        """
        values: dict[str, Any] = {"at": after.at, "behind": after.id, "since": since, "stopped": list(stopped)}
        with self._database.read() as connection:
            rows = connection.execute(_STATEMENT, values | {"limit": limit}).all()
        return [
            Unanswered(row.id, row.conversation_id, row.asked_at, row.question, row.meant or "", row.vector, row.body)
            for row in rows
        ]
