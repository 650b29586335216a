"""How well it is told whether there is an answer, over a corpus that is known to hold none for some questions. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from bot.quality import bootstrap
from bot.quality.answers import Outcome
from bot.quality.separation import Flags, auroc, reached
from bot.vocabulary import Json


def evaluate(found: Sequence[Outcome], groups: Sequence[str], precision: float) -> Json:
    """The measures over outcomes of questions with and without an answer; `groups` names the group of each.

    `auroc`: how well the evidence tells answerable questions from the others; `auroc_weighed`: the same over those of a kind
    that evidence is weighed for; `auroc_right`: right quotes from all else.
    `answered_at_precision`: the largest share of the answerable that is answered by any threshold where the wanted share of
    the answers goes to answerable questions; `right_at_precision`: the same where only a cited right document counts.
    `answered_answerable`, `answered_unanswerable`, `answers_answerable` and `answers_right` tell of the threshold that was
    fitted. `intervals` holds the 95 % ones, `by_group` each group that lost its answers, `stopped` which step gave the answer.
    """
    said = np.array([o.probability for o in found])
    answerable, right = np.array([o.answerable for o in found]), np.array([o.answerable and o.right for o in found])
    answered, weighed = np.array([o.answered for o in found]), np.array([o.weighed for o in found])
    measures: dict[str, Flags | bootstrap.Statistic] = {
        "auroc": lambda rows: auroc(said[rows], answerable[rows]),
        "auroc_weighed": lambda rows: auroc(said[rows][weighed[rows]], answerable[rows][weighed[rows]]),
        "auroc_right": lambda rows: auroc(said[rows], right[rows]),
        "answered_at_precision": lambda rows: reached(said[rows], answerable[rows], answerable[rows], precision),
        "right_at_precision": lambda rows: reached(said[rows], right[rows], answerable[rows], precision),
        "answered_answerable": answered[answerable],
        "answered_unanswerable": answered[~answerable],
        "answers_answerable": answerable[answered],
        "answers_right": right[answered],
    }
    return {
        "questions": len(found),
        "answerable": int(answerable.sum()),
        "precision": precision,
        **bootstrap.summary(measures, len(found)),
        "stopped": {
            "answerable": dict(Counter(o.stopped_by for o in found if o.answerable)),
            "unanswerable": dict(Counter(o.stopped_by for o in found if not o.answerable)),
        },
        "by_group": _by_group(found, groups),
    }


def _by_group(found: Sequence[Outcome], groups: Sequence[str]) -> Json:
    lost: dict[str, list[Outcome]] = {}
    for outcome, group in zip(found, groups, strict=True):
        if not outcome.answerable:
            lost.setdefault(group, []).append(outcome)
    return {
        group: {"questions": len(some), "answered": round(float(np.mean([o.answered for o in some])), 4)}
        for group, some in sorted(lost.items())
    }
