"""Receives leads: what a visitor sent goes to its desk, is told from spam, and is kept; and what they are asked to agree to."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot import shipped
from bot.dialogue import contacts_file, wording
from bot.dialogue.contacts import Contacts
from bot.dialogue.jurisdictions import named
from bot.dialogue.routing import route
from bot.dialogue.wording import Wording
from bot.errors import BotError, TooMany
from bot.intake import Consent
from bot.knowledge.language import detect
from bot.leads import proof, tokens
from bot.leads.capture import Capture, Origin, Routed
from bot.leads.doubt import doubts
from bot.leads.fields import Submission
from bot.leads.limits import FLOOD, Limits
from bot.leads.message import domain
from bot.leads.privacy import Retention, swept
from bot.leads.spam import SPAM_FROM, Filter, filter_of
from bot.leads.suspicion import Signs, suspicions
from bot.settings import Settings
from bot.store.database import Database
from bot.store.leads import Kept, Key, Leads
from bot.store.letters import Outbox
from bot.store.secrets import shared
from bot.vocabulary import LANGUAGES, Inquiry, Language

GUARDED = ("circumvention", "screening", "prohibited_client")
SPOKEN = ("service", "contact", "urgent", "advice", "question")
ELSEWHERE = "inquiry-desk.invalid"  # stands in Message-IDs where neither a site nor a sender is set


@dataclass(frozen=True, slots=True)
class Directory:
    """Who answers, and the words of every language."""

    contacts: Contacts
    wording: Mapping[Language, Wording]

    def under(self, contacts: Contacts, wording: Mapping[Language, Wording]) -> Directory:
        """These desks and words over our own, which serve for the sections that they lack."""
        whole = {code: Wording(code, {**self.wording[code].words, **one.words}) for code, one in wording.items()}
        return Directory(contacts, whole)


def shipped_directory() -> Directory:
    """The desks and words that come with the product."""
    folder = shipped.folder("corpus")
    contacts = contacts_file.parse((folder / contacts_file.FILE).read_bytes())
    return Directory(contacts, wording.load(lambda name: (folder / name).read_bytes()))


@dataclass(frozen=True, slots=True)
class Came:
    """How a submission came: in which page language, from which address, and what the form carried along."""

    language: Language
    address: str = ""
    by_form: bool = False
    bait: bool = False
    token: str = ""
    solution: str = ""


class Receiving:
    """Receives leads. `read` tells what a text is about, or None where it cannot now; `spam` gives the filter."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Callable[[], datetime],
        directory: Callable[[], Directory],
        read: Callable[[str], Inquiry | None],
        spam: Callable[[], Filter] = filter_of,
    ) -> None:
        self.leads, self.letters = Leads(database), Outbox(database)
        self._clock, self._directory, self._read, self._spam = clock, directory, read, spam
        self._months, self._database = settings.keep_leads_months, database
        self._retention = Retention(settings.keep_leads_months, settings.keep_conversations_days, settings.keep_erasures_months)
        self._limits = Limits(settings.leads_per_hour)
        self._forms, self._challenges = shared(database, "forms"), shared(database, "challenges")
        self._capture = Capture(self.leads, Origin(_domain(settings), settings.webhook_url))

    def sweep(self) -> Mapping[str, int]:
        """Deletes what is older than the settings keep it; says how many rows of what."""
        return swept(self._database, self._retention, self._clock())

    def warm(self) -> None:
        """Fits the filter, so that no visitor waits for it."""
        self._spam()

    def token(self, earlier: str = "") -> str:
        """A token for a form that is handed out now; `earlier` again, if it is ours, for one that comes back to be corrected."""
        now = self._clock()
        return earlier if tokens.age(self._forms, earlier, now) is not None else tokens.issue(self._forms, now)

    def challenge(self) -> proof.Challenge:
        """A proof of work to ask of a browser."""
        return proof.challenge(self._challenges, self._clock(), secrets.token_hex(12), secrets.randbelow(proof.HARDEST + 1))

    def consent(self, language: Language) -> Consent:
        """What a visitor is asked to agree to now."""
        return self._asked(self._directory().wording[language], language)

    def _asked(self, words: Wording, language: Language) -> Consent:
        version = f"{words.text('form', 'consent_version')}.{self._months}.{language}"
        return Consent(version, words.text("form", "consent", months=self._months), self._clock())

    def __call__(self, sent: Submission, came: Came, key: Key | None = None) -> Kept:
        """Keeps a submission; durable on return. Raises InFlight, KeyReused, TooMany, StorageFull, Busy."""
        with self._capture.flight(key) as held:
            if held:
                return held
            solved = proof.check(self._challenges, came.solution, self._clock()) if came.solution else None
            suspect = suspicions(self._signs(sent, came, solved), SPAM_FROM)
            found = self._directory()
            routed, agreed = self._routed(sent, came, found), self._agreed(sent, came, found)
            return self._capture(sent, routed, suspect, agreed, key, solved)

    def _signs(self, sent: Submission, came: Came, solved: proof.Solved | None) -> Signs:
        rate = self._limits.count(came.address, self._clock())
        if rate > FLOOD:
            raise TooMany("too many inquiries come from this network: try again in an hour, or write to the desk")
        return Signs(
            by_form=came.by_form,
            bait=came.bait,
            age=tokens.age(self._forms, came.token, self._clock()),
            proof="solved" if solved else "wrong" if came.solution else "absent",
            rate=rate,
            spam=self._spam()(sent.message),
        )

    def _agreed(self, sent: Submission, came: Came, found: Directory) -> Consent:
        """The consent as given; its text where it was ours."""
        now = self._asked(found.wording[came.language], came.language)
        return Consent(sent.consent_version, now.text if sent.consent_version == now.version else "", now.at)

    def _routed(self, sent: Submission, came: Came, found: Directory) -> Routed:
        read, doubtful = self._reading(sent.message), doubts(sent)
        language = sent.language or came.language
        inquiry = inquiry_of(sent, read, doubtful, language)
        to = route(inquiry, found.contacts, found.wording[inquiry.language], self._clock())
        return Routed(to.desk.id, to.desk.email, to.subject, inquiry.kind, inquiry.language, to.reasons, inquiry.topic or "")

    def _reading(self, text: str) -> Inquiry | None:
        try:
            return self._read(text)
        except (BotError, OSError):  # a lead is worth more than its label
            return None


def inquiry_of(sent: Submission, read: Inquiry | None, doubtful: tuple[str, ...], language: str) -> Inquiry:
    """What a submission is to the router: what is doubtful or guarded first, then what the visitor chose, then what was read."""
    spoken = next((one for one in LANGUAGES if one == language), None) or detect(sent.message)
    topic, laws = sent.topic or (read.topic if read else None), named(sent.message)
    if doubtful:
        return Inquiry("prohibited_client", topic, spoken, laws, 1.0, {}, doubtful)
    if read and read.kind in GUARDED:
        return Inquiry(read.kind, topic, spoken, laws, read.confidence, {}, read.reasons)
    if sent.urgent:
        return Inquiry("urgent", topic, spoken, laws, 1.0, {}, ("the visitor says that it is urgent",))
    if read and read.kind in SPOKEN:
        return Inquiry(read.kind, topic, spoken, laws, read.confidence, {}, read.reasons)
    return Inquiry("contact", topic, spoken, laws, 1.0, {}, ("the visitor used the form",))


def _domain(settings: Settings) -> str:
    return urlsplit(settings.site_url).hostname or domain(settings.mail_from) or ELSEWHERE
