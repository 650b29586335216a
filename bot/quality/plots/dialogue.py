"""`dialogue.svg`: what is found for the last turns of conversations."""

from __future__ import annotations

from pathlib import Path

from bot.quality.plots import style
from bot.vocabulary import Json

RECALLS = {"recall@5_alone": "as typed", "recall@5": "as heard", "recall@5_written_out": "as a person wrote it out"}


def draw(result: Json, folder: Path) -> Path:
    """Writes `dialogue.svg` into the folder: recall of turns as typed, as heard and as a person wrote them out, by language."""
    figure, (by_language,) = style.panels("Last turns of conversations", (7.5,))
    groups = {"all": result, **result["by_language"]}
    style.bars(by_language, groups, RECALLS, "Right documents among the first five, by language")
    return style.save(figure, folder / "dialogue.svg")
