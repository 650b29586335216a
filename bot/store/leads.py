"""Leads as they were taken in, each with its letters in one transaction, each once."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, desc, insert, select, text, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.errors import KeyReused, NotFound
from bot.intake import Consent, Lead, Letter
from bot.paging import Place
from bot.store.database import Database
from bot.store.tables import Moment, Words, conversations, lead_keys, leads, letters, spent_challenges

SPENT = "challenge_spent"
_L = leads.c
_NO_LEAD = frozenset({"email_key", "content_hash", "consent_version", "consent_text", "consented_at"})
_COLUMNS = [column for column in _L if column.name not in _NO_LEAD]
_KNOWN = select(conversations.c.id).where(conversations.c.id == bindparam("conversation_id")).scalar_subquery()
# a conversation that was never begun here is no conversation
_INSERT = insert(leads).values(conversation_id=_KNOWN)
_INSERT_LETTER, _INSERT_KEY = insert(letters), insert(lead_keys)
_SPEND = {
    "sqlite": sqlite.insert(spent_challenges).on_conflict_do_nothing().returning(spent_challenges.c.id),
    "postgresql": postgresql.insert(spent_challenges).on_conflict_do_nothing().returning(spent_challenges.c.id),
}
_HELD = (_L.id, _L.desk, _L.received_at)
_BY_KEY = (
    select(*_HELD, lead_keys.c.body_hash)
    .join(lead_keys, lead_keys.c.lead_id == _L.id)
    .where(lead_keys.c.key_hash == bindparam("key"))
)
_BY_CONTENT = (
    select(*_HELD)
    .where(_L.content_hash == bindparam("content"), _L.received_at > bindparam("since", type_=Moment))
    .order_by(_L.received_at)
    .limit(1)
)
_ONE = select(leads).where(_L.id == bindparam("id"))
_PAGE = (
    select(leads)
    .where(
        tuple_(_L.received_at, _L.id) < tuple_(bindparam("at", type_=Moment), bindparam("behind", type_=Words)),
        _L.status.in_(bindparam("statuses", expanding=True)),
    )
    .order_by(desc(_L.received_at), desc(_L.id))
    .limit(bindparam("limit"))
)
_FOLLOWED = (
    select(_L.id, _L.conversation_id)
    .where(_L.conversation_id.in_(bindparam("ids", expanding=True)))
    .order_by(_L.received_at, _L.id)
)
_RELEASE = update(leads).where(_L.id == bindparam("lead"), _L.status == "quarantined").values(status="received")
_QUEUE = (
    update(letters)
    .where(letters.c.lead_id == bindparam("lead"), letters.c.state == "quarantined")
    .values(state="pending", queued_at=bindparam("now", type_=Moment), next_at=bindparam("now", type_=Moment))
)
_LOCK = text("SELECT pg_advisory_xact_lock(:n)")


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key, and the body it came with: digests of both."""

    key: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Challenge:
    """A proof of work that was handed in, and until when it could be handed in again."""

    id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What the visitor is told; the same each time the same is sent."""

    lead_id: str
    desk: str
    received_at: datetime
    new: bool = False


class Leads:
    """The leads of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self,
        lead: Lead,
        outgoing: Sequence[Letter],
        content: bytes,
        again: timedelta,
        key: Key | None = None,
        challenge: Challenge | None = None,
    ) -> Kept:
        """Keeps a lead with its letters. Durable on return; a lead that is here already is given back instead.

        That is one that came with the same key, or one of the same `content` received within `again` before. A challenge that was
        spent before puts the lead into quarantine. Raises KeyReused, StorageFull, Busy.
        """
        row = _row(lead, content)
        queued = [_letter_row(letter) for letter in outgoing]

        def work(connection: Connection) -> Kept:
            _take_turns(connection, content, key)
            answered = _answered(connection, key)
            if answered:
                return answered
            held = _clicked_twice(connection, content, lead.received_at - again)
            if held:
                _bind(connection, key, held, lead.received_at)
                return held
            spent = challenge is not None and not _spend(connection, challenge)
            connection.execute(_INSERT, _quarantined(row) if spent else row)
            connection.execute(_INSERT_LETTER, [one | {"state": "quarantined"} for one in queued] if spent else queued)
            kept = Kept(lead.id, lead.desk, lead.received_at, new=True)
            _bind(connection, key, kept, lead.received_at)
            return kept

        return self._database.save(work)

    def answered(self, key: Key) -> Kept | None:
        """What was answered to a key before. Raises KeyReused."""
        with self._database.read() as connection:
            return _answered(connection, key)

    def get(self, lead_id: str) -> Lead:
        """A lead. Raises NotFound."""
        with self._database.read() as connection:
            row = connection.execute(_ONE, {"id": lead_id}).one_or_none()
        if row is None:
            raise NotFound("there is no such lead")
        return lead_of(row)

    def page(self, after: Place, limit: int, statuses: Iterable[str]) -> tuple[list[Lead], Place | None]:
        """At most `limit` leads behind a place, newest first; and where to go on, None at the end."""
        values = {"at": after.at, "behind": after.id, "limit": limit + 1, "statuses": list(statuses)}
        with self._database.read() as connection:
            found = [lead_of(row) for row in connection.execute(_PAGE, values)]
        page = found[:limit]
        return page, Place(page[-1].received_at, page[-1].id) if len(found) > limit else None

    def release(self, lead_id: str, now: datetime) -> bool:
        """Takes a lead out of quarantine and queues its letters; False where it is in none. Raises NotFound."""
        with self._database.write() as connection:
            freed = connection.execute(_RELEASE, {"lead": lead_id}).rowcount == 1
            if freed:
                connection.execute(_QUEUE, {"lead": lead_id, "now": now})
        if not freed:
            self.get(lead_id)
        return freed

    def following(self, conversation_ids: Sequence[str]) -> dict[str, list[str]]:
        """The leads that followed conversations, by conversation; one without leads is not in it."""
        found: dict[str, list[str]] = {}
        with self._database.read() as connection:
            for start in range(0, len(conversation_ids), 500):
                for row in connection.execute(_FOLLOWED, {"ids": list(conversation_ids[start : start + 500])}):
                    found.setdefault(row.conversation_id, []).append(row.id)
        return found


