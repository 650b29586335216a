"""`answers.svg`: what became of labelled questions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.quality import separation
from bot.quality.answers import Outcome
from bot.quality.plots import style
from bot.vocabulary import Json

SHARES = {
    "cited_right": "right document cited",
    "precision": "right among the answered",
    "refused_unanswerable": "unanswerable refused",
}


def draw(found: Sequence[Outcome], result: Json, folder: Path) -> Path:
    """Writes `answers.svg` into the folder: shares by language, risk against coverage, and how far probabilities are true."""
    figure, (by_language, risk, calibration) = style.panels(f"Answers to {len(found)} labelled questions", (6.2, 4.2, 4.2))
    groups = {f"{name}\nn = {row['questions']}": row for name, row in {"all": result, **result["by_language"]}.items()}
    style.bars(by_language, groups, SHARES, "By language of the question")
    _risk(risk, found)
    weighed = [o for o in found if o.weighed]
    style.reliability(calibration, [o.probability for o in weighed], [o.right for o in weighed], "share right")
    return style.save(figure, folder / "answers.svg")


def _risk(axes: Any, found: Sequence[Outcome]) -> None:
    """The share of wrong answers where only the surest part is answered, and where the fitted threshold stands."""
    said, right = np.array([o.probability for o in found]), np.array([o.right for o in found], dtype=bool)
    shares, wrong = separation.risk(said, right)
    axes.plot(shares, wrong, linewidth=1.8, label="any threshold")
    answered = [o for o in found if o.answered]
    if answered:
        at = len(answered) / len(found), sum(not o.right for o in answered) / len(answered)
        axes.plot(*at, "o", color=style.COLORS[5], label="as answered now")
    highest = max(0.3, float(wrong.max(initial=0)) * 1.05)
    axes.set(xlabel="share answered", ylabel="share of these wrong", xlim=(0, 1), ylim=(0, highest))
    axes.set_title("Risk against coverage")
    axes.legend(loc="upper left")
