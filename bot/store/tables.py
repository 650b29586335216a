"""The tables. `migrations` makes them; a test holds the two equal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, ForeignKey, Index, LargeBinary, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A point in time: a timezone-aware datetime, kept and given back in UTC. Raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be kept")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Any text. PostgreSQL takes no NUL character, so NUL, which people do send, is kept as SUB 0 and SUB as SUB 1."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        if value is None or ("\x00" not in value and "\x1a" not in value):
            return value
        return value.replace("\x1a", "\x1a1").replace("\x00", "\x1a0")

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        if value is None or "\x1a" not in value:
            return value
        return value.replace("\x1a0", "\x00").replace("\x1a1", "\x1a")


conversations = Table(
    "conversations",
    metadata,
    Column("id", Words, primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("language", Words, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("id", Words, primary_key=True),
    Column("conversation_id", Words, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("turn_conversation_id", Words),
    Column("question", Words, nullable=False),
    Column("meant", Words),
    Column("language_wish", Words),
    Column("jurisdictions", JSON, nullable=False),
    Column("time_zone", Words),
    Column("status", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("snapshot", Words, nullable=False),
    Column("version", Words, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("judgement", JSON, nullable=False),
    Column("body", Words, nullable=False),
    Column("steps", JSON, nullable=False),
    Index(None, "conversation_id", "asked_at"),
)

# A quote's words once, however often they are shown. The id is a digest of all the rest; nothing here is a visitor's.
quotes = Table(
    "quotes",
    metadata,
    Column("id", Words, primary_key=True),
    Column("document_id", Words, nullable=False),
    Column("passage_id", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("text", Words, nullable=False),
)

# What is the answer's and the quote's stands here again, so that "who was shown this?" is read off one stretch of an index,
# newest first, without a look at either.
_SHOWN = ("asked_at", "answer_id", "language", "conversation_id", "quote_id")
answer_citations = Table(
    "answer_citations",
    metadata,
    Column("answer_id", Words, ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("quote_id", Words, ForeignKey("quotes.id"), primary_key=True),
    Column("document_id", Words, nullable=False),
    Column("passage_id", Words, nullable=False),
    Column("conversation_id", Words, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("language", Words, nullable=False),
    Index("ix_answer_citations_document", "document_id", *_SHOWN, "passage_id"),
    Index("ix_answer_citations_passage", "passage_id", *_SHOWN),
    sqlite_with_rowid=False,
)

keys = Table(
    "keys",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)
