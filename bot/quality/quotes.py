"""How well quotes are chosen: whether they hold the sentence that answers, whole lists and what a sentence leans on. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from bot.dialogue.quotes import Quote
from bot.errors import BadData
from bot.quality.bootstrap import interval
from bot.vocabulary import Json

NEEDS = "a row needs `question`, a text, and `documents` and `must`, lists of texts; it may have `whole`, `sort` and `language`"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question, the documents that answer it, and parts of their deciding sentences, any of which will do.

    `whole` are parts that belong into the same quote: the lead-in and items of a list, the sentence that another leans on.
    """

    question: str
    documents: tuple[str, ...]
    must: tuple[str, ...]
    whole: tuple[str, ...] = ()
    sort: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What was quoted: whether the first quote holds a wanted part, whether any does; the characters of all; whether what belongs
    into one quote is in one (None where nothing has to)."""

    first: bool
    any: bool
    characters: int
    whole: bool | None


def read(path: Path) -> list[Wanted]:
    """The rows of a file of JSON lines. Raises BadData with the line."""
    if not path.is_file():
        raise BadData(str(path), f"is missing; give JSON lines: {NEEDS}")
    rows = list(_rows(path))
    if not rows:
        raise BadData(str(path), f"holds no rows; give JSON lines: {NEEDS}")
    return rows


def _rows(path: Path) -> Iterator[Wanted]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield _wanted(json.loads(line))
                except (ValueError, TypeError, KeyError):
                    raise BadData(str(path), NEEDS, number) from None


def _wanted(row: Any) -> Wanted:
    if not isinstance(row["question"], str) or not row["must"]:
        raise ValueError
    texts = {name: _texts(row.get(name, [])) for name in ("documents", "must", "whole")}
    return Wanted(row["question"], **texts, sort=str(row.get("sort", "")), language=str(row.get("language", "")))


def _texts(found: Any) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(text, str) and text for text in found):
        raise TypeError
    return tuple(found)


def holds(quote: Quote, wanted: Wanted) -> bool:
    """Whether a quote is from a right document and holds a part of a deciding sentence."""
    return quote.hit.document.id in wanted.documents and any(part in quote.text for part in wanted.must)


def judge(wanted: Wanted, quotes: Sequence[Quote]) -> Found:
    """What these quotes are worth for a question."""
    right = [holds(quote, wanted) for quote in quotes]
    whole = any(all(part in quote.text for part in wanted.whole) for quote in quotes) if wanted.whole else None
    return Found(bool(right) and right[0], any(right), sum(len(quote.text) for quote in quotes), whole)


def evaluate(rows: Sequence[Wanted], choose: Callable[[str], Sequence[Quote]]) -> Json:
    """The measures over all rows, by sort and by language, the shares with their 95 % bootstrap interval.

    `quote@1`: share whose first quote holds a wanted part; `quoted`: share of which any quote does; `characters`: mean length of
    all quotes of a question; `whole`: share of lists and leaning sentences that are in one quote with what belongs to them.
    """
    found = [judge(row, choose(row.question)) for row in rows]
    groups: dict[str, dict[str, list[Found]]] = {"by_sort": {}, "by_language": {}}
    for row, one in zip(rows, found, strict=True):
        groups["by_sort"].setdefault(row.sort, []).append(one)
        groups["by_language"].setdefault(row.language, []).append(one)
    parted = {group: {name: _measures(some) for name, some in sorted(parts.items())} for group, parts in groups.items()}
    return {**_measures(found), **parted}


def _measures(found: Sequence[Found]) -> Json:
    whole = [one.whole for one in found if one.whole is not None]
    return {
        "questions": len(found),
        **_share("quote@1", [one.first for one in found]),
        **_share("quoted", [one.any for one in found]),
        "characters": round(fmean(one.characters for one in found)),
        "to be whole": len(whole),
        **_share("whole", whole),
    }


def _share(name: str, values: Sequence[bool]) -> Json:
    if not values:
        return {name: None, f"{name} interval": None}
    return {name: round(fmean(values), 4), f"{name} interval": [round(end, 4) for end in interval([float(v) for v in values])]}
