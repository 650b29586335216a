"""What a document says about itself: which fields there are and what each may hold."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.knowledge.readers.encoding import SURROGATE, one_line
from bot.vocabulary import DOCUMENT_KINDS, JURISDICTIONS, LANGUAGES, TOPICS, Source

T = TypeVar("T")
Where = tuple[str | int, ...]
SOURCE_FIELDS = ("title", "publisher", "address", "date")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ADDRESS = re.compile(r"[^\s\x00-\x20\x7f-\x9f<>\"\\^`{|}]+")


class Unfit(Exception):
    """A field cannot be taken as given. `where` leads to it: field, place in a list, field of a source.

    `every` holds this fault and all others that were found with it, in order.
    """

    def __init__(self, reason: str, where: Where, also: Sequence[Unfit] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = where
        self.every: tuple[Unfit, ...] = (self, *also)


def check(given: Mapping[str, object], identity: str = "") -> dict[str, Any]:
    """The given fields as the Document of that id takes them; those that are null are left out.

    Raises Unfit, with every fault there is, for fields that are unknown, do not fit or contradict each other, and for a title
    that is null or empty.
    """
    checked: dict[str, Any] = {}
    faults: list[Unfit] = []
    for name, value in given.items():
        try:
            if name not in CHECKS:
                raise Unfit(_unknown(name, tuple(CHECKS)), (name,))
            if value is not None:
                checked[name] = CHECKS[name]((name,), value)
            if name == "title" and not checked.get("title"):
                raise Unfit("title is missing; write it behind `title:`", ("title",))
        except Unfit as unfit:
            faults += unfit.every
    _raise([*faults, *_contradictions(checked, identity)])
    return checked


def _contradictions(fields: Mapping[str, Any], identity: str) -> Iterator[Unfit]:
    """What each field alone may say, and all together may not."""
    stated, end = fields.get("as_of"), fields.get("valid_until")
    if stated and end and end < stated:
        reason = f"valid_until: {end} is before as_of, {stated}; give the last day on which the text holds, or leave it out"
        yield Unfit(reason, ("valid_until",))
    if identity and fields.get("supersedes") == identity:
        yield Unfit("supersedes: names this document itself; name the older one, or leave it out", ("supersedes",))


def _raise(faults: Sequence[Unfit]) -> None:
    if faults:
        raise Unfit(faults[0].reason, faults[0].where, faults[1:])


def web_address(text: str) -> bool:
    """Whether the text is an http or https address that may stand in a link."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return bool(parts.scheme in ("http", "https") and host and ADDRESS.fullmatch(text))


def _text(where: Where, value: object) -> str:
    if not isinstance(value, str):
        raise Unfit(f"{_name(where)} must be text, not {_type(value)}; put it in quotation marks", where)
    if SURROGATE.search(value):
        raise Unfit(f"{_name(where)} holds half a character (a lone surrogate); write it anew", where)
    return one_line(value)


def _one_of(known: Sequence[str]) -> Callable[[Where, object], str]:
    def one(where: Where, value: object) -> str:
        text = _text(where, value)
        if text not in known:
            raise Unfit(f"{_name(where)}: {text!r} is unknown{_close(text, known)}; known are {', '.join(known)}", where)
        return text

    return one


def _some_of(known: Sequence[str]) -> Callable[[Where, object], tuple[str, ...]]:
    one = _one_of(known)

    def some(where: Where, value: object) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_each(where, value, one)))

    return some


def _each(where: Where, value: object, one: Callable[[Where, object], T]) -> list[T]:
    """The items of a list, each checked. Raises Unfit with the faults of all of them."""
    taken: list[T] = []
    faults: list[Unfit] = []
    for i, item in enumerate(_list(where, value)):
        try:
            taken.append(one((*where, i), item))
        except Unfit as unfit:
            faults += unfit.every
    _raise(faults)
    return taken


def _date(where: Where, value: object) -> date:
    text = _text(where, value)
    try:
        if ISO_DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Unfit(f"{_name(where)}: {text!r} is no date; write year-month-day, as in 2024-08-21", where)


def _address(where: Where, value: object) -> str:
    text = _text(where, value)
    if text and not web_address(text):
        raise Unfit(f"{_name(where)}: {text!r} is no address; it must begin with https:// or http://", where)
    return text


def _sources(where: Where, value: object) -> tuple[Source, ...]:
    return tuple(_each(where, value, _source))


def _source(where: Where, value: object) -> Source:
    if not isinstance(value, Mapping):
        reason = f"{_name(where)} must have the fields {', '.join(SOURCE_FIELDS)}, not be {_type(value)}; {_list_form(where)}"
        raise Unfit(reason, where)
    parts: dict[str, str] = {}
    faults: list[Unfit] = []
    for name, item in value.items():
        try:
            if name not in SOURCE_FIELDS:
                raise Unfit(_unknown(str(name), SOURCE_FIELDS), (*where, name))
            if item is not None:
                parts[name] = (_address if name == "address" else _text)((*where, name), item)
        except Unfit as unfit:
            faults += unfit.every
    if not parts.get("title") and not any(fault.where == (*where, "title") for fault in faults):
        faults.append(Unfit(f"{_name(where)} has no title; add a line `title: …` to it", where))
    _raise(faults)
    return Source(**parts)


def _list(where: Where, value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise Unfit(f"{_name(where)} must be a list, not {_type(value)}; {_list_form(where)}", where)
    return value


def _list_form(where: Where) -> str:
    field = str(where[0])
    return "begin each source with `- title: …`" if field == "sources" else f"write `{field}: [one, another]`"


def _name(where: Where) -> str:
    return " ".join(str(part + 1) if isinstance(part, int) else part for part in where)


def _type(value: object) -> str:
    if value is None:
        return "empty"
    names = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "fields"}
    return names.get(type(value), type(value).__name__)


def _unknown(name: str, known: Sequence[str]) -> str:
    return f"unknown field {name!r}{_close(name, known)}; known are {', '.join(known)}"


def _close(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name[:100], known, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


CHECKS: dict[str, Callable[[Where, object], Any]] = {
    "title": _text,
    "summary": _text,
    "kind": _one_of(DOCUMENT_KINDS),
    "topics": _some_of(TOPICS),
    "jurisdictions": _some_of(JURISDICTIONS),
    "published": _date,
    "as_of": _date,
    "review_by": _date,
    "valid_until": _date,
    "supersedes": _text,
    "language": _one_of(LANGUAGES),
    "url": _address,
    "sources": _sources,
}
