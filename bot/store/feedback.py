"""What visitors think of answers: one opinion an answer, the last that was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import Boolean

from bot.errors import NotFound
from bot.store.database import Database
from bot.store.tables import Moment, Words, answers, feedback
from bot.vocabulary import Opinion

_GIVEN = ("helpful", "comment", "given_at")
_ROW = select(
    answers.c.id,
    bindparam("helpful", type_=Boolean),
    bindparam("comment", type_=Words),
    bindparam("given_at", type_=Moment),
).where(answers.c.id == bindparam("answer_id"))


def _upsert(insert: Any) -> Any:
    statement = insert(feedback).from_select(["answer_id", *_GIVEN], _ROW)
    given = {name: statement.excluded[name] for name in _GIVEN}
    return statement.on_conflict_do_update(index_elements=["answer_id"], set_=given).returning(feedback.c.answer_id)


_KEEP = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}
_OF = select(feedback).where(feedback.c.answer_id == bindparam("id"))
_COUNTS = select(feedback.c.helpful, func.count()).group_by(feedback.c.helpful)


class Feedback:
    """The opinions on every answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, opinion: Opinion) -> None:
        """Keeps an opinion in the place of an earlier one on the same answer. Durable on return.

        Raises NotFound for an answer that was never given or is gone, StorageFull, Busy.
        """
        row = {"answer_id": opinion.answer_id, **{name: getattr(opinion, name) for name in _GIVEN}}

        def rows(connection: Connection) -> bool:
            return connection.execute(_KEEP[connection.dialect.name], row).one_or_none() is not None

        if not self._database.save(rows):
            raise NotFound("there is no such answer")

    def of(self, answer_id: str) -> Opinion | None:
        """The opinion on an answer, if somebody gave one."""
        with self._database.read() as connection:
            row = connection.execute(_OF, {"id": answer_id}).one_or_none()
        return Opinion(row.answer_id, row.helpful, row.comment, row.given_at) if row else None

    def counts(self) -> Mapping[bool, int]:
        """How many answers were found helpful, and how many not."""
        with self._database.read() as connection:
            rows = connection.execute(_COUNTS).all()
        return {True: 0, False: 0} | {bool(row[0]): int(row[1]) for row in rows}
