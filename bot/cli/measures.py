"""How the `evaluate` commands write numbers for people: values with their 95 % intervals."""

from __future__ import annotations

from bot import terminal
from bot.vocabulary import Json


def cell(row: Json, name: str) -> str:
    """A measure of a result with its interval where it has one: `0.912 (0.880–0.941)`; `–` where it has no value."""
    value, ends = row.get(name), row.get("intervals", {}).get(name)
    if value is None:
        return "–"
    if not ends:
        return str(value)
    return f"{value:.3f} ({ends[0]:.3f}–{ends[1]:.3f})"


def gap(value: float, low: float, high: float) -> str:
    """A difference with its interval, each with its sign."""
    value, low, high = (round(number, 3) + 0.0 for number in (value, low, high))  # no negative zero
    return f"{value:+.3f} ({low:+.3f} to {high:+.3f})"


def show(result: Json) -> None:
    """A table of the plain numbers of a result."""
    names = [name for name, value in result.items() if not isinstance(value, dict)]
    terminal.table(("measure", "value (95 % interval)"), [(name, cell(result, name)) for name in names], whole=True)
