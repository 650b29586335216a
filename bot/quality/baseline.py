"""The outcomes of a run in a file to be committed, row by row, so that the next run can be compared in pairs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import BadData
from bot.quality.comparison import Measures

DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was measured, the day it was measured for (validity of documents), and the encoder and precision it was done with."""

    day: date
    made_with: Mapping[str, str]
    parts: Mapping[str, Measures]

    def write(self, path: Path) -> None:
        """Writes it, one line a measure. Raises BadData."""
        parts = ",\n".join(f"  {json.dumps(name)}: {_part(measures)}" for name, measures in self.parts.items())
        head = f' "day": "{self.day}",\n "made_with": {json.dumps(dict(self.made_with))},\n "parts": {{\n{parts}\n }}'
        try:
            path.write_text("{\n" + head + "\n}\n", "utf-8")
        except OSError as error:
            raise BadData(str(path), f"cannot be written: {error.strerror}") from None


def read(path: Path) -> Baseline:
    """The baseline in a file. Raises BadData."""
    try:
        row = json.loads(path.read_text("utf-8"))
        parts = {part: {name: _paired(rows) for name, rows in measures.items()} for part, measures in row["parts"].items()}
        return Baseline(date.fromisoformat(row["day"]), row["made_with"], parts)
    except FileNotFoundError:
        raise BadData(str(path), "is missing; write one by `bot evaluate all --write`") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadData(str(path), f"is no baseline ({error}); write it anew by `bot evaluate all --write`") from None


def _paired(rows: Mapping[str, str | list[float]]) -> dict[str, float]:
    """Outcomes by key: `rows` are the keys, one after the other by spaces, `outcomes` a list, or digits where all are 0 or 1."""
    keys, outcomes = str(rows["rows"]).split(), rows["outcomes"]
    return dict(zip(keys, map(float, outcomes), strict=True))


def _part(measures: Measures) -> str:
    lines = [f"    {json.dumps(name)}: {json.dumps(_packed(rows))}" for name, rows in measures.items() if rows]
    return "{\n" + ",\n".join(lines) + "\n  }"


def _packed(rows: Mapping[str, float]) -> dict[str, str | list[float]]:
    plain = all(value in (0.0, 1.0) for value in rows.values())
    outcomes = "".join(f"{value:.0f}" for value in rows.values()) if plain else [round(v, DECIMALS) for v in rows.values()]
    return {"rows": " ".join(rows), "outcomes": outcomes}
