"""What the database holds of one person: found by address, taken out whole, and swept when its time is over."""

from __future__ import annotations

import hmac
import secrets as chance
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, union, update

from bot.intake import Lead, Letter
from bot.store.database import Database
from bot.store.leads import lead_of
from bot.store.letters import letters_of
from bot.store.secrets import shared
from bot.store.tables import answers, conversations, erasures, feedback, lead_keys, leads, letters, secrets, spent_challenges

AT_ONCE = 500
_BLANK: Mapping[str, Any] = {
    **dict.fromkeys(
        ("name", "email", "email_key", "company", "country", "goods", "topic", "message", "preferred_time", "kind", "subject"), ""
    ),
    **dict.fromkeys(("established", "on_behalf", "listed_party", "consent_version", "consent_text"), ""),
    "reasons": [],
    "suspicions": [],
    "countries": [],
    "status": "erased",
    "conversation_id": None,
    "transcript": False,
    "content_hash": None,
}
_LEADS = select(leads).where(leads.c.email_key == bindparam("key")).order_by(leads.c.received_at)
_BY_LETTER = select(letters.c.lead_id).where(func.lower(letters.c.recipient) == bindparam("key"))


@dataclass(frozen=True, slots=True)
class Person:
    """What is held of a person: leads with their letters, and the conversations that belong to them or hold the address."""

    leads: tuple[Lead, ...]
    letters: tuple[Letter, ...]
    conversations: tuple[str, ...]
    mentioned_in: tuple[str, ...]  # other people's leads whose message holds the address

    @property
    def known(self) -> bool:
        """Whether anything is held."""
        return bool(self.leads or self.conversations)


@dataclass(frozen=True, slots=True)
class Erasure:
    """The record that somebody was erased: how many rows of what, and nothing of whom."""

    id: str
    erased_at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The records of erasures as rows, and the secret of their digests."""

    secret: bytes
    rows: tuple[dict[str, Any], ...]


class People:
    """Persons of a database, by their address as it is compared (`leads.fields.email_key`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, key: str) -> Person:
        """What is held of a person."""
        with self._database.read() as connection:
            return _find(connection, key)

    def erase(self, key: str, now: datetime) -> tuple[Person, Erasure]:
        """Takes a person out, in one transaction: letters that wait are not sent, leads keep their number, date and desk alone.

        Returns what was held before, and the record that stays. The bytes are gone once `Database.scrub` has run.
        """
        digest = self.digest(key)
        with self._database.write() as connection:
            person = _find(connection, key)
            counts = _erase(connection, person)
            record = Erasure(chance.token_hex(8), now, counts)
            row = {"id": record.id, "erased_at": now, "digest": digest, "counts": counts}
            connection.execute(insert(erasures), row)
        return person, record

    def digest(self, key: str) -> bytes:
        """A digest of an address under a secret of this database."""
        return hmac.digest(shared(self._database, "erasures"), key.encode("utf-8", "surrogatepass"), sha256)

    def ledger(self) -> Ledger:
        """The records of all erasures, with the secret that their digests were made under."""
        secret = shared(self._database, "erasures")
        with self._database.read() as connection:
            rows = [dict(row._mapping) for row in connection.execute(select(erasures).order_by(erasures.c.erased_at))]
        return Ledger(secret, tuple(rows))

    def adopt(self, ledger: Ledger, now: datetime) -> int:
        """Takes over the erasures of a newer state of this database, and makes up for them; says how many people that were."""
        with self._database.write() as connection:
            connection.execute(delete(secrets).where(secrets.c.name == "erasures"))
            connection.execute(insert(secrets), {"name": "erasures", "value": ledger.secret})
            known = set(connection.scalars(select(erasures.c.id)))
            if fresh := [row for row in ledger.rows if row["id"] not in known]:
                connection.execute(insert(erasures), fresh)
        wanted = {row["digest"] for row in ledger.rows}
        again = [key for key in self.addresses() if self.digest(key) in wanted]
        for key in again:
            self.erase(key, now)
        return len(again)

    def addresses(self) -> list[str]:
        """Every address that leads are kept under."""
        with self._database.read() as connection:
            return list(connection.scalars(select(leads.c.email_key).distinct().where(leads.c.email_key != "")))


