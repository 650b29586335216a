"""The only door to matplotlib: what `bot evaluate` measured, as SVG files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from bot.quality.answers import Outcome
from bot.vocabulary import Json

BINS = 8
SHARES: dict[str, tuple[str, Callable[[Json], float]]] = {
    "cited_right": ("right document cited", lambda row: row["answerable"]),
    "precision": ("right among the answered", lambda row: row["answered"] * row["questions"]),
    "refused_unanswerable": ("unanswerable refused", lambda row: row["questions"] - row["answerable"]),
}


def answers(found: Sequence[Outcome], result: Json, folder: Path) -> Path:
    """Writes `answers.svg` into the folder: shares by language, risk against coverage, and how far probabilities are true."""
    figure = Figure(figsize=(13, 4), layout="constrained")
    by_language, risk, calibration = figure.subplots(1, 3)
    _bars(by_language, {"all": result, **result["by_language"]})
    _risk(risk, found)
    _calibration(calibration, [o.probability for o in found if o.probability], [o.right for o in found if o.probability])
    return _save(figure, folder / "answers.svg")


def dialogue(result: Json, folder: Path) -> Path:
    """Writes `dialogue.svg` into the folder: recall of turns as typed, as heard and as a person wrote them out, by language."""
    named = {"recall@5_alone": "as typed", "recall@5": "as heard", "recall@5_written_out": "as written out by a person"}
    groups = {"all": result, **result["by_language"]}
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes, places, width = figure.subplots(), np.arange(len(groups)), 0.8 / len(named)
    for i, (name, label) in enumerate(named.items()):
        shares = np.array([row[name] or 0.0 for row in groups.values()])
        ends = np.array([row["intervals"].get(name, [share, share]) for row, share in zip(groups.values(), shares, strict=True)])
        spread = np.abs(ends.T - shares)
        axes.bar(places + i * width, shares, width, yerr=spread, label=label, error_kw={"elinewidth": 0.8})
    axes.set(title="Right documents among the first five", ylim=(0, 1.05), xticks=places + width, xticklabels=list(groups))
    axes.legend(fontsize="small", loc="lower right")
    return _save(figure, folder / "dialogue.svg")


def _bars(axes: Any, groups: dict[str, Json]) -> None:
    """A bar for each share in each group, its 95 % interval by the normal approximation as a line."""
    places, width = np.arange(len(groups)), 0.8 / len(SHARES)
    for i, (name, (label, count)) in enumerate(SHARES.items()):
        shares = np.array([row[name] or 0.0 for row in groups.values()])
        spread = 1.96 * np.sqrt(shares * (1 - shares) / np.array([max(count(row), 1) for row in groups.values()]))
        axes.bar(places + i * width, shares, width, yerr=spread, label=label, error_kw={"elinewidth": 0.8})
    axes.set(title="By language of the question", ylim=(0, 1.05), xticks=places + width, xticklabels=list(groups))
    axes.legend(fontsize="small", loc="lower right")


def _risk(axes: Any, found: Sequence[Outcome]) -> None:
    """The share of wrong answers where only the surest part is answered."""
    order = sorted(found, key=lambda outcome: -outcome.probability)
    counts = np.arange(1, len(order) + 1)
    wrong = np.cumsum([not outcome.right for outcome in order]) / counts
    axes.plot(counts / len(order), wrong)
    axes.set(title="Risk against coverage", xlabel="share answered", ylabel="share of these wrong", xlim=(0, 1), ylim=(0, 1))


def _calibration(axes: Any, probabilities: Sequence[float], right: Sequence[bool]) -> None:
    """How often what was held for so likely was right."""
    said, true = np.array(probabilities), np.array(right)
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    if len(said):
        parts = np.array_split(np.argsort(said), min(BINS, len(said)))
        axes.plot([said[part].mean() for part in parts], [true[part].mean() for part in parts], marker="o")
    axes.set(title="Probability and truth", xlabel="probability", ylabel="share right", xlim=(0, 1), ylim=(0, 1))


def _save(figure: Figure, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": path.name, "svg.fonttype": "none"}):
        figure.savefig(path, format="svg", metadata={"Date": None})
    return path
