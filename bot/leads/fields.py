"""What a visitor sends to be taken in, checked field by field. Pure; nothing of it is ever repeated in an error."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

from email_validator import EmailNotValidError, validate_email

from bot.errors import BadLead
from bot.intake import LISTED_PARTY
from bot.leads.countries import code
from bot.paging import IDENTITY
from bot.vocabulary import LANGUAGES, TOPICS

LONGEST = {
    "name": 120,
    "email": 254,
    "company": 200,
    "country": 80,
    "countries": 500,
    "goods": 500,
    "message": 5000,
    "preferred_time": 200,
    "established": 80,
    "on_behalf": 300,
}
NEEDED = ("name", "email", "company", "country", "message")
MOST_COUNTRIES = 30
BROKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
LINE_BREAK = re.compile(r"[\r\n\t]")
VERSION = re.compile(r"[\x21-\x7e]{1,64}")
BETWEEN = re.compile(r"[,;，；、\n]+")
Raw = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Submission:
    """A lead as a visitor sent it, every field checked. Countries are codes; a text among `countries` is no country known here.

    `language` is None where the visitor did not say; `listed_party` is empty where nobody asked.
    """

    name: str
    email: str
    company: str
    country: str
    message: str
    topic: str = ""
    language: str | None = None
    countries: tuple[str, ...] = ()
    goods: str = ""
    preferred_time: str = ""
    urgent: bool = False
    established: str = ""
    on_behalf: str = ""
    listed_party: str = ""
    consent_version: str = ""
    conversation_id: str | None = None
    transcript: bool = False

    @property
    def email_key(self) -> str:
        """The address as it is compared."""
        return email_key(self.email)

    def digest(self) -> bytes:
        """The same for the same lead sent again: of everything but the conversation that it came from."""
        row = {one.name: getattr(self, one.name) for one in fields(self)}
        row |= {"email": self.email_key, "conversation_id": None, "transcript": False}
        return sha256(json.dumps(row, sort_keys=True).encode("utf-8", "surrogatepass")).digest()


def email_key(address: str) -> str:
    """An address as it is compared: case folded, without space around it."""
    return address.strip().casefold()


def submission(raw: Raw, *, asked: bool) -> Submission:
    """What was sent, checked. `asked`: whether the visitor was shown the questions before intake, and so has to answer them.

    Raises BadLead with every field that does not fit and why.
    """
    return _Reader(raw, asked).read()


class _Reader:
    """Reads one submission and gathers what is wrong with it."""

    def __init__(self, raw: Raw, asked: bool) -> None:
        self._raw, self._asked, self._wrong = raw, asked, dict[str, str]()

    def read(self) -> Submission:
        needed = (*NEEDED, "established") if self._asked else NEEDED
        texts = {name: self._text(name, name in needed) for name in LONGEST if name != "countries"}
        made = Submission(
            **{name: texts[name] for name in ("name", "company", "message", "goods", "preferred_time", "on_behalf")},
            email=self._checked("email", texts["email"], _address, "email"),
            country=self._checked("country", texts["country"], code, "country"),
            established=self._checked("established", texts["established"], code, "country"),
            topic=self._choice("topic", TOPICS),
            language=self._choice("language", LANGUAGES) or None,
            countries=self._countries(),
            urgent=self._flag("urgent"),
            listed_party=self._choice("listed_party", LISTED_PARTY, needed=self._asked),
            consent_version=self._consent(),
            conversation_id=self._identity("conversation_id"),
            transcript=self._flag("transcript"),
        )
        if self._wrong:
            raise BadLead(tuple(self._wrong.items()))
        return made

    def _text(self, name: str, needed: bool) -> str:
        found = self._raw.get(name)
        if found is None or found == "":
            return self._refuse(name, "missing") if needed else ""
        if not isinstance(found, str):
            return self._refuse(name, "type")
        text = found.replace("\r\n", "\n").replace("\r", "\n").strip()
        if not text:
            return self._refuse(name, "missing") if needed else ""
        if len(text) > LONGEST[name]:
            return self._refuse(name, "too_long")
        if BROKEN.search(text) or (name != "message" and LINE_BREAK.search(text)):
            return self._refuse(name, "characters")
        return text

    def _checked(self, name: str, text: str, check: Callable[[str], str | None], otherwise: str) -> str:
        return (check(text) or self._refuse(name, otherwise)) if text else ""

    def _choice(self, name: str, choices: tuple[str, ...], *, needed: bool = False) -> str:
        found = self._raw.get(name)
        if found is None or found == "":
            return self._refuse(name, "missing") if needed else ""
        return found if isinstance(found, str) and found in choices else self._refuse(name, "choice")

    def _flag(self, name: str) -> bool:
        found = self._raw.get(name)
        if found is not None and not isinstance(found, bool):
            self._refuse(name, "type")
        return found is True

    def _countries(self) -> tuple[str, ...]:
        found = self._raw.get("countries")
        given: Any = BETWEEN.split(found) if isinstance(found, str) else found or []
        parts: list[str] = [part for part in given if isinstance(part, str)] if isinstance(given, list) else []
        if not isinstance(given, list) or len(parts) < len(given):
            self._refuse("countries", "type")
        elif len(parts) > MOST_COUNTRIES or sum(map(len, parts)) > LONGEST["countries"]:
            self._refuse("countries", "too_long")
        elif any(BROKEN.search(part) or LINE_BREAK.search(part) for part in parts):
            self._refuse("countries", "characters")
        else:
            return tuple(dict.fromkeys(code(part) or part.strip() for part in parts if part.strip()))
        return ()

    def _consent(self) -> str:
        found = self._raw.get("consent")
        if not isinstance(found, Mapping) or found.get("accepted") is not True:
            return self._refuse("consent", "consent")
        version = found.get("version")
        if not isinstance(version, str) or not VERSION.fullmatch(version):
            return self._refuse("consent", "version")
        return version

    def _identity(self, name: str) -> str | None:
        found = self._raw.get(name)
        if found is None or found == "":
            return None
        return found if isinstance(found, str) and IDENTITY.fullmatch(found) else self._refuse(name, "id") or None

    def _refuse(self, name: str, why: str) -> str:
        self._wrong.setdefault(name, why)
        return ""


def _address(text: str) -> str | None:
    """The address, normalised, if it can be one. Whether its domain takes mail is not asked: no lead waits for a name server."""
    try:
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return found.normalized if "." in found.domain and len(found.normalized) <= LONGEST["email"] else None
