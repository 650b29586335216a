"""The editors' TOML files, and on which line of one a key stands.

tomllib does not tell that of a key, so it is asked which beginnings of the text hold the key.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from bot.errors import BadDirectory
from bot.knowledge.readers.fields import Where

Table = dict[str, Any]
CLOSING = re.compile(r"]|\"\"\"|'''")  # with one of these a statement of several lines ends


def read(data: bytes, file: str) -> tuple[str, Table]:
    """A file's text, its lines parted by line feeds alone, and what it holds. Raises BadDirectory with the line of the fault."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadDirectory(file, "is not UTF-8; save it as UTF-8", data.count(b"\n", 0, error.start) + 1) from None
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = re.search(r"at line (\d+)", str(error))
        raise BadDirectory(file, f"is not valid TOML: {error}", int(said[1]) if said else text.count("\n") + 1) from None


def line(text: str, where: Where) -> int:
    """The line, from 1, on which the key or list element at `where` begins; where it is not there, that of what it would be in.

    The text must be valid TOML, its lines parted by line feeds alone. An empty path is the text itself: line 1.
    """
    lines, whole = text.split("\n"), tomllib.loads(text)
    while where and not _holds(whole, where):
        where = where[:-1]
    if not where:
        return 1
    ends = _statements(lines)
    found = bisect_left(ends, True, key=lambda end: _holds(_parsed(lines[:end]), where))
    return _within(lines, ends[found - 1] + 1 if found else 1, ends[found], where)


def _statements(lines: Sequence[str]) -> list[int]:
    """The line on which each statement ends: a key with its value, a table's head, a remark. Each is valid TOML by itself."""
    ends, before = list[int](), 0
    for n, row in enumerate(lines, 1):
        if (n == before + 1 or CLOSING.search(row)) and _parsed(lines[before:n]) is not None:
            ends.append(n)
            before = n
    return ends


def _within(lines: Sequence[str], begin: int, end: int, where: Where) -> int:
    """The line of `where` in a statement of the lines `begin` to `end`: an element of a list that goes over them has its own."""

    def cut(last: int) -> Table | None:
        """The text to its longest beginning, up to `last`, in which only the list is left open."""
        beginnings = (_parsed([*lines[:n], "]"]) for n in range(last, begin - 1, -1))
        return next((table for table in beginnings if table is not None), None)

    if begin == end or cut(end - 1) is None:
        return begin
    return bisect_left(range(begin, end), True, key=lambda last: _holds(cut(last), where)) + begin


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
