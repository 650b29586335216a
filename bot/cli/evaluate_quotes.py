"""`bot evaluate quotes`: how well quotes are chosen, over the live snapshot. Imports when it runs, as `commands`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import terminal
from bot.cli.options import AsJson, opened_bot
from bot.vocabulary import Json

SHOWN = (
    "questions",
    "quote@1",
    "quote@1 interval",
    "quoted",
    "quoted interval",
    "characters",
    "to be whole",
    "whole",
    "whole interval",
)


def evaluate_quotes(file: Annotated[Path, typer.Argument(metavar="FILE")], as_json: AsJson = False) -> None:
    """Measure which sentences are quoted: JSON lines of `question`, `documents` and `must`, parts of deciding sentences."""
    from bot.dialogue.jurisdictions import named
    from bot.dialogue.quotes import choose
    from bot.dialogue.reply import HITS
    from bot.knowledge.language import detect
    from bot.quality import quotes as quality

    rows = quality.read(file)
    with opened_bot() as bot:
        result = quality.evaluate(
            rows,
            lambda question: choose(question, bot.search(question, HITS), detect(question), named(question)),
        )
    if as_json:
        terminal.show_json(result)
    else:
        _show(result)


def _show(result: Json) -> None:
    groups = {"all": result, **result["by_language"], **result["by_sort"]}
    terminal.table(("", *SHOWN), [(name or "unnamed", *(row[measure] for measure in SHOWN)) for name, row in groups.items()])
