"""The tables. `migrations` makes them; a test holds the two equal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, text
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

UNANSWERED = text("status <> 'answered'")
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
    Index("ix_answers_unanswered", "asked_at", "id", sqlite_where=UNANSWERED, postgresql_where=UNANSWERED),
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

# What a visitor thinks of an answer: the last word counts.
feedback = Table(
    "feedback",
    metadata,
    Column("answer_id", Words, ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("comment", Words, nullable=False),
    Column("given_at", Moment, nullable=False),
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

# What a visitor left. An erased lead keeps its first columns alone. `content_hash` tells a second click from a second lead.
leads = Table(
    "leads",
    metadata,
    Column("id", Words, primary_key=True),
    Column("received_at", Moment, nullable=False),
    Column("status", Words, nullable=False),
    Column("desk", Words, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("language", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("suspicions", JSON, nullable=False),
    Column("name", Words, nullable=False),
    Column("email", Words, nullable=False),
    Column("email_key", Words, nullable=False),  # the address as it is compared: case folded
    Column("company", Words, nullable=False),
    Column("country", Words, nullable=False),
    Column("countries", JSON, nullable=False),
    Column("goods", Words, nullable=False),
    Column("topic", Words, nullable=False),
    Column("message", Words, nullable=False),
    Column("preferred_time", Words, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("established", Words, nullable=False),
    Column("on_behalf", Words, nullable=False),
    Column("listed_party", Words, nullable=False),
    Column("consent_version", Words, nullable=False),
    Column("consent_text", Words, nullable=False),
    Column("consented_at", Moment, nullable=False),
    Column("conversation_id", Words, ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("transcript", Boolean, nullable=False),
    Column("content_hash", LargeBinary),
    Index(None, "content_hash", "received_at"),
    Index(None, "received_at", "id"),
    Index(None, "email_key"),
    Index(None, "conversation_id"),
    Index(None, "status"),
)

# The outbox. What a letter says is written when it is sent, so nothing here but the recipient is a person's.
letters = Table(
    "letters",
    metadata,
    Column("id", Words, primary_key=True),
    Column("lead_id", Words, ForeignKey("leads.id", ondelete="CASCADE"), nullable=False),
    Column("sort", Words, nullable=False),
    Column("recipient", Words, nullable=False),
    Column("message_id", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("next_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("handed_over", Integer, nullable=False, default=0),
    Column("claimed_until", Moment),
    Column("claimed_by", Words),
    Column("last_error", Words),
    Column("ambiguous", Boolean, nullable=False),
    Column("delivered_at", Moment),
    Index(None, "message_id", unique=True),
    Index(None, "lead_id"),
    Index(None, "state", "next_at"),
)

# `Idempotency-Key`: hashes of the key and of the body it came with, and the answer it got.
lead_keys = Table(
    "lead_keys",
    metadata,
    Column("key_hash", LargeBinary, primary_key=True),
    Column("body_hash", LargeBinary, nullable=False),
    Column("lead_id", Words, ForeignKey("leads.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "lead_id"),
    Index(None, "created_at"),
)

# Proofs of work that were handed in; each serves once.
spent_challenges = Table(
    "spent_challenges",
    metadata,
    Column("id", Words, primary_key=True),
    Column("expires_at", Moment, nullable=False),
    Index(None, "expires_at"),
)

# Random bytes that all processes on this database share: they sign forms and challenges, and make digests of erased addresses.
secrets = Table(
    "secrets",
    metadata,
    Column("name", Words, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

# That a person was erased: when, how much, and a keyed digest of the address, by which a restored backup is erased again.
erasures = Table(
    "erasures",
    metadata,
    Column("id", Words, primary_key=True),
    Column("erased_at", Moment, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("counts", JSON, nullable=False),
    Index(None, "digest"),
)

backups = Table(
    "backups",
    metadata,
    Column("id", Words, primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("file", Words, nullable=False),
    Column("sha256", Words),
)

# A webhook's address that answered 410 is written to no more until an operator enables it.
webhooks = Table(
    "webhooks",
    metadata,
    Column("url", Words, primary_key=True),
    Column("disabled_at", Moment),
    Column("reason", Words),
)

# What operators are told of while it lasts. `told_at` is when, by the one process that took it upon itself.
alarms = Table(
    "alarms",
    metadata,
    Column("name", Words, primary_key=True),
    Column("raised_at", Moment, nullable=False),
    Column("told_at", Moment),
)
