"""contacts.toml to desks: who answers, at which address, for which topics and kinds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import BadDirectory
from bot.vocabulary import INQUIRY_KINDS, LANGUAGES, TOPICS, Desk

FILE = "contacts.toml"
KEYS = {"id", "name", "email", "languages", "topics", "kinds", "subject", "priority", "hours"}
ADDRESS = re.compile(r"[^@\s<>\",;]+@[^@\s<>\",;.]+(?:\.[^@\s<>\",;.]+)+")


@dataclass(frozen=True, slots=True)
class Contacts:
    """All desks, the default one named."""

    default: Desk
    desks: tuple[Desk, ...]

    def for_kind(self, kind: str) -> Desk | None:
        """The desk that takes a kind of inquiry ahead of any other routing, by priority."""
        return self._best(desk for desk in self.desks if kind in desk.kinds)

    def for_topic(self, topic: str | None) -> Desk | None:
        """The desk that takes a topic, by priority; the default desk is nobody's rival."""
        return self._best(desk for desk in self.desks if topic in desk.topics and desk.id != self.default.id)

    @staticmethod
    def _best(desks: Any) -> Desk | None:
        return max(desks, key=lambda desk: desk.priority, default=None)


def parse(data: bytes, file: str = FILE) -> Contacts:
    """The desks of a contacts.toml. Raises BadDirectory with file, line where it can be told, and what to do."""
    try:
        text = data.decode("utf-8")
        table = tomllib.loads(text)
    except UnicodeDecodeError:
        raise BadDirectory(file, "is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise BadDirectory(file, f"is not valid TOML: {error}", int(line[1]) if line else None) from None
    return _Reader(file, text).contacts(table)


class _Reader:
    """Checks the tables and knows the line of each `[[desk]]`."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._lines = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*desk\s*\]\]", line)]

    def contacts(self, table: Mapping[str, Any]) -> Contacts:
        rows = table.get("desk")
        if not isinstance(rows, list) or not rows:
            raise BadDirectory(self._file, "has no [[desk]]; add at least the default desk with id, name and email")
        default = next((row for row in rows if row.get("id") == table.get("default")), None)
        if default is None:
            raise BadDirectory(self._file, 'needs `default = "<id>"`, naming one of its desks', 1)
        address = default.get("email", "")
        desks = tuple(self._desk(row, i, address) for i, row in enumerate(rows))
        if len({desk.id for desk in desks}) < len(desks):
            raise BadDirectory(self._file, "two desks have the same id; give each its own")
        return Contacts(next(desk for desk in desks if desk.id == default["id"]), desks)

    def _desk(self, row: Mapping[str, Any], number: int, default_address: str) -> Desk:
        line = self._lines[number] if number < len(self._lines) else None
        unknown = sorted(set(row) - KEYS)
        if unknown:
            raise BadDirectory(self._file, f"unknown key {unknown[0]!r} in a desk; known are {', '.join(sorted(KEYS))}", line)
        for key in ("id", "name"):
            if not isinstance(row.get(key), str) or not row[key].strip():
                raise BadDirectory(self._file, f"a desk needs a text for `{key}`", line)
        email = row.get("email", default_address)
        if not isinstance(email, str) or not ADDRESS.fullmatch(email):
            raise BadDirectory(
                self._file, f"desk {row['id']!r}: `email` is not a mail address; the default desk must have one", line
            )
        return Desk(
            id=row["id"],
            name=row["name"],
            email=email,
            languages=self._words(row, "languages", LANGUAGES, line),
            topics=self._words(row, "topics", TOPICS, line),
            kinds=self._words(row, "kinds", INQUIRY_KINDS, line),
            subject=self._text(row, "subject", line),
            priority=self._number(row, line),
            hours=self._text(row, "hours", line) or None,
        )

    def _words(self, row: Mapping[str, Any], key: str, known: tuple[str, ...], line: int | None) -> tuple[str, ...]:
        value = row.get(key, [])
        if not isinstance(value, list) or any(word not in known for word in value):
            raise BadDirectory(self._file, f"desk {row['id']!r}: `{key}` takes a list out of {', '.join(known)}", line)
        return tuple(value)

    def _text(self, row: Mapping[str, Any], key: str, line: int | None) -> str:
        value = row.get(key, "")
        if not isinstance(value, str) or "\n" in value or "\r" in value:
            raise BadDirectory(self._file, f"desk {row['id']!r}: `{key}` takes one line of text", line)
        return value

    def _number(self, row: Mapping[str, Any], line: int | None) -> int:
        value = row.get("priority", 0)
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadDirectory(self._file, f"desk {row['id']!r}: `priority` takes a whole number", line)
        return value
