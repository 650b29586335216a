"""How well it is told whether there is an answer, over a corpus that is known to hold none for some questions. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from bot.quality import bootstrap
from bot.quality.answers import Outcome
from bot.vocabulary import Json

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


def evaluate(found: Sequence[Outcome], groups: Sequence[str], precision: float) -> Json:
    """The measures over outcomes of questions with and without an answer; `groups` names the group of each.

    `auroc`: how well the probability tells answerable questions from the others (0 where it was not asked);
    `auroc_weighed`: the same over those whose evidence was weighed; `auroc_right`: right quotes from all else.
    `answered_at_precision`: the largest share of the answerable that is answered by any threshold where the wanted share of
    the answers goes to answerable questions; `right_at_precision`: the same where only a cited right document counts.
    `answered_answerable`, `answered_unanswerable`, `answers_answerable` and `answers_right` tell of the threshold that was
    fitted. `intervals` holds the 95 % ones, `by_group` each group that lost its answers, `stopped` which step gave the answer.
    """
    said = np.array([o.probability for o in found])
    answerable, right = np.array([o.answerable for o in found]), np.array([o.answerable and o.right for o in found])
    answered, weighed = np.array([o.answered for o in found]), np.array([o.weighed for o in found])
    measures: dict[str, Callable[[Rows], float]] = {
        "auroc": lambda rows: auroc(said[rows], answerable[rows]),
        "auroc_weighed": lambda rows: auroc(said[rows][weighed[rows]], answerable[rows][weighed[rows]]),
        "auroc_right": lambda rows: auroc(said[rows], right[rows]),
        "answered_at_precision": lambda rows: at_precision(said[rows], answerable[rows], answerable[rows], precision),
        "right_at_precision": lambda rows: at_precision(said[rows], right[rows], answerable[rows], precision),
        "answered_answerable": lambda rows: _share(answered[rows], answerable[rows]),
        "answered_unanswerable": lambda rows: _share(answered[rows], ~answerable[rows]),
        "answers_answerable": lambda rows: _share(answerable[rows], answered[rows]),
        "answers_right": lambda rows: _share(right[rows], answered[rows]),
    }
    everything = np.arange(len(found))
    intervals = {name: bootstrap.interval_of(measure, len(found)) for name, measure in measures.items()}
    return {
        "questions": len(found),
        "answerable": int(answerable.sum()),
        "precision": precision,
        **{name: _rounded(measure(everything)) for name, measure in measures.items()},
        "intervals": {name: [round(end, 4) for end in ends] for name, ends in intervals.items() if ends},
        "stopped": {
            "answerable": dict(Counter(o.stopped_by for o in found if o.answerable)),
            "unanswerable": dict(Counter(o.stopped_by for o in found if not o.answerable)),
        },
        "by_group": _by_group(found, groups),
    }


def auroc(said: Numbers, true: Flags) -> float:
    """The chance that a true row is held for likelier than another one, ties half; nan with one sort alone."""
    positives, negatives = np.sort(said[true]), np.sort(said[~true])
    if not len(positives) or not len(negatives):
        return float("nan")
    below = np.searchsorted(negatives, positives, "left") + np.searchsorted(negatives, positives, "right")
    return float(below.sum() / 2 / len(positives) / len(negatives))


def at_precision(said: Numbers, right: Flags, among: Flags, precision: float) -> float:
    """The largest share of the rows `among` that some threshold answers, where so many of all the answered are right."""
    order = np.argsort(-said, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(said[order])), len(said) - 1)  # a threshold cannot part equals
    ends = ends[said[order][ends] > 0]
    enough = np.cumsum(right[order])[ends] / (ends + 1) >= precision
    reached = np.cumsum(among[order] & right[order])[ends][enough]
    return float(reached.max(initial=0) / among.sum()) if among.any() else float("nan")


def _by_group(found: Sequence[Outcome], groups: Sequence[str]) -> Json:
    lost: dict[str, list[Outcome]] = {}
    for outcome, group in zip(found, groups, strict=True):
        if not outcome.answerable:
            lost.setdefault(group, []).append(outcome)
    return {
        group: {"questions": len(some), "answered": _rounded(float(np.mean([o.answered for o in some])))}
        for group, some in sorted(lost.items())
    }


def _share(facts: Flags, among: Flags) -> float:
    return float(facts[among].mean()) if among.any() else float("nan")


def _rounded(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None
