"""How well probabilities tell true rows from the others, and how much a threshold lets through. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


def auroc(said: Numbers, true: Flags) -> float:
    """The chance that a true row is held for likelier than another one, ties half; nan with one sort alone."""
    positives, negatives = said[true], np.sort(said[~true])
    if not len(positives) or not len(negatives):
        return float("nan")
    below = np.searchsorted(negatives, positives, "left") + np.searchsorted(negatives, positives, "right")
    return float(below.sum() / 2 / len(positives) / len(negatives))


def coverage(said: Numbers, right: Flags, precision: float) -> float:
    """The largest share of all rows that some threshold answers, where so many of the answered are right; nan of no rows."""
    ends, order = _thresholds(said)
    enough = np.cumsum(right[order])[ends] / (ends + 1) >= precision
    return float((ends + 1)[enough].max(initial=0) / len(said)) if len(said) else float("nan")


def reached(said: Numbers, right: Flags, among: Flags, precision: float) -> float:
    """The largest share of the rows `among` that some threshold answers rightly at that precision; nan of no such rows."""
    ends, order = _thresholds(said)
    enough = np.cumsum(right[order])[ends] / (ends + 1) >= precision
    answered = np.cumsum((among & right)[order])[ends][enough]
    return float(answered.max(initial=0) / among.sum()) if among.any() else float("nan")


def risk(said: Numbers, right: Flags) -> tuple[Numbers, Numbers]:
    """For every threshold, falling: the share of all rows that it answers, and the share of these that are wrong."""
    ends, order = _thresholds(said)
    return (ends + 1) / len(said), 1 - np.cumsum(right[order])[ends] / (ends + 1)


def _thresholds(said: Numbers) -> tuple[Places, Places]:
    """The rows by falling probability, and where those end that a threshold can part: not equals, and no row without any."""
    order = np.argsort(-said, kind="stable")
    ordered = said[order]
    ends = np.flatnonzero(np.append(np.diff(ordered) != 0, True)[: len(ordered)])
    return ends[ordered[ends] > 0], order
