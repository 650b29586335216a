"""How the commands show things: tables and progress for people on a terminal, JSON for programs."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bot.vocabulary import Json

OUT, ERR = Console(highlight=False, soft_wrap=True), Console(stderr=True, highlight=False, soft_wrap=True)
WIDE = Console(highlight=False, soft_wrap=True, width=1000)


def show(text: str) -> None:
    """A line of plain text; nothing in it is read as markup."""
    OUT.print(Text(text))


def fail(text: str) -> None:
    """An error, on standard error."""
    ERR.print(Text.assemble(("error: ", "bold red"), text))


def say(text: str) -> None:
    """A remark that is not the result: goes to standard error."""
    ERR.print(Text(text, style="dim"))


def show_json(row: Json | Sequence[Json]) -> None:
    """JSON as the whole output."""
    OUT.file.write(json.dumps(row, ensure_ascii=False, indent=2) + "\n")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str = "", whole: bool = False) -> None:
    """A table; cells are plain text, folded to the width of the terminal unless they are to stay whole, to be copied."""
    made = Table(*columns, title=title or None, title_justify="left")
    for row in rows:
        made.add_row(*(Text(str(cell)) for cell in row))
    (WIDE if whole else OUT).print(made)


@contextlib.contextmanager
def progress(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar with `unit`/s while the output is a terminal. Yields `advance(done, total)`."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=ERR, disable=not ERR.is_terminal, transient=True) as bar:
        task, began = bar.add_task(what, total=None, pace=""), time.monotonic()

        def advance(done: int, total: int) -> None:
            pace = done / max(time.monotonic() - began, 1e-9)
            bar.update(task, completed=done, total=total, pace=f"{pace:.0f} {unit}/s")

        yield advance
