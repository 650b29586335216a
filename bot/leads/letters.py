"""What letters say: reviewed words of `web/letters`, one file a sort and language, filled with a lead. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.intake import Lead, Letter
from bot.leads import countries
from bot.leads.message import Mail
from bot.vocabulary import LANGUAGES, Json

NOTHING = "–"
NO_SITE = "[…]"
EVENT = "lead.received"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation as the visitor was shown it; `address` is where it is read."""

    n: int
    title: str
    section: str
    as_of: str
    address: str
    quote: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """One turn of a conversation: what the visitor asked, what the bot said, what that quoted."""

    asked_at: datetime
    question: str
    text: str
    quotes: tuple[Quoted, ...]
    answer_id: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that letters about a lead tell. `turns` only where the visitor agreed; `speaks` are the languages of the desk."""

    lead: Lead
    desk: str
    address: str
    speaks: tuple[str, ...] = ()
    turns: tuple[Spoken, ...] = ()


@dataclass(frozen=True, slots=True)
class House:
    """Who writes: the sender of letters, the firm's name, the address of its site (empty: not known)."""

    sender: str
    firm: str
    site: str = ""


class Writer:
    """Writes letters from the templates of a folder. What a visitor typed is a value in them, never executed."""

    def __init__(self, folder: Path, house: House) -> None:
        self._house = house
        self._templates = Environment(
            loader=FileSystemLoader(folder),
            autoescape=False,  # noqa: S701 - plain text, no markup
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"line": line, "quoted": quoted, "moment": moment}

    def to_desk(self, letter: Letter, dossier: Dossier) -> Mail:
        """The letter to the desk, in the visitor's language where the desk speaks it; a reply goes to the visitor."""
        lead = dossier.lead
        language = _spoken(lead.language, dossier.speaks)
        values = {"lead": lead, "desk": line(dossier.desk), "turns": dossier.turns, "site": self._house.site or NO_SITE}
        named = {"country": partial(_country, language), "countries": partial(_countries, language)}
        subject, text = self._filled(f"desk.{language}.txt", **values, **named)
        return replace(self._mail(letter, language, subject, text, reply_to=lead.email), urgent=lead.priority > 0)

    def to_visitor(self, letter: Letter, dossier: Dossier) -> Mail:
        """The acknowledgement. No word of the visitor's is in it: anybody may enter anybody's address."""
        language = _spoken(dossier.lead.language, LANGUAGES)
        values = {"desk": line(dossier.desk), "address": dossier.address, "firm": self._house.firm}
        subject, text = self._filled(f"acknowledgement.{language}.txt", lead=dossier.lead, **values)
        return self._mail(letter, language, subject, text, reply_to=dossier.address, answer=True)

    def alarm(self, identity: str, to: str, now: datetime, values: Mapping[str, object]) -> Mail:
        """A letter to an operator about what goes wrong; nothing of a lead is in it."""
        subject, text = self._filled("alarm.txt", **values, site=self._house.site or NO_SITE)
        return Mail(identity, now, self._house.sender, to, subject, text)

    def _filled(self, name: str, **values: object) -> tuple[str, str]:
        """Subject and text: the first line of a template, and what follows."""
        subject, _, text = self._templates.get_template(name).render(values).partition("\n")
        return line(subject), text.strip("\n") + "\n"

    def _mail(self, letter: Letter, language: str, subject: str, text: str, *, reply_to: str, answer: bool = False) -> Mail:
        return Mail(
            message_id=letter.message_id,
            date=letter.queued_at,
            sender=self._house.sender,
            recipient=letter.recipient,
            subject=subject,
            text=text,
            reply_to=reply_to,
            language=language,
            automatic="auto-replied" if answer else "auto-generated",
        )


def payload(dossier: Dossier) -> bytes:
    """The body of a webhook's call: the same bytes at every attempt."""
    lead = dossier.lead
    row: Json = {
        "lead_id": lead.id,
        "received_at": lead.received_at.isoformat(),
        "desk": lead.desk,
        "priority": lead.priority,
        "urgent": lead.urgent,
        "language": lead.language,
        "kind": lead.kind,
        "subject": lead.subject,
        "reasons": list(lead.reasons),
        "name": lead.name,
        "email": lead.email,
        "company": lead.company,
        "country": lead.country,
        "countries": list(lead.countries),
        "goods": lead.goods,
        "topic": lead.topic,
        "message": lead.message,
        "preferred_time": lead.preferred_time,
        "intake": {"established": lead.established, "on_behalf": lead.on_behalf, "listed_party": lead.listed_party},
        "consent": {"version": lead.consent.version, "at": lead.consent.at.isoformat()},
        "conversation_id": lead.conversation_id,
        "conversation": [_turn(turn) for turn in dossier.turns],
    }
    whole = {"type": EVENT, "timestamp": lead.received_at.isoformat(), "data": row}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _turn(turn: Spoken) -> Json:
    quotes = [
        {"n": one.n, "title": one.title, "section": one.section, "quote": one.quote, "url": one.address} for one in turn.quotes
    ]
    return {"asked_at": turn.asked_at.isoformat(), "question": turn.question, "text": turn.text, "citations": quotes}


def line(text: str, empty: str = NOTHING) -> str:
    """A text on one line, so that it cannot look like further fields; `empty` where there is none."""
    return " ".join(str(text).split()) or empty


def quoted(text: str) -> str:
    """A visitor's words, each line marked as theirs."""
    return "\n".join(f"> {row}" for row in (str(text).strip() or NOTHING).splitlines())


def moment(when: datetime) -> str:
    """A time in UTC, to the minute."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _country(language: str, code: str) -> str:
    return line(countries.name(code, language))


def _countries(language: str, codes: Sequence[str]) -> str:
    return line(", ".join(countries.name(code, language) for code in codes))


def _spoken(wished: str, among: Sequence[str]) -> str:
    return wished if wished in among and wished in LANGUAGES else next((one for one in among if one in LANGUAGES), "en")
