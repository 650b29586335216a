"""The nouns of what a visitor leaves, frozen: leads, their letters and what becomes of both. Data only, as in vocabulary.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

LeadStatus = Literal["received", "quarantined", "erased"]
LetterSort = Literal["desk", "acknowledgement", "webhook"]
LetterState = Literal["pending", "claimed", "delivered", "attention", "quarantined"]
ListedParty = Literal["no", "yes", "unsure"]
LeadPlace = Literal["delivered", "pending", "attention", "quarantined", "erased", "missing"]

LEAD_STATUSES: tuple[LeadStatus, ...] = get_args(LeadStatus)
LETTER_SORTS: tuple[LetterSort, ...] = get_args(LetterSort)
LETTER_STATES: tuple[LetterState, ...] = get_args(LetterState)
LISTED_PARTY: tuple[ListedParty, ...] = get_args(ListedParty)
LEAD_PLACES: tuple[LeadPlace, ...] = get_args(LeadPlace)  # where a lead is; `missing` is none that may be


@dataclass(frozen=True, slots=True)
class Consent:
    """What a visitor agreed to: the text as it was shown, its version, and when."""

    version: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Lead:
    """An inquiry that a visitor left, as kept. `id` is also the reference that the visitor is told.

    `country`, `countries` and `established` are ISO 3166 codes. `established`, `on_behalf` and `listed_party` are what is asked
    before intake: where the enquirer is established, for whom they write, whether a listed person or a state body is involved.
    `reasons` are the router's, `suspicions` name what spoke for spam. `transcript`: the visitor agreed that the desk reads the
    conversation. `kind` is the kind of inquiry that the message was taken for. An erased lead has empty fields.
    """

    id: str
    received_at: datetime
    status: LeadStatus
    desk: str
    priority: int
    language: str
    kind: str
    subject: str
    reasons: tuple[str, ...]
    suspicions: tuple[str, ...]
    name: str
    email: str
    company: str
    country: str
    countries: tuple[str, ...]
    goods: str
    topic: str
    message: str
    preferred_time: str
    urgent: bool
    established: str
    on_behalf: str
    listed_party: str
    consent: Consent
    conversation_id: str | None = None
    transcript: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A message about a lead that is to go out: to its desk, to the visitor, or to a webhook. Written out only when it is sent.

    `message_id` (with angle brackets, as in the mail header) never changes, whatever is tried again. `queued_at` is when it was
    first to be sent; `next_at` None: when a person says so. `attempts` counts claims, `handed_over` how often its words left
    without a reply that says what became of them; `ambiguous`: so that it may have arrived twice. `last_error` is a code of ours.
    """

    id: str
    lead_id: str
    sort: LetterSort
    recipient: str
    message_id: str
    state: LetterState
    queued_at: datetime
    next_at: datetime | None
    attempts: int = 0
    handed_over: int = 0
    claimed_until: datetime | None = None
    claimed_by: str | None = None
    last_error: str | None = None
    ambiguous: bool = False
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conservation:
    """Where every lead is. Each is in exactly one place, so the five others sum up to `received`."""

    received: int
    delivered: int
    pending: int
    attention: int
    quarantined: int
    erased: int

    @property
    def holds(self) -> bool:
        """Whether no lead is missing."""
        return self.received == self.delivered + self.pending + self.attention + self.quarantined + self.erased
