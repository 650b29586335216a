"""A recall as it goes over the wire, and the fields that ask for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from bot.dialogue.correction import Letter
from bot.errors import BadQuestion
from bot.paging import Place, cursor
from bot.store.recall import Quoting, Share, Subject
from bot.vocabulary import Json


@dataclass(frozen=True, slots=True)
class Summary:
    """All answers taken together."""

    answers: int
    conversations: int
    shares: tuple[Share, ...]
    letters: tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class Recalled:
    """Answers that quoted a subject, newest first, and where they go on. Only the first page has a summary.

    `title` is that of the document as it is now, else as it was last shown; empty where neither is known. `leads` are those that
    followed the conversations of these answers, by conversation.
    """

    subject: Subject
    title: str
    since: datetime | None
    answers: tuple[Quoting, ...]
    next: Place | None
    summary: Summary | None
    leads: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def conversations(self) -> tuple[str, ...]:
        """The conversations that these answers belong to, each once."""
        return tuple(dict.fromkeys(one.conversation_id for one in self.answers))


def wire(found: Recalled) -> Json:
    """The wire form of a recall."""
    return {
        "document_id": found.subject.id if found.subject.part == "document" else None,
        "passage_id": found.subject.id if found.subject.part == "passage" else None,
        "title": found.title or None,
        "since": found.since.isoformat() if found.since else None,
        "totals": _totals(found.summary) if found.summary else None,
        "answers": [_answer(one) for one in found.answers],
        "conversations": list(found.conversations),
        "leads": [{"lead_id": lead, "conversation_id": one} for one, leads in found.leads.items() for lead in leads],
        "letters": [asdict(letter) for letter in found.summary.letters] if found.summary else None,
        "next_cursor": cursor(found.next) if found.next else None,
    }


def _answer(one: Quoting) -> Json:
    return {
        "answer_id": one.answer_id,
        "conversation_id": one.conversation_id,
        "asked_at": one.asked_at.isoformat(),
        "language": one.language,
        "kind": one.kind,
        "snapshot": one.snapshot,
        "passages": list(one.passages),
    }


def _totals(summary: Summary) -> Json:
    by_language = {
        share.language: {
            "answers": share.answers,
            "conversations": share.conversations,
            "first": share.first.isoformat(),
            "last": share.last.isoformat(),
        }
        for share in summary.shares
    }
    return {"answers": summary.answers, "conversations": summary.conversations, "by_language": by_language}


def since(given: str) -> datetime:
    """A day (from its beginning) or a time; in UTC where no offset is given. Raises BadQuestion."""
    try:
        moment = datetime.fromisoformat(given.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadQuestion("since", "takes a day or a time in UTC, such as 2026-01-31 or 2026-01-31T09:30") from None
