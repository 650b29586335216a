"""`refusal.svg`: how well questions without an answer are told from the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.quality import separation
from bot.quality.answers import Outcome
from bot.quality.plots import style

WITH, WITHOUT = style.COLORS[0], style.COLORS[5]
STEPS = np.linspace(0, 1, 26)


def draw(found: Sequence[Outcome], folder: Path) -> Path:
    """Writes `refusal.svg`: the probabilities of both sorts, the ROC curve, and risk against coverage."""
    said = np.array([o.probability for o in found])
    answerable = np.array([o.answerable for o in found], dtype=bool)
    title = f"Refusal: {answerable.sum()} questions with an answer, {(~answerable).sum()} whose documents were taken out"
    figure, (spread, roc, risk) = style.panels(title, (5, 4.2, 4.6))
    _spread(spread, said, answerable)
    _roc(roc, said, answerable)
    _risk(risk, said, answerable, np.array([o.answerable and o.right for o in found], dtype=bool))
    answered = np.array([o.answered for o in found], dtype=bool)
    _now(roc, float(answered[~answerable].mean()), float(answered[answerable].mean()))
    _now(risk, float(answered[answerable].mean()), float((~answerable)[answered].mean()) if answered.any() else 0.0)
    return style.save(figure, folder / "refusal.svg")


def _now(axes: Any, x: float, y: float) -> None:
    axes.plot(x, y, "o", color="#222222", label="as answered now", zorder=5)
    axes.legend(loc="best")


def _spread(axes: Any, said: separation.Numbers, answerable: separation.Flags) -> None:
    for sort, color, label in ((answerable, WITH, "with an answer"), (~answerable, WITHOUT, "without")):
        axes.hist(said[sort], bins=STEPS.tolist(), density=True, histtype="stepfilled", alpha=0.45, color=color, label=label)
    axes.set(xlabel="probability that the quotes answer", ylabel="density", xlim=(0, 1))
    axes.set_title("Both sorts of questions")
    axes.legend(loc="upper center")


def _roc(axes: Any, said: separation.Numbers, answerable: separation.Flags) -> None:
    cuts = np.unique(said)[::-1]
    passed = np.array([[0.0, 0.0], *((np.mean(said[~answerable] >= cut), np.mean(said[answerable] >= cut)) for cut in cuts)])
    axes.plot([0, 1], [0, 1], color=style.GREY, linewidth=1, linestyle=":")
    axes.plot(passed[:, 0], passed[:, 1], linewidth=1.8, color=WITH, label=f"AUROC {separation.auroc(said, answerable):.3f}")
    axes.set(xlabel="answered of those without an answer", ylabel="answered of those with one", xlim=(0, 1), ylim=(0, 1.02))
    axes.set_title("Any threshold (ROC)")


def _risk(axes: Any, said: separation.Numbers, answerable: separation.Flags, right: separation.Flags) -> None:
    """Against the share of the answerable that is answered: the share of answers that should have been refusals, or are wrong."""
    cuts = [cut for cut in np.unique(said)[::-1] if cut > 0]
    covered = [np.mean(said[answerable] >= cut) for cut in cuts]
    for true, color, label in ((answerable, WITH, "no answer existed"), (right, WITHOUT, "no right document quoted")):
        axes.plot(covered, [1 - np.mean(true[said >= cut]) for cut in cuts], linewidth=1.8, color=color, label=label)
    axes.axhline(0.05, color=style.GREY, linewidth=1, linestyle=":")
    axes.set(xlabel="share of the answerable that is answered", ylabel="share of all answers", xlim=(0, 1), ylim=(0, None))
    axes.set_title("Risk against coverage")