def _find(connection: Connection, key: str) -> Person:
    own = [lead_of(row) for row in connection.execute(_LEADS, {"key": key})] if key else []
    ids = {lead.id for lead in own}
    outgoing = [letter for lead in own for letter in letters_of(connection, lead.id)]
    talks = {lead.conversation_id for lead in own if lead.conversation_id} | _spoken(connection, key)
    others = set(connection.scalars(select(leads.c.id).where(func.lower(leads.c.message).contains(key, autoescape=True)))) - ids
    return Person(tuple(own), tuple(outgoing), tuple(sorted(talks)), tuple(sorted(others)))


def _spoken(connection: Connection, key: str) -> set[str]:
    """Conversations in which the address was written, or in what was said of an answer."""
    said = or_(
        func.lower(answers.c.question).contains(key, autoescape=True), func.lower(answers.c.meant).contains(key, autoescape=True)
    )
    told = func.lower(feedback.c.comment).contains(key, autoescape=True)
    asked = select(answers.c.conversation_id).where(said)
    commented = select(answers.c.conversation_id).join(feedback, feedback.c.answer_id == answers.c.id).where(told)
    return set(connection.scalars(union(asked, commented)))


def _erase(connection: Connection, person: Person) -> dict[str, int]:
    ids, talks = [lead.id for lead in person.leads], list(person.conversations)
    connection.execute(delete(letters).where(letters.c.lead_id.in_(ids)))
    connection.execute(delete(lead_keys).where(lead_keys.c.lead_id.in_(ids)))
    connection.execute(update(leads).where(leads.c.id.in_(ids)).values(**_BLANK))
    held = connection.execute(select(func.count()).select_from(answers).where(answers.c.conversation_id.in_(talks))).scalar_one()
    connection.execute(delete(conversations).where(conversations.c.id.in_(talks)))
    return {"leads": len(ids), "letters": len(person.letters), "conversations": len(talks), "answers": held}


@dataclass(frozen=True, slots=True)
class Terms:
    """Until which moment of the past each sort of row is kept; what is older goes."""

    leads: datetime
    conversations: datetime
    erasures: datetime
    keys: datetime
    challenges: datetime


def sweep(database: Database, terms: Terms) -> dict[str, int]:
    """Deletes what is older than its term, some rows at a time so that no visitor waits; says how many of what."""
    last = select(func.max(answers.c.asked_at)).where(answers.c.conversation_id == conversations.c.id).scalar_subquery()
    lead_free = ~select(leads.c.id).where(leads.c.conversation_id == conversations.c.id).exists()
    idle = func.coalesce(last, conversations.c.started_at) < terms.conversations
    old_leads = select(leads.c.id).where(leads.c.received_at < terms.leads)
    followed = select(leads.c.conversation_id).where(leads.c.received_at < terms.leads, leads.c.conversation_id.is_not(None))
    steps = {
        "conversations of leads": (conversations, conversations.c.id, followed),
        "leads": (leads, leads.c.id, old_leads),
        "conversations": (conversations, conversations.c.id, select(conversations.c.id).where(idle, lead_free)),
        "keys": (lead_keys, lead_keys.c.key_hash, select(lead_keys.c.key_hash).where(lead_keys.c.created_at < terms.keys)),
        "challenges": (
            spent_challenges,
            spent_challenges.c.id,
            select(spent_challenges.c.id).where(spent_challenges.c.expires_at < terms.challenges),
        ),
        "erasures": (erasures, erasures.c.id, select(erasures.c.id).where(erasures.c.erased_at < terms.erasures)),
    }
    return {what: _delete(database, table, column, chosen) for what, (table, column, chosen) in steps.items()}


def _delete(database: Database, table: Any, column: Any, chosen: Any) -> int:
    gone = 0
    while True:
        with database.write() as connection:
            some = list(connection.scalars(chosen.limit(AT_ONCE)))
            if some:
                connection.execute(delete(table).where(column.in_(some)))
        gone += len(some)
        if len(some) < AT_ONCE:
            return gone
