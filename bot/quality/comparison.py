"""Outcomes now against outcomes then, row by row: better, worse, or within noise. Pure.

A measure is the mean of its rows' outcomes, of which higher is better. Only rows that both have are compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scipy.stats import binomtest

from bot.quality import bootstrap

Outcomes = Mapping[str, float]  # row's key to its outcome
Measures = Mapping[str, Outcomes]
LEVEL = 0.05
TRIFLE = 0.002  # what rounding and the arithmetic of another machine may change


class Verdict(StrEnum):
    """What a measure did since the baseline."""

    BETTER = "better"
    WORSE = "worse"
    NOISE = "within noise"
    SAME = "the same"
    NEW = "new"
    GONE = "not measured"


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure of a part: its value and interval over all rows now, and over the `paired` rows what it was and what changed.

    `up` and `down` count the rows that gained and lost; `difference` is that of the paired means, with its 95 % interval.
    """

    part: str
    measure: str
    rows: int
    verdict: Verdict
    value: float | None = None
    interval: tuple[float, float] | None = None
    paired: int = 0
    before: float | None = None
    difference: tuple[float, float, float] | None = None
    up: int = 0
    down: int = 0


def compare(now: Mapping[str, Measures], then: Mapping[str, Measures]) -> list[Compared]:
    """Every measure of either side, in the order of now. One that only the baseline has is GONE, one it lacks is NEW."""
    found = [_compared(part, name, rows, then) for part, measures in now.items() for name, rows in measures.items() if rows]
    known = {(one.part, one.measure) for one in found}
    gone = [
        Compared(part, name, 0, Verdict.GONE, paired=len(rows), before=_mean(list(rows.values())))
        for part, measures in then.items()
        for name, rows in measures.items()
        if (part, name) not in known
    ]
    return found + gone


def worse(compared: Sequence[Compared]) -> list[Compared]:
    """Those that fell beyond noise."""
    return [one for one in compared if one.verdict is Verdict.WORSE]


def _compared(part: str, name: str, rows: Outcomes, then: Mapping[str, Measures]) -> Compared:
    value, ends = _mean(list(rows.values())), bootstrap.interval(list(rows.values()))
    old = then.get(part, {}).get(name, {})
    both = [key for key in rows if key in old]
    if not both:
        return Compared(part, name, len(rows), Verdict.NEW, value, ends)
    mine, theirs = [rows[key] for key in both], [old[key] for key in both]
    gap = bootstrap.difference(mine, theirs)
    up = sum(new > before + TRIFLE for new, before in zip(mine, theirs, strict=True))
    down = sum(new < before - TRIFLE for new, before in zip(mine, theirs, strict=True))
    return Compared(part, name, len(rows), _verdict(gap, up, down), value, ends, len(both), _mean(theirs), gap, up, down)


def _verdict(gap: tuple[float, float, float], up: int, down: int) -> Verdict:
    """Beyond noise is what both the interval leaves no room for and an exact sign test of the changed rows calls unlikely.

    The interval alone is too sure of itself where only a handful of rows changed.
    """
    mean, low, high = gap
    if not up and not down:
        return Verdict.SAME
    if low <= 0 <= high or abs(mean) < TRIFLE or binomtest(up, up + down).pvalue > LEVEL:
        return Verdict.NOISE
    return Verdict.BETTER if low > 0 else Verdict.WORSE


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
