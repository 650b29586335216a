"""On which line of a TOML text a key stands. tomllib does not tell, so it is asked which beginnings of the text hold the key."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

from bot.knowledge.readers.fields import Where

Table = dict[str, Any]


def line(text: str, where: Where) -> int:
    """The line, from 1, on which the key or list element at `where` begins; where it is not there, that of what it would be in.

    The text must be valid TOML, its lines parted by line feeds alone. An empty path is the text itself: line 1.
    """
    lines, whole = text.split("\n"), tomllib.loads(text)
    while where and not _holds(whole, where):
        where = where[:-1]
    if not where:
        return 1
    before, end = 0, len(lines)
    while end - before > 1:
        middle = (before + end) // 2
        if _holds(_beginning(lines, middle)[0], where):
            end = middle
        else:
            before = middle
    return _within(lines, _beginning(lines, before)[1] + 1, end, where)


def _within(lines: Sequence[str], begin: int, end: int, where: Where) -> int:
    """The line of `where` in a statement of the lines `begin` to `end`: an element of a list that goes over them has its own."""
    cut = [(n, found) for n in range(begin, end) if (found := _parsed([*lines[:n], "]"])) is not None]
    return next((n for n, found in cut if _holds(found, where)), end if cut else begin)


def _beginning(lines: Sequence[str], count: int) -> tuple[Table, int]:
    """The longest beginning of at most `count` lines that is valid TOML, and how many lines it has."""
    while (found := _parsed(lines[:count])) is None:
        count -= 1
    return found, count


def _parsed(lines: Sequence[str]) -> Table | None:
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return None


def _holds(found: Any, where: Where) -> bool:
    for part in where:
        if isinstance(part, int):
            if not isinstance(found, list) or part >= len(found):
                return False
        elif not isinstance(found, dict) or part not in found:
            return False
        found = found[part]
    return True
