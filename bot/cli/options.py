"""What several commands share: their options, and a bot that is closed behind them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings, terminal

if TYPE_CHECKING:
    from bot.wiring import Bot

Plots = Annotated[Path | None, typer.Option("--plots", metavar="FOLDER", help="Draw the figures into it, as SVG.")]
Work = Annotated[
    Path | None,
    typer.Option("--work", metavar="FOLDER", help="Keep the index here: the next run embeds only what changed."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Question = Annotated[str, typer.Argument(metavar="TEXT", help="What a visitor would write.")]


@contextlib.contextmanager
def opened_bot() -> Iterator[Bot]:
    """A bot by the settings of the environment."""
    from bot import wiring

    bot = wiring.build(settings.load(), terminal.say)
    try:
        yield bot
    finally:
        bot.close()
