"""What the figures share: how they look, bars with intervals, how far probabilities are true, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from bot.errors import BadData
from bot.quality import bootstrap
from bot.vocabulary import Json

COLORS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999", "#f0e442")  # told apart by all eyes
GREY = "#777777"
LOOK: dict[Any, Any] = {
    "axes.prop_cycle": cycler(color=COLORS),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlepad": 10,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#e5e5e5",
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "font.size": 9.5,
    "xtick.color": "#333333",
    "ytick.color": "#333333",
}
PARAMETERS: Any = mpl.rcParams
PARAMETERS.update(LOOK)
BINS = 8


def panels(title: str, widths: Sequence[float], height: float = 4.2) -> tuple[Figure, list[Any]]:
    """A figure with panels side by side, of these widths in inches, under one title."""
    figure = Figure(figsize=(sum(widths), height), layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.08))
    axes = figure.subplots(1, len(widths), width_ratios=widths, squeeze=False)[0]
    figure.suptitle(title, x=0.01, ha="left", fontsize=12.5, color="#222222")
    return figure, list(axes)


def bars(axes: Any, groups: Mapping[str, Json], series: Mapping[str, str], title: str, legend: str = "below") -> None:
    """For each group a bar for each measure of `series` (measure to label), its 95 % interval as a line, its value inside.

    A measure that a group has no value of has no bar.
    """
    width = 0.84 / len(series)
    for i, (name, label) in enumerate(series.items()):
        places = np.arange(len(groups)) + (i - (len(series) - 1) / 2) * width
        values = np.array([row[name] if row[name] is not None else np.nan for row in groups.values()], dtype=float)
        ends = np.array([row["intervals"].get(name, (value, value)) for row, value in zip(groups.values(), values, strict=True)])
        spread = np.nan_to_num(np.abs(ends.T - values))
        axes.bar(
            places, values, width * 0.92, yerr=spread, label=label, color=COLORS[i % len(COLORS)], alpha=0.75, error_kw=ERROR
        )
        for place, value in zip(places, values, strict=True):
            if np.isfinite(value):
                told = f"{value:.2f}".removeprefix("0") if value < 0.995 else "1"
                axes.text(place, 0.02, told, ha="center", va="bottom", fontsize=7.5 if width > 0.18 else 6, color="#111111")
    axes.set(ylim=(0, 1.03), xticks=range(len(groups)), xticklabels=list(groups))
    axes.set_title(title)
    axes.grid(visible=False, axis="x")
    axes.tick_params(axis="x", length=0)
    if legend == "below":
        under = 0.15 if any("\n" in name for name in groups) else 0.09
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -under), ncols=min(3, len(series)))


ERROR = {"elinewidth": 1.1, "ecolor": "#333333", "capsize": 2}


def reliability(axes: Any, said: Sequence[float], right: Sequence[bool], what: str) -> None:
    """How often what was held for so likely was true, in bins of equally many rows, each with its 95 % interval."""
    chances, true = np.array(said, dtype=float), np.array(right, dtype=float)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle=":", label="as said")
    if len(chances):
        parts = np.array_split(np.argsort(chances, kind="stable"), min(BINS, len(chances)))
        means = np.array([chances[part].mean() for part in parts])
        shares = np.array([true[part].mean() for part in parts])
        ends = np.array([bootstrap.interval(true[part]) for part in parts])
        axes.errorbar(means, shares, yerr=np.abs(ends.T - shares), marker="o", markersize=4.5, label="as found", **ERRORBAR)
    axes.set(xlabel="probability", ylabel=what, xlim=(0, 1), ylim=(0, 1.03))
    axes.set_title(f"Probability and truth (n = {len(chances)})")
    axes.legend(loc="upper left")


ERRORBAR = {"elinewidth": 1, "capsize": 2, "linewidth": 1.6, "color": COLORS[0]}


def save(figure: Figure, path: Path) -> Path:
    """Writes the figure as SVG, the same for the same figure but for names of clips, and makes the folder. Raises BadData."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with mpl.rc_context({"svg.hashsalt": path.name, "svg.fonttype": "none"}):
            figure.savefig(path, format="svg", metadata={"Date": None})
    except OSError as error:
        raise BadData("--plots", f"{path} cannot be written: {error.strerror}") from None
    return path
