"""Labelled questions: which documents answer each, or none. From gold.toml or JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.dialogue.toml_lines import read as read_toml
from bot.errors import BadData, BadDirectory

FILE = "gold.toml"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question, the ids of the documents that answer it (none: it has no answer), its group, and its line if known."""

    question: str
    documents: tuple[str, ...]
    kind: str = "question"
    language: str = ""
    line: int | None = field(default=None, compare=False)


def parse(data: bytes, file: str = FILE) -> list[Labelled]:
    """The questions of a gold.toml. Raises BadDirectory."""
    text, table = read_toml(data, file)
    rows = table.get("question", [])
    if not isinstance(rows, list):
        raise BadDirectory(file, "needs [[question]] entries")
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.strip() == "[[question]]"]
    return [_labelled(row, file, lines[i] if i < len(lines) else None) for i, row in enumerate(rows)]


def read(path: Path) -> list[Labelled]:
    """The questions of a .toml or .jsonl file. Raises BadData with the line."""
    if not path.is_file():
        raise BadData(str(path), "is missing; give a file of rows with `question` and `documents`")
    if path.suffix == ".toml":
        return parse(path.read_bytes(), str(path))
    return list(_json_rows(path))


def _json_rows(path: Path) -> Iterator[Labelled]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    row = json.loads(line)
                except ValueError:
                    raise BadData(str(path), "is not one JSON object a line", number) from None
                yield _labelled(row, str(path), number)


def _labelled(row: Any, file: str, line: int | None) -> Labelled:
    fits = isinstance(row, dict) and isinstance(row.get("question"), str) and isinstance(row.get("documents"), list)
    if not fits:
        raise BadData(file, "a row needs `question`, a text, and `documents`, a list of ids", line)
    documents = tuple(str(identity) for identity in row["documents"])
    return Labelled(row["question"], documents, str(row.get("kind", "question")), str(row.get("language", "")), line)
