"""Answers as they were given, with the conversations they belong to and what they cited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Insert, Row, Table, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.errors import NotFound
from bot.store.database import Database
from bot.store.tables import answer_citations, answers, conversations, quotes
from bot.vocabulary import Citation, Judgement, Receipt, Turn

_INSERT_ANSWER = insert(answers)
_INSERT_CITATION = insert(answer_citations)


def _insert_if_new(table: Table) -> dict[str, Insert]:
    return {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
    }


_INSERT_CONVERSATION = _insert_if_new(conversations)
_INSERT_QUOTE = _insert_if_new(quotes)
_ONE = select(answers).where(answers.c.id == bindparam("id"))
_CONVERSATION = select(answers).where(answers.c.conversation_id == bindparam("id")).order_by(answers.c.asked_at, answers.c.id)
_RECENT = (
    select(answers)
    .where(answers.c.conversation_id == bindparam("id"))
    .order_by(answers.c.asked_at.desc(), answers.c.id.desc())
    .limit(bindparam("most"))
)


class Answers:
    """The receipts of every answer given."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, receipt: Receipt, *, status: str, kind: str, language: str, citations: Sequence[Citation]) -> None:
        """Keeps a receipt, its conversation if that is new, and what it cites, in one transaction.

        Durable on return. `language` is that of the answer, and of the conversation that begins with it. Raises
        StorageFull, Busy.
        """
        row = _row(receipt, status, kind)
        conversation = {"id": receipt.conversation_id, "started_at": receipt.asked_at, "language": language}
        quoted = _quoted(citations)
        cited = [_citation(receipt, language, quote) for quote in quoted]

        def rows(connection: Connection) -> None:
            dialect = connection.dialect.name
            connection.execute(_INSERT_CONVERSATION[dialect], conversation)
            connection.execute(_INSERT_ANSWER, row)
            if cited:
                connection.execute(_INSERT_QUOTE[dialect], quoted)
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
        return next(iter(self.recent(conversation_id, 1)), None)

    def recent(self, conversation_id: str, most: int) -> list[Receipt]:
        """The receipts of the last answers of a conversation, oldest first; none if it was not begun here."""
        with self._database.read() as connection:
            rows = connection.execute(_RECENT, {"id": conversation_id, "most": most}).all()
        return [_receipt(row) for row in reversed(rows)]

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
        "meant": receipt.turn.meant or None,
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


def _quoted(citations: Iterable[Citation]) -> list[dict[str, str]]:
    """By id, so that answers kept at the same time never wait for each other crosswise."""
    return sorted({row["id"]: row for row in map(quote_row, citations)}.values(), key=lambda row: row["id"])


def quote_row(citation: Citation) -> dict[str, str]:
    """The row of a citation's words, under an id that is a digest of them and of where they stand."""
    row = {
        "document_id": citation.document_id,
        "passage_id": citation.passage_id,
        "title": citation.title,
        "language": citation.language,
        "text": citation.quote,
    }
    digest = hashlib.blake2b(json.dumps(list(row.values())).encode(), digest_size=12)
    return row | {"id": digest.hexdigest()}


def _citation(receipt: Receipt, language: str, quote: dict[str, str]) -> dict[str, object]:
    return {
        "answer_id": receipt.answer_id,
        "quote_id": quote["id"],
        "document_id": quote["document_id"],
        "passage_id": quote["passage_id"],
        "conversation_id": receipt.conversation_id,
        "asked_at": receipt.asked_at,
        "language": language,
    }


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        answer_id=row.id,
        conversation_id=row.conversation_id,
        asked_at=row.asked_at,
        turn=Turn(
            row.question, row.turn_conversation_id, row.language_wish, tuple(row.jurisdictions), row.time_zone, row.meant or ""
        ),
        snapshot=row.snapshot,
        version=row.version,
        vector=row.vector,
        judgement=Judgement(**row.judgement),
        body=row.body,
        steps=row.steps,
    )
