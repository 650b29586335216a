"""followups.toml to labelled turns: what editors teach the bot about turns that lean on the ones before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.toml_lines import read
from bot.errors import BadDirectory
from bot.vocabulary import LANGUAGES

FILE = "followups.toml"
LEANING, STANDING, OPEN = "leaning", "standing", "open"
LABELS = (LEANING, STANDING, OPEN)
KEYS = {"language", "earlier", *LABELS}


@dataclass(frozen=True, slots=True)
class TaughtTurn:
    """A turn after `earlier`, and whether it leans on that, stands alone, or is open: of something that neither names.

    `line` is where its conversation begins in the file, as far as that can be told.
    """

    earlier: str
    text: str
    label: str
    language: str
    line: int | None = field(default=None, compare=False)


def parse(data: bytes, file: str = FILE) -> list[TaughtTurn]:
    """The turns of a followups.toml. Raises BadDirectory with file and line."""
    text, table = read(data, file)
    rows = table.get("conversation", [])
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.strip() == "[[conversation]]"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadDirectory(file, "needs [[conversation]] entries")
    turns = [turn for i, row in enumerate(rows) for turn in _turns(row, file, lines[i] if i < len(lines) else None)]
    for label in LABELS:
        if sum(turn.label == label for turn in turns) < 2:
            raise BadDirectory(file, f"needs at least two turns that are `{label}`")
    return turns


def _turns(row: dict[str, Any], file: str, line: int | None) -> list[TaughtTurn]:
    unknown = sorted(set(row) - KEYS)
    if unknown:
        raise BadDirectory(file, f"unknown key {unknown[0]!r}; known are {', '.join(sorted(KEYS))}", line)
    if not isinstance(row.get("earlier"), str) or not row["earlier"].strip():
        raise BadDirectory(file, "a conversation needs `earlier`, the question before", line)
    if row.get("language") not in LANGUAGES:
        raise BadDirectory(file, f"`language` takes one of {', '.join(LANGUAGES)}", line)
    for label in LABELS:
        texts = row.get(label, [])
        if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
            raise BadDirectory(file, f"`{label}` takes a list of texts", line)
    return [TaughtTurn(row["earlier"], text, label, row["language"], line) for label in LABELS for text in row.get(label, [])]
