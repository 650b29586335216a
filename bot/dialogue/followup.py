"""What a conversation holds that a turn may take from: the turns before it, and what the desk asked back. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from bot.dialogue.wording import Wording
from bot.knowledge.language import detect
from bot.vocabulary import Judgement, Language, Receipt, Turn

Vectors = npt.NDArray[np.float32]
SHORT = {"zh": 24, "en": 80, "ru": 80, "de": 90}  # characters up to which a text without a question mark reads as a reply
ASKS = "?？"
REMEMBERED = 6  # turns of a conversation that a new one may lean on
WITHOUT_SUBJECT = ("smalltalk", "contact", "abuse")  # kinds that nothing can be carried over from


@dataclass(frozen=True, slots=True)
class Before:
    """A turn before: its question as it stood alone, the choices the desk offered, and whether it could not answer without.

    `typed` is what the visitor wrote, `leaned` whether the question took more from the turns before it. `vector` is what was
    looked up, empty if that is not known; `shown` the titles and words that were quoted.
    """

    question: str
    choices: tuple[str, ...]
    waiting: bool
    typed: str = ""
    leaned: bool = False
    kind: str = "question"
    language: Language = "en"
    jurisdictions: tuple[str, ...] = ()
    shown: str = ""
    judgement: Judgement | None = None
    vector: Vectors = field(default_factory=lambda: np.zeros(0, dtype=np.float32), compare=False)


def before(receipt: Receipt) -> Before:
    """What a receipt says of the turn it is of."""
    body, turn = json.loads(receipt.body), receipt.turn
    asked = body["status"] == "clarify" or body["citations"]
    return Before(
        question=turn.text,
        choices=tuple(body["suggestions"]) if asked else (),
        waiting=body["status"] == "clarify",
        typed=turn.question,
        leaned=bool(turn.meant),
        kind=body["kind"],
        language=body["language"],
        jurisdictions=turn.jurisdictions,
        shown=" ".join(part for one in body["citations"] for part in (one["title"], one["section"], one["quote"])),
        judgement=receipt.judgement,
        vector=np.frombuffer(receipt.vector, dtype="<f2").astype(np.float32),
    )


def subject(turns: Sequence[Before]) -> list[str]:
    """What the last of these turns is about, oldest first: a question that stands alone, and the turns that leaned on it."""
    found: list[str] = []
    for turn in reversed(turns):
        if not turn.leaned:
            return [turn.question, *found]
        found.insert(0, turn.typed)
    return [turns[0].question, *found[1:]] if turns else []


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
