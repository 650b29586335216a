"""A checked submission becomes a lead with its letters, kept in one transaction."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from bot.errors import InFlight
from bot.intake import Consent, Lead, Letter, LetterSort
from bot.leads.fields import Submission
from bot.leads.proof import Solved
from bot.store.leads import Challenge, Kept, Key, Leads

SAME_CLICK = timedelta(minutes=10)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is read wrongly over the telephone
URGENT = 1


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a submission goes and why, as the router says; `language` is that of the lead."""

    desk: str
    email: str
    subject: str
    kind: str
    language: str
    reasons: tuple[str, ...]
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where letters come from and go beside the desk: the domain of Message-IDs, the address of the webhook if there is one."""

    domain: str
    webhook: str = ""


def new_reference() -> str:
    """A reference of 60 random bits, in groups: what the visitor is told, and the lead's id."""
    chance = secrets.randbits(60)
    letters = "".join(ALPHABET[chance >> 5 * place & 31] for place in range(12))
    return "-".join(letters[place : place + 4] for place in (0, 4, 8))


def digest_key(key: str, body: bytes) -> Key:
    """Digests of an idempotency key and of the body that it came with."""
    return Key(sha256(key.encode("utf-8", "surrogatepass")).digest(), sha256(body).digest())


class Capture:
    """Takes submissions in. For all threads of a process."""

    def __init__(self, leads: Leads, origin: Origin) -> None:
        self._leads, self._origin = leads, origin
        self._flying: set[bytes] = set()
        self._lock = threading.Lock()

    @contextmanager
    def flight(self, key: Key | None) -> Iterator[Kept | None]:
        """Holds an idempotency key while its lead is taken in; yields what was answered to it before, if that was.

        Raises InFlight where another request holds it, KeyReused where it came with another body.
        """
        if key is None:
            yield None
            return
        with self._lock:
            if key.key in self._flying:
                raise InFlight("a request with this Idempotency-Key is being taken in: ask again in a second")
            self._flying.add(key.key)
        try:
            yield self._leads.answered(key)
        finally:
            with self._lock:
                self._flying.discard(key.key)

    def __call__(
        self,
        sent: Submission,
        routed: Routed,
        suspicions: tuple[str, ...],
        consent: Consent,
        key: Key | None = None,
        solved: Solved | None = None,
    ) -> Kept:
        """Keeps a submission, received when it was consented to. Durable on return. Raises KeyReused, StorageFull, Busy."""
        made = _lead(new_reference(), sent, routed, suspicions, consent)
        challenge = Challenge(solved.id, solved.expires_at) if solved else None
        return self._leads.keep(made, _letters(made, routed.email, self._origin), sent.digest(), SAME_CLICK, key, challenge)


def _lead(reference: str, sent: Submission, routed: Routed, suspicions: tuple[str, ...], consent: Consent) -> Lead:
    return Lead(
        id=reference,
        received_at=consent.at,
        status="quarantined" if suspicions else "received",
        desk=routed.desk,
        priority=URGENT if sent.urgent or routed.kind == "urgent" else 0,
        language=routed.language,
        kind=routed.kind,
        subject=routed.subject,
        reasons=routed.reasons,
        suspicions=suspicions,
        name=sent.name,
        email=sent.email,
        company=sent.company,
        country=sent.country,
        countries=sent.countries,
        goods=sent.goods,
        topic=sent.topic or routed.topic,
        message=sent.message,
        preferred_time=sent.preferred_time,
        urgent=sent.urgent,
        established=sent.established,
        on_behalf=sent.on_behalf,
        listed_party=sent.listed_party,
        consent=consent,
        conversation_id=sent.conversation_id,
        transcript=sent.transcript and sent.conversation_id is not None,
    )


def _letters(lead: Lead, desk_email: str, origin: Origin) -> list[Letter]:
    to: list[tuple[LetterSort, str]] = [("desk", desk_email), ("acknowledgement", lead.email)]
    if origin.webhook:
        to.append(("webhook", origin.webhook))
    return [_letter(lead, sort, recipient, origin.domain) for sort, recipient in to]


def _letter(lead: Lead, sort: LetterSort, recipient: str, domain: str) -> Letter:
    identity = secrets.token_hex(12)
    return Letter(
        id=identity,
        lead_id=lead.id,
        sort=sort,
        recipient=recipient,
        message_id=f"<{identity}@{domain}>",
        state="quarantined" if lead.status == "quarantined" else "pending",
        queued_at=lead.received_at,
        next_at=lead.received_at,
    )
