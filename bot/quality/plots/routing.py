"""`routing.svg`: what inquiries were taken for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.quality import guesses
from bot.quality.guesses import Guess
from bot.quality.plots import style

COUNTED = 20  # labels up to which the matrix shows numbers


def draw(told: Sequence[Guess], folder: Path) -> Path:
    """Writes `routing.svg`: which label was taken for which, how far confidences are true, and accuracy by language."""
    labels = sorted({guess.row.label for guess in told} | {guess.label for guess in told})
    side = 5.4 if len(labels) <= COUNTED else 8.5
    figure, (matrix, calibration, by_language) = style.panels(f"Routing: {len(told)} inquiries", (side + 0.6, 4.2, 4.2), side)
    _matrix(matrix, told, labels)
    style.reliability(calibration, [guess.confidence for guess in told], [guess.right for guess in told], "share right")
    languages = sorted({guess.row.language for guess in told})
    rows = {"all": list(told)} | {language: [g for g in told if g.row.language == language] for language in languages}
    groups = {f"{name}\nn = {len(some)}": guesses.overall(some) for name, some in rows.items()}
    style.bars(by_language, groups, {"accuracy": "accuracy", "macro_f1": "macro-F1"}, "By language, 95 % intervals")
    return style.save(figure, folder / "routing.svg")


def _matrix(axes: Any, told: Sequence[Guess], labels: Sequence[str]) -> None:
    """Rows are what inquiries are, columns what they were taken for; shades are shares of the row, numbers count."""
    places = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for guess in told:
        counts[places[guess.row.label], places[guess.label]] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    size = 8 if len(labels) <= COUNTED else 5
    axes.set_xticks(range(len(labels)), labels, rotation=90 if len(labels) > COUNTED else 40, fontsize=size, ha="right")
    axes.set_yticks(range(len(labels)), labels, fontsize=size)
    axes.set(xlabel="taken for", ylabel="is")
    axes.grid(visible=False)
    axes.set_title("Which is taken for which")
    if len(labels) <= COUNTED:
        for i, j in zip(*np.nonzero(counts), strict=True):
            axes.text(
                j, i, counts[i, j], ha="center", va="center", fontsize=7.5, color="white" if shares[i, j] > 0.5 else "#222222"
            )
