"""What visitors asked and the bot could not answer: like questions together, newest first, page by page."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from bot import paging
from bot.dialogue.answer import REFUSED_KINDS
from bot.dialogue.evidence import NUMBER
from bot.dialogue.places import places
from bot.errors import BadQuestion
from bot.paging import NEWEST, Place
from bot.store.gaps import EVER, Gaps, Unanswered
from bot.vocabulary import LANGUAGES, Json

REASONS = ("no_evidence", "off_topic", "unclear")
ALIKE = 0.95  # cosine from which two questions about the same places and numbers are one
WINDOW = 2000  # questions that are put together at a time
SHOWN = 20  # answers, and other wordings, that a gap names
_BREAKS = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which gaps are wanted: asked from `since` on, in a language, left for a reason; empty: any."""

    since: datetime | None = None
    language: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One unanswered question. `text` is what it was taken for."""

    answer_id: str
    conversation_id: str
    asked_at: datetime
    text: str
    language: str
    kind: str
    topic: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Like questions that were not answered, newest first; there is at least one."""

    asked: tuple[Asked, ...]

    @property
    def newest(self) -> Asked:
        """The one that gives the gap its words."""
        return self.asked[0]

    @property
    def wordings(self) -> tuple[str, ...]:
        """The other ways it was put, newest first."""
        return tuple(dict.fromkeys(one.text for one in self.asked if one.text != self.newest.text))

    @property
    def conversations(self) -> int:
        """How many conversations it was asked in."""
        return len({one.conversation_id for one in self.asked})

    @property
    def days(self) -> dict[str, int]:
        """How often on which day (UTC), the latest day first."""
        return dict(Counter(one.asked_at.astimezone(UTC).date().isoformat() for one in self.asked))

    def count(self, name: str) -> dict[str, int]:
        """How often which `language`, `kind`, `topic` or `reason`, the most frequent first; without a topic under ``""``."""
        return dict(Counter(str(getattr(one, name)) for one in self.asked).most_common())


@dataclass(frozen=True, slots=True)
class Behind:
    """Where a page ends: `window` is where the questions begin that were put together, `gap` the newest of the last gap shown."""

    window: Place
    gap: Place | None


def page(kept: Gaps, wish: Wish, limit: int, behind: Behind | None = None) -> tuple[list[Gap], Behind | None]:
    """At most `limit` gaps, newest first, and where to go on, None at the end. Raises BadQuestion for a wish that does not fit.

    Put together are up to WINDOW questions at a time, the next WINDOW when these are shown. What comes in between pages
    changes none that follow.
    """
    if wish.language and wish.language not in LANGUAGES:
        raise BadQuestion("language", f"takes one of {', '.join(LANGUAGES)}")
    if wish.reason and wish.reason not in REASONS:
        raise BadQuestion("reason", f"takes one of {', '.join(REASONS)}")
    at = behind or Behind(NEWEST, None)
    while True:
        rows = kept.unanswered(at.window, wish.since or EVER, REFUSED_KINDS, WINDOW + 1)
        window = rows[:WINDOW]
        start = at.window if behind else _before(window)
        gaps = [gap for gap in _wanted(window, wish) if at.gap is None or _place(gap) < (at.gap.at, at.gap.id)]
        if len(gaps) > limit:
            newest = gaps[limit - 1].newest
            return gaps[:limit], Behind(start, Place(newest.asked_at, newest.answer_id))
        more = Behind(window[-1].place, None) if len(rows) > WINDOW else None
        if gaps or more is None:
            return gaps, more
        at = behind = more


def _before(window: Sequence[Unanswered]) -> Place:
    """A place just before the newest of these ("-" is the least id): the cursor's window begins there, whatever comes later."""
    return Place(window[0].asked_at + timedelta(microseconds=1), "-") if window else NEWEST


def _place(gap: Gap) -> tuple[datetime, str]:
    return gap.newest.asked_at, gap.newest.answer_id


def _wanted(window: Sequence[Unanswered], wish: Wish) -> Iterator[Gap]:
    rows = [(one, _asked(one)) for one in window]
    rows = [row for row in rows if wish.language in ("", row[1].language) and wish.reason in ("", row[1].reason)]
    return grouped([asked for _, asked in rows], [one.vector for one, _ in rows])


def _asked(one: Unanswered) -> Asked:
    body = json.loads(one.body)
    names = (str(body.get(name) or "") for name in ("language", "kind", "topic", "reason"))
    return Asked(one.answer_id, one.conversation_id, one.asked_at, one.meant or one.question, *names)


def grouped(asked: Sequence[Asked], vectors: Sequence[bytes]) -> Iterator[Gap]:
    """Like questions together, each group by its newest: the same words, or vectors (of receipts) that are ALIKE. Pure.

    Numbers and countries tell questions apart that a vector does not: two rates, two laws.
    """
    alike = _likeness(vectors)
    known: dict[str, int] = {}
    words = np.array([known.setdefault(_BREAKS.sub(" ", one.text.casefold()).strip(), len(known)) for one in asked], dtype=int)
    free = np.ones(len(asked), dtype=bool)
    for first in range(len(asked)):
        if not free[first]:
            continue
        near = np.flatnonzero(free & (alike[first] | (words == words[first]))).tolist()
        members = [n for n in near if words[n] == words[first] or _marks(asked[n]) == _marks(asked[first])]
        free[members] = False
        yield Gap(tuple(asked[n] for n in members))


def _marks(one: Asked) -> tuple[frozenset[str], frozenset[str]]:
    return places(one.text), frozenset(NUMBER.findall(one.text.lower()))


def _likeness(vectors: Sequence[bytes]) -> npt.NDArray[np.bool_]:
    """Which vectors are ALIKE, each with each; those of different lengths come from different encoders and are not."""
    found = np.zeros((len(vectors), len(vectors)), dtype=bool)
    for length in {len(one) for one in vectors if one}:
        at = [n for n, one in enumerate(vectors) if len(one) == length]
        rows = np.frombuffer(b"".join(vectors[n] for n in at), dtype="<f2").astype(np.float32).reshape(len(at), -1)
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        found[np.ix_(at, at)] = rows @ rows.T >= ALIKE
    return found


def wire(gaps: Sequence[Gap], wish: Wish, behind: Behind | None) -> Json:
    """The wire form of a page."""
    since = wish.since.isoformat() if wish.since else None
    return {"since": since, "gaps": [_gap(one) for one in gaps], "next_cursor": cursor(behind) if behind else None}


def _gap(gap: Gap) -> Json:
    return {
        "question": gap.newest.text,
        "wordings": list(gap.wordings[:SHOWN]),
        "count": len(gap.asked),
        "conversations": gap.conversations,
        "first": gap.asked[-1].asked_at.isoformat(),
        "last": gap.newest.asked_at.isoformat(),
        "days": gap.days,
        "languages": gap.count("language"),
        "kinds": gap.count("kind"),
        "topics": gap.count("topic"),
        "reasons": gap.count("reason"),
        "answer_ids": [one.answer_id for one in gap.asked[:SHOWN]],
    }


def cursor(behind: Behind) -> str:
    """Where a page ends, as a text to be handed back."""
    return ".".join(map(paging.cursor, (behind.window, behind.gap) if behind.gap else (behind.window,)))


def behind(given: str) -> Behind:
    """Where a cursor points. Raises BadQuestion."""
    window, dot, gap = given.partition(".")
    return Behind(paging.place(window), paging.place(gap) if dot else None)
