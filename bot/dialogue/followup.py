"""A turn that answers what the desk asked back, to a question that stands alone. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.dialogue.wording import Wording
from bot.knowledge.language import detect
from bot.vocabulary import Language, Receipt, Turn

SHORT = {"zh": 24, "en": 80, "ru": 80, "de": 90}  # characters up to which a text without a question mark reads as a reply
ASKS = "?？"


@dataclass(frozen=True, slots=True)
class Before:
    """The turn before: its question as it stood alone, the choices the desk offered, and whether it could not answer without."""

    question: str
    choices: tuple[str, ...]
    waiting: bool


def before(receipt: Receipt | None) -> Before | None:
    """What a receipt says of the turn it is of."""
    if receipt is None:
        return None
    body = json.loads(receipt.body)
    asked = body["status"] == "clarify" or body["citations"]
    return Before(receipt.turn.text, tuple(body["suggestions"]) if asked else (), body["status"] == "clarify")


def laws(wording: Mapping[Language, Wording]) -> dict[str, str]:
    """The jurisdiction of each name that a visitor may choose one by, in any language."""
    names = (words.words["jurisdictions"].items() for words in wording.values())
    return {name.casefold(): code for pairs in names for code, name in pairs}


def stand_alone(turn: Turn, last: Before | None, known: Mapping[str, str]) -> Turn:
    """The turn with what it takes from the one before, if it replies to it: its question, and the law it chooses.

    `known` holds the jurisdiction of each name a law may be chosen by. A turn that asks something of its own stays as it is.
    """
    if last is None or not last.choices or not _replies(turn.question, last):
        return turn
    language = turn.language or detect(last.question)
    law = known.get(turn.question.casefold())
    if law:
        return replace(turn, language=language, meant=last.question, jurisdictions=(law,))
    return replace(turn, language=language, meant=f"{last.question} {turn.question}")


def _replies(text: str, last: Before) -> bool:
    if text.casefold() in {choice.casefold() for choice in last.choices}:
        return True
    return last.waiting and len(text) <= SHORT[detect(text)] and not any(mark in text for mark in ASKS)
