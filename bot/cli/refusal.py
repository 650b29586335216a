"""`bot evaluate refusal`: is it told when the corpus has no answer. Imports when it runs, as `commands`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings, terminal
from bot.cli import measures
from bot.cli.options import AsJson, Plots, Work
from bot.errors import BadData
from bot.vocabulary import Json, Turn

if TYPE_CHECKING:
    from bot.quality.answers import Outcome
    from bot.quality.withheld import Split

Without = Annotated[list[str], typer.Option(metavar="REGEX", help="Take out the groups that this is found in. May be repeated.")]


def refusal(
    source: Annotated[Path, typer.Argument(metavar="BEIR_DIR|FILE", help="Or JSON lines of `id`, `question`, `answer`.")],
    without: Without,
    field: Annotated[str, typer.Option(metavar="NAME", help="The field of a document that names its group.")] = "topic",
    groups: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The groups apart: JSON lines of `id` and the field, or a .json from id to group."),
    ] = None,
    precision: Annotated[float, typer.Option(min=0.5, max=1, help="Wanted share of right answers.")] = 0.95,
    work: Work = None,
    rows: Annotated[Path | None, typer.Option(metavar="FILE", help="Write what became of each question, as JSON lines.")] = None,
    plots: Plots = None,
    as_json: AsJson = False,
) -> None:
    """Take groups of documents out of a corpus and measure whether their questions are refused and all others answered."""
    from bot.quality import refusal as quality
    from bot.quality import withheld

    split = withheld.split(withheld.read(source, field, groups), without)
    found = _outcomes(split, work)
    result = quality.evaluate(found, split.groups, precision)
    if rows:
        _write(rows, _rows(split, found))
    if as_json:
        terminal.show_json(result)
    else:
        _show(result)
    if plots:
        from bot.quality.plots import refusal as figure

        terminal.say(f"wrote {figure.draw(found, plots)}")


def _outcomes(split: Split, work: Path | None) -> list[Outcome]:
    """What becomes of the questions over the documents that stay, with the gate that an ingest of them fits."""
    from bot import publishing, wiring
    from bot.quality import answers, fitting

    publisher = publishing.Publisher(settings.load(), fitting.prepare, terminal.say)
    with tempfile.TemporaryDirectory(prefix="bot-") as folder:
        file = split.write(Path(folder) / "corpus.jsonl")
        with (
            terminal.progress("embedding", "passages") as advance,
            publisher.trial([file], advance, work) as (snapshot, encoder),
        ):
            engine, moment = wiring.engine(snapshot), wiring.now()
            return answers.outcomes(
                split.questions, lambda question: engine.draft(Turn(question), encoder.readings([question])[0], moment)
            )


def _write(path: Path, rows: Sequence[Json]) -> None:
    try:
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    except OSError as error:
        raise BadData("--rows", f"{path} cannot be written: {error.strerror}") from None
    terminal.say(f"wrote {path}")


def _rows(split: Split, found: Sequence[Outcome]) -> list[Json]:
    return [
        {
            "question": question.question,
            "group": group,
            "answerable": outcome.answerable,
            "answered": outcome.answered,
            "right": outcome.right,
            "probability": round(outcome.probability, 4),
            "stopped_by": outcome.stopped_by,
            "kind": outcome.kind,
        }
        for question, group, outcome in zip(split.questions, split.groups, found, strict=True)
    ]


def _show(result: Json) -> None:
    measures.show(result)
    stopped = [(sort, step, count) for sort, steps in result["stopped"].items() for step, count in sorted(steps.items())]
    terminal.table(("questions", "answered or stopped by", "how many"), stopped)
    groups = [(group, *row.values()) for group, row in result["by_group"].items()]
    terminal.table(("taken out", "questions", "answered all the same"), groups)
