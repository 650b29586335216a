"""Answers as they were given, with the conversations they belong to and what they cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Insert, Row, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.errors import NotFound
from bot.store.database import Database
from bot.store.tables import answer_citations, answers, conversations
from bot.vocabulary import Judgement, Receipt, Turn

_INSERT_ANSWER = insert(answers)
_INSERT_CITATION = insert(answer_citations)
_INSERT_CONVERSATION: dict[str, Insert] = {
    "sqlite": sqlite.insert(conversations).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(conversations).on_conflict_do_nothing(),
}
_ONE = select(answers).where(answers.c.id == bindparam("id"))
_CONVERSATION = select(answers).where(answers.c.conversation_id == bindparam("id")).order_by(answers.c.asked_at, answers.c.id)
_LATEST = (
    select(answers)
    .where(answers.c.conversation_id == bindparam("id"))
    .order_by(answers.c.asked_at.desc(), answers.c.id.desc())
    .limit(1)
)


class Answers:
    """The receipts of every answer given."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, receipt: Receipt, *, status: str, kind: str, language: str, citations: Sequence[tuple[str, str]]) -> None:
        """Keeps a receipt, its conversation if that is new, and the (document, passage) ids it cites, in one transaction.

        Durable on return. `language` is that of the conversation. Raises StorageFull, Busy.
        """
        cited = [
            {"answer_id": receipt.answer_id, "document_id": document, "passage_id": passage}
            for document, passage in dict.fromkeys(citations)
        ]
        row = _row(receipt, status, kind)
        conversation = {"id": receipt.conversation_id, "started_at": receipt.asked_at, "language": language}

        def rows(connection: Connection) -> None:
            connection.execute(_INSERT_CONVERSATION[connection.dialect.name], conversation)
            connection.execute(_INSERT_ANSWER, row)
            if cited:
                connection.execute(_INSERT_CITATION, cited)

        self._database.save(rows)

    def get(self, answer_id: str) -> Receipt:
        """The receipt of an answer. Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(_ONE, {"id": answer_id}).one_or_none()
        if row is None:
            raise NotFound("there is no such answer")
        return _receipt(row)

    def latest(self, conversation_id: str) -> Receipt | None:
        """The receipt of the last answer of a conversation, if that was begun here."""
        with self._database.read() as connection:
            row = connection.execute(_LATEST, {"id": conversation_id}).first()
        return _receipt(row) if row else None

    def conversation(self, conversation_id: str) -> list[Receipt]:
        """The receipts of a conversation, oldest first; none if it is not known."""
        with self._database.read() as connection:
            return [_receipt(row) for row in connection.execute(_CONVERSATION, {"id": conversation_id})]


def _row(receipt: Receipt, status: str, kind: str) -> dict[str, object]:
    return {
        "id": receipt.answer_id,
        "conversation_id": receipt.conversation_id,
        "asked_at": receipt.asked_at,
        "turn_conversation_id": receipt.turn.conversation_id,
        "question": receipt.turn.question,
        "meant": receipt.turn.meant,
        "language_wish": receipt.turn.language,
        "jurisdictions": list(receipt.turn.jurisdictions),
        "time_zone": receipt.turn.time_zone,
        "status": status,
        "kind": kind,
        "snapshot": receipt.snapshot,
        "version": receipt.version,
        "vector": receipt.vector,
        "judgement": asdict(receipt.judgement),
        "body": receipt.body,
        "steps": receipt.steps,
    }


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        answer_id=row.id,
        conversation_id=row.conversation_id,
        asked_at=row.asked_at,
        turn=Turn(row.question, row.turn_conversation_id, row.language_wish, tuple(row.jurisdictions), row.time_zone, row.meant),
        snapshot=row.snapshot,
        version=row.version,
        vector=row.vector,
        judgement=Judgement(**row.judgement),
        body=row.body,
        steps=row.steps,
    )
