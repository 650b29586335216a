"""Draft letters to those who were shown what turned out wrong: template words and what was shown, nothing else. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.desks import Desk
from bot.dialogue.body import document_address
from bot.dialogue.wording import Wording
from bot.store.recall import Shown
from bot.vocabulary import LANGUAGES, Document, Language

NO_SITE = "[…]"


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft in one language. `text` has a place, marked by `[…]`, where a consultant writes the correction."""

    language: Language
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What a letter names beside the quotes: who may be written to, the document as it is now, and what replaced it."""

    desk: Desk
    document: Document | None
    newer: Document | None
    site_url: str


def letters(shown: Sequence[Shown], wording: Mapping[Language, Wording], enclosure: Enclosure) -> list[Letter]:
    """One letter for each language that answers were given in, in the languages' usual order."""
    by_language = {language: list(group) for language, group in groupby(shown, key=lambda one: one.language)}
    return [_letter(by_language[language], wording[language], enclosure) for language in LANGUAGES if language in by_language]


def address(document: Document, site_url: str) -> str:
    """Where a document is read: where it was published, else its page here; `[…]` stands for a site that is not known."""
    if document.url.lower().startswith(("https://", "http://")):
        return document.url
    return (site_url.rstrip("/") or NO_SITE) + document_address(document.id)


def _letter(shown: Sequence[Shown], words: Wording, enclosure: Enclosure) -> Letter:
    first = words.day(min(one.first for one in shown).date())
    last = words.day(max(one.last for one in shown).date())
    title = max(shown, key=lambda one: one.last).title
    opening = ("shown_on", {"first": first}) if first == last else ("shown_between", {"first": first, "last": last})
    foreign = any(one.written_in != words.language for one in shown)
    blocks = [
        words.text("recall", "greeting"),
        words.text("recall", opening[0], title=title, **opening[1]),
        words.text("recall", "quotes"),
        *(f"“{one.text}”" for one in shown),
        words.text("answer", "foreign") if foreign else "",
        words.text("recall", "correction"),
        words.text("recall", "place"),
        *_links(words, enclosure),
        words.text("recall", "contact", name=enclosure.desk.name, email=enclosure.desk.email),
        words.text("recall", "closing") + "\n" + words.text("page", "firm"),
    ]
    return Letter(words.language, words.text("recall", "subject", title=title), "\n\n".join(block for block in blocks if block))


def _links(words: Wording, enclosure: Enclosure) -> list[str]:
    """None to a document that is gone: its page is gone too."""
    lines = []
    if enclosure.document:
        lines.append(words.text("recall", "page", address=address(enclosure.document, enclosure.site_url)))
    if enclosure.newer:
        there = address(enclosure.newer, enclosure.site_url)
        lines.append(words.text("recall", "newer", title=enclosure.newer.title, address=there))
    return lines
