"""`retrieval.svg`: how well search and its peers found the right documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.quality import bootstrap
from bot.quality.beir import Task
from bot.quality.plots import style
from bot.quality.retrieval import DEPTH, MEASURES, Score
from bot.vocabulary import Json

MAIN = "ndcg@10"
LABELS = {"ndcg@10": "nDCG@10", "mrr@10": "MRR@10"}


def draw(task: Task, systems: Mapping[str, Sequence[Score]], folder: Path) -> Path:
    """Writes `retrieval.svg`: the measures of every system, recall by rank, and by language where there is more than one.

    The first system is ours.
    """
    languages = sorted({language for _, _, language in task.queries})
    spoken = len(languages) > 1
    title = f"Search: {len(task.queries)} questions"
    figure, axes = style.panels(title, (7.6, 4.6, 1.6 + 1.5 * len(languages)) if spoken else (8.2, 5))
    style.bars(axes[0], _measures(systems), {name: name for name in systems}, "Right documents among the first, 95 % intervals")
    _recall(axes[1], systems)
    if spoken:
        groups = {
            language or "unnamed": _column(systems, [i for i, (_, _, mine) in enumerate(task.queries) if mine == language])
            for language in languages
        }
        style.bars(axes[2], groups, {name: name for name in systems}, "nDCG@10 by language", legend="none")
    return style.save(figure, folder / "retrieval.svg")


def _measures(systems: Mapping[str, Sequence[Score]]) -> dict[str, Json]:
    """For each measure, the value and interval of each system."""
    return {
        LABELS.get(measure, measure): bootstrap.summary({name: list(map(read, found)) for name, found in systems.items()}, 0)
        for measure, read in MEASURES.items()
    }


def _column(systems: Mapping[str, Sequence[Score]], rows: Sequence[int]) -> Json:
    """The main measure of each system over some of the queries."""
    return bootstrap.summary({name: [MEASURES[MAIN](found[i]) for i in rows] for name, found in systems.items()}, 0)


def _recall(axes: Any, systems: Mapping[str, Sequence[Score]]) -> None:
    """The share of the right documents among the first 1, 2, … with the interval of ours."""
    ranks = range(1, DEPTH + 1)
    for i, (name, found) in enumerate(systems.items()):
        recalls = np.array([one.recalls for one in found])
        axes.plot(ranks, recalls.mean(axis=0), marker="o", markersize=3.5, linewidth=2.2 if i == 0 else 1.3, label=name)
        if i == 0:
            ends = np.array([bootstrap.interval(recalls[:, k]) for k in range(DEPTH)])
            axes.fill_between(ranks, ends[:, 0], ends[:, 1], alpha=0.15, linewidth=0)
    axes.set(xlabel="documents looked at", ylabel="recall", xticks=ranks, ylim=(None, 1.01))
    axes.set_title("Recall by rank")
    axes.legend(loc="lower right")