def _take_turns(connection: Connection, content: bytes, key: Key | None) -> None:
    """On PostgreSQL, where transactions run side by side: those of one content, or of one key, wait for each other."""
    if connection.dialect.name != "postgresql":
        return
    digests = {content, key.key} if key else {content}
    for number in sorted(struct.unpack(">q", digest[:8])[0] for digest in digests):
        connection.execute(_LOCK, {"n": number})


def _answered(connection: Connection, key: Key | None) -> Kept | None:
    row = connection.execute(_BY_KEY, {"key": key.key}).one_or_none() if key else None
    if row is None or key is None:
        return None
    if row.body_hash != key.body:
        raise KeyReused("this Idempotency-Key came before with another body: send a new key with a new lead")
    return Kept(row.id, row.desk, row.received_at)


def _clicked_twice(connection: Connection, content: bytes, since: datetime) -> Kept | None:
    row = connection.execute(_BY_CONTENT, {"content": content, "since": since}).one_or_none()
    return Kept(row.id, row.desk, row.received_at) if row else None


def _bind(connection: Connection, key: Key | None, kept: Kept, now: datetime) -> None:
    if key:
        connection.execute(_INSERT_KEY, {"key_hash": key.key, "body_hash": key.body, "lead_id": kept.lead_id, "created_at": now})


def _spend(connection: Connection, challenge: Challenge) -> bool:
    row = {"id": challenge.id, "expires_at": challenge.expires_at}
    return connection.execute(_SPEND[connection.dialect.name], row).first() is not None


def _quarantined(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"status": "quarantined", "suspicions": [*row["suspicions"], SPENT]}


def _row(lead: Lead, content: bytes) -> dict[str, Any]:
    row: dict[str, Any] = {column.name: getattr(lead, column.name) for column in _COLUMNS}
    row |= {name: list(row[name]) for name in ("reasons", "suspicions", "countries")}
    consent = {"consent_version": lead.consent.version, "consent_text": lead.consent.text, "consented_at": lead.consent.at}
    return row | consent | {"email_key": lead.email.casefold(), "content_hash": content}


def _letter_row(letter: Letter) -> dict[str, Any]:
    return {column.name: getattr(letter, column.name) for column in letters.c}


def lead_of(row: Row[Any]) -> Lead:
    """The lead of a row of all columns."""
    values = {name: row._mapping[name] for name in (column.name for column in _COLUMNS)}
    values |= {name: tuple(values[name]) for name in ("reasons", "suspicions", "countries")}
    return Lead(**values, consent=Consent(row.consent_version, row.consent_text, row.consented_at))
