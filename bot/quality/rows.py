"""JSON lines: one object a line, each with its number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bot.errors import BadData
from bot.vocabulary import Json


def read(path: Path, needs: str) -> Iterator[tuple[int, Json]]:
    """Line number and object of each line that is not blank. Raises BadData naming the line; `needs` says what it lacks."""
    if not path.is_file():
        raise BadData(str(path), f"is missing; give JSON lines: {needs}")
    with path.open(encoding="utf-8") as file:
        for line, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                row = json.loads(text)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise BadData(str(path), f"is not one JSON object a line: {needs}", line)
            yield line, row
