"""`bot adapt`, and what it gains by `bot evaluate adaptation`. Imports when it runs, as `commands`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings, terminal
from bot.cli.options import AsJson
from bot.errors import BadData

if TYPE_CHECKING:
    from bot.adapting.adapt import Outcome, Told

Minutes = Annotated[float, typer.Option(min=0.1, max=10_000, help="How long training may take.")]


def adapt(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Folders and files; none: the corpus.")] = None,
    questions: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="JSON lines (or TOML) of `question` and `documents`, such as staff answered."),
    ] = None,
    minutes: Minutes = 20,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last adaptation back instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Train the encoder on your own documents and questions, and use it if it finds more than before, beyond noise."""
    if undo:
        if questions:
            raise BadData("--questions", "has no meaning with --undo")
        _undo(paths or [], as_json)
        return
    from bot.adapting import adapt as adapting

    outcome = adapting.adapt(_told(), paths or [], questions or [], minutes)
    if as_json:
        terminal.show_json(adapting.figures(outcome))
    else:
        _show(outcome)


def evaluate_adaptation(
    folder: Annotated[Path, typer.Argument(metavar="BEIR_DIR")],
    folds: Annotated[int, typer.Option(min=1, max=50, help="How often a random half is drawn.")] = 5,
    minutes: Minutes = 20,
    as_json: AsJson = False,
) -> None:
    """Measure what adapting gains: to a random half of a BEIR folder's documents, asked the questions of the other half."""
    from bot.adapting import folds as halves
    from bot.quality import beir

    result = halves.evaluate(_told(), beir.read(folder), folds, minutes)
    if as_json:
        terminal.show_json(result)
        return
    rows = [(name, result[name]["before"], result[name]["after"], *result[name]["gain"]) for name in halves.MEASURES]
    terminal.table(("", "before", "after", "gain, least", "most"), rows)


def _told() -> Told:
    from bot.adapting.adapt import Told
    from bot.quality import fitting

    return Told(settings.load(), fitting.prepare, terminal.say, terminal.progress)


def _undo(paths: list[Path], as_json: bool) -> None:
    from bot.adapting import adoption
    from bot.quality import fitting

    with terminal.progress("embedding", "passages") as advance:
        done = adoption.undo(settings.load(), paths, fitting.prepare, terminal.say, advance)
    if as_json:
        row = {"taken_back": done.taken_back.fingerprint, "encoder": done.encoder, "snapshot": done.report.snapshot}
        terminal.show_json(row)
    else:
        terminal.show(f"in use again: {done.encoder}, snapshot {done.report.snapshot}")


def _show(outcome: Outcome) -> None:
    rows = [
        ("learned from", f"{outcome.pairs} pairs, of {outcome.questions} questions and {outcome.documents} documents"),
        ("checked", str(outcome.gain)),
        ("adopted", "yes" if outcome.report else "no: the gain is not beyond noise, the encoder before stays in use"),
        ("encoder in use", outcome.encoder),
    ]
    if outcome.report:
        rows.append(("snapshot", outcome.report.snapshot))
    terminal.table(("adaptation", ""), rows)
