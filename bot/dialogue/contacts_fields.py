"""What each field of a desk may hold."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeGuard

from bot.desks import Days, Opening
from bot.dialogue.hours import zones
from bot.knowledge.readers.fields import Unfit, Where
from bot.vocabulary import INQUIRY_KINDS, JURISDICTIONS, LANGUAGES, TOPICS

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOCAL = r"[^@\s<>()\[\]\",:;\\.]+"
LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
ADDRESS = re.compile(rf"{LOCAL}(?:\.{LOCAL})*@(?:{LABEL}\.)+{LABEL}")
SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–]\s*([0-9]{1,2}):([0-9]{2})")


def unknown(word: str, known: Sequence[str]) -> str:
    """That a key or word is not known, which it may have been meant to be, and which are."""
    near = difflib.get_close_matches(word[:100], known, n=1)
    meant = f" (did you mean {near[0]!r}?)" if near else ""
    return f"{word!r} is unknown{meant}; known are {', '.join(known)}"


def _text(where: Where, value: object) -> str:
    """A line that may stand in the head of a mail: no line break, no control character, nothing unseen."""
    if not isinstance(value, str) or not value.isprintable():
        raise Unfit(f"`{where[-1]}` takes one line of plain text, without line breaks and control characters", where)
    return value


def _name(where: Where, value: object) -> str:
    text = _text(where, value)
    if not text.strip():
        raise Unfit(f"`{where[-1]}` is empty; give the desk one", where)
    return text


def _address(where: Where, value: object) -> str:
    if not isinstance(value, str) or not value.isprintable() or not ADDRESS.fullmatch(value):
        raise Unfit("`email` is not a mail address; write one such as desk@example.com, or leave the key out", where)
    return value


def _some_of(known: Sequence[str]) -> Callable[[Where, object], tuple[str, ...]]:
    def some(where: Where, value: object) -> tuple[str, ...]:
        for n, word in enumerate(_list(where, value)):
            if word not in known:
                raise Unfit(f"`{where[-1]}`: {unknown(str(word), known)}", (*where, n))
        return tuple(dict.fromkeys(_list(where, value)))

    return some


def _whole_number(where: Where, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unfit(f"`{where[-1]}` takes a whole number, such as 10, without quotation marks", where)
    return value


def _zone(where: Where, value: object) -> str:
    if not isinstance(value, str) or value not in zones():
        near = difflib.get_close_matches(str(value)[:100], sorted(zones()), n=1)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        raise Unfit(f'`time_zone` is not known; write an IANA name such as "Asia/Shanghai"{meant}', where)
    return value


def _hours(where: Where, value: object) -> tuple[Opening, ...]:
    if not isinstance(value, dict):
        raise Unfit('`hours` takes a table by weekday, such as { mon-fri = "09:00-18:00" }', where)
    taken: list[Opening] = []
    for days, text in value.items():
        here = (*where, days)
        for weekday in _weekdays(here, days):
            for opens, closes in _spans(here, text):
                if any(weekday == one.weekday and opens < one.closes and one.opens < closes for one in taken):
                    raise Unfit(f"`hours`: two spans of {WEEKDAYS[weekday - 1]} overlap; write each time once", here)
                taken.append(Opening(weekday, opens, closes))
    return tuple(sorted(taken, key=lambda one: (one.weekday, one.opens)))


def _weekdays(where: Where, days: str) -> list[int]:
    """ISO weekdays of "mon" or "mon-fri"; a range may go over the week's end, as in "sat-mon"."""
    ends = [part.strip().lower() for part in days.split("-")]
    if len(ends) > 2 or any(end not in WEEKDAYS for end in ends):
        raise Unfit(f"`hours`: {days!r} is no weekday; write {', '.join(WEEKDAYS)}, or a range such as mon-fri", where)
    first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
    return [(first + n) % 7 + 1 for n in range((last - first) % 7 + 1)]


def _spans(where: Where, text: object) -> Iterator[tuple[int, int]]:
    for part in text.split(",") if isinstance(text, str) else [""]:
        found = SPAN.fullmatch(part.strip())
        hour, minute, last_hour, last_minute = map(int, found.groups()) if found else (99, 0, 99, 0)
        opens, closes = 60 * hour + minute, 60 * last_hour + last_minute
        if minute > 59 or last_minute > 59 or opens >= 1440 or closes > 1440:
            raise Unfit('`hours` takes spans such as "09:00-18:00" or "09:00-12:30, 13:30-18:00"', where)
        if closes <= opens:
            raise Unfit("`hours`: a span ends before it begins; part one over midnight in two, to 24:00 and from 00:00", where)
        yield opens, closes


def _holidays(where: Where, value: object) -> tuple[Days, ...]:
    return tuple(_days((*where, n), item) for n, item in enumerate(_list(where, value)))


def _days(where: Where, item: object) -> Days:
    if _is_date(item):
        return Days(item, item)
    if isinstance(item, dict) and set(item) == {"from", "to"} and _is_date(item["from"]) and _is_date(item["to"]):
        if item["to"] < item["from"]:
            raise Unfit("`holidays`: a range ends before it begins", where)
        return Days(item["from"], item["to"])
    raise Unfit(
        "`holidays` takes dates without quotation marks, such as 2026-10-01, or { from = 2026-10-01, to = 2026-10-07 }", where
    )


def _is_date(value: object) -> TypeGuard[date]:
    return type(value) is date  # a datetime is a date too


def _list(where: Where, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise Unfit(f"`{where[-1]}` takes a list in brackets", where)
    return value


CHECKS: Mapping[str, Callable[[Where, object], Any]] = {
    "id": _name,
    "name": _name,
    "email": _address,
    "languages": _some_of(LANGUAGES),
    "topics": _some_of(TOPICS),
    "kinds": _some_of(INQUIRY_KINDS),
    "jurisdictions": _some_of(JURISDICTIONS),
    "subject": _text,
    "priority": _whole_number,
    "time_zone": _zone,
    "hours": _hours,
    "holidays": _holidays,
    "stand_in": _text,
}
