"""inquiries.toml to labelled examples: what editors teach the bot about kinds and topics."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.toml_lines import read
from bot.errors import BadDirectory
from bot.vocabulary import INQUIRY_KINDS, LANGUAGES, TOPICS

FILE = "inquiries.toml"
KEYS = {"text", "kind", "topic", "language", "hard", "group", "unclear"}
OPTIONS = {"kind": INQUIRY_KINDS, "topic": TOPICS, "language": LANGUAGES}


@dataclass(frozen=True, slots=True)
class Example:
    """An inquiry with its labels. `hard` marks one that sounds like another kind than it is, `unclear` one that leaves out
    what it is about, so that nobody can look it up.

    Examples of one `group` say nearly the same: where some are learned from and others tested on, a group stays together.
    `line` is where it begins in its file, as far as that can be told.
    """

    text: str
    kind: str
    language: str
    topic: str | None = None
    hard: bool = False
    group: str = ""
    unclear: bool = False
    line: int | None = field(default=None, compare=False)


def parse(data: bytes, file: str = FILE) -> list[Example]:
    """The examples of an inquiries.toml. Raises BadDirectory with file and line."""
    text, table = read(data, file)
    rows = table.get("example", [])
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[example]]"]
    if not isinstance(rows, list) or len({row.get("kind") for row in rows if isinstance(row, dict)}) < 2:
        raise BadDirectory(file, "needs [[example]] entries of at least two kinds")
    return [_example(row, file, lines[i] if i < len(lines) else None) for i, row in enumerate(rows)]


def _example(row: dict[str, Any], file: str, line: int | None) -> Example:
    unknown = sorted(set(row) - KEYS)
    if unknown:
        raise BadDirectory(file, f"unknown key {unknown[0]!r}; known are {', '.join(sorted(KEYS))}", line)
    if not isinstance(row.get("text"), str) or not row["text"].strip():
        raise BadDirectory(file, "an example needs a `text`", line)
    for name, known in OPTIONS.items():
        if (name != "topic" or name in row) and row.get(name) not in known:
            raise BadDirectory(file, f"`{name}` takes one of {', '.join(known)}", line)
    if not isinstance(row.get("group", ""), str):
        raise BadDirectory(file, "`group` takes a text", line)
    for name in ("hard", "unclear"):
        if not isinstance(row.get(name, False), bool):
            raise BadDirectory(file, f"`{name}` takes true or false", line)
    return Example(**row, line=line)
