"""An answer as its page shows it, read off its receipt. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote as percent

from bot.dialogue.body import document_address, reading_address
from bot.dialogue.wording import Wording
from bot.vocabulary import Citation, Json, Language, Receipt


@dataclass(frozen=True, slots=True)
class Earlier:
    """A question that was asked before in the conversation."""

    answer_id: str
    question: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on the page. `cards` are citations, each with the address of the page that marks it.

    `joined`: whether the question was read together with those before it; `due`: the line on documents due for review.
    """

    answer_id: str
    conversation_id: str
    question: str
    joined: bool
    status: str
    reason: str | None
    kind: str
    topic: str
    language: Language
    opening: str
    cards: tuple[tuple[Citation, str], ...]
    as_of: date | None
    due: str
    suggestions: tuple[str, ...]
    notice: str
    desk: str
    subject: str
    earlier: tuple[Earlier, ...]

    @property
    def form_query(self) -> str:
        """What the form for inquiries is opened with after it."""
        asked = {"conversation": self.conversation_id, "topic": self.topic, "urgent": "1" if self.kind == "urgent" else ""}
        return "".join(f"&{name}={percent(value)}" for name, value in asked.items() if value)


def shown(receipt: Receipt, wording: Callable[[Language], Wording], before: Iterable[Receipt]) -> Shown:
    """A receipt as it is shown; `wording` gives the words of a language, `before` are the receipts of its conversation."""
    row: Json = json.loads(receipt.body)
    said = wording(row["language"])
    paragraphs = row["text"].split("\n\n")
    due = said.text("answer", "review_due").split("{")[0]
    return Shown(
        answer_id=receipt.answer_id,
        conversation_id=receipt.conversation_id,
        question=receipt.turn.question,
        joined=bool(receipt.turn.meant),
        status=row["status"],
        reason=row["reason"],
        kind=row["kind"],
        topic=row["topic"] or "",
        language=row["language"],
        opening=paragraphs[0],
        cards=tuple((citation, reading_address(citation)) for citation in map(_citation, row["citations"])),
        as_of=_day(row["as_of"]),
        due=next((one for one in paragraphs if one.startswith(due)), ""),
        suggestions=tuple(row["suggestions"]),
        notice=row["notice"],
        desk=row["route"]["desk"],
        subject=row["route"]["subject"],
        earlier=tuple(_earlier(receipt, before)),
    )


def _earlier(receipt: Receipt, before: Iterable[Receipt]) -> Iterator[Earlier]:
    for one in before:
        if one.answer_id == receipt.answer_id:
            return
        yield Earlier(one.answer_id, one.turn.question)


def _citation(row: Json) -> Citation:
    names = ("n", "document_id", "passage_id", "title", "section", "quote", "start", "end", "language")
    return Citation(
        **{name: row[name] for name in names},
        url="" if row["url"] == document_address(row["document_id"]) else row["url"],
        published=_day(row["published"]),
        as_of=_day(row["as_of"]),
        jurisdictions=tuple(row["jurisdictions"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
