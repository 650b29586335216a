"""`bot evaluate all`: what the product itself holds, compared with a baseline. Imports when it runs, as `commands`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings, terminal
from bot.cli import measures
from bot.cli.options import AsJson
from bot.errors import BadData
from bot.vocabulary import Json

if TYPE_CHECKING:
    from bot.quality.comparison import Compared, Measures
    from bot.settings import Settings

DATA, BASELINE = Path("tests/data"), Path("tests/data/baseline.json")


def evaluate_all(
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help=f"Outcomes to compare with. Else {BASELINE}, where it is.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the outcomes as the new baseline instead.")] = False,
    data: Annotated[Path, typer.Option(metavar="FOLDER", help="Labelled rows that nothing is learned from.")] = DATA,
    as_json: AsJson = False,
) -> None:
    """Measure answers, search and routing over the starter corpus; compare with a baseline, row by row.

    Exit status 1 if a measure fell beyond noise.
    """
    from bot.quality import baseline as baselines
    from bot.quality import comparison

    place = baseline or BASELINE
    then = baselines.read(place) if not write and (baseline or place.is_file()) else None
    chosen = settings.load(corpus=())
    day = then.day if then else datetime.now(UTC).date()
    made_with = {"model": chosen.model, "answer_precision": str(chosen.answer_precision)}
    now = _measure(chosen, data, day)
    compared = comparison.compare(now, then.parts if then else {})
    if as_json:
        terminal.show_json({"day": str(day), "measures": [asdict(one) for one in compared]})
    else:
        _show(compared, then is not None)
    if write:
        baselines.Baseline(day, made_with, now).write(place)
        terminal.say(f"wrote {place}")
    if then and then.made_with != made_with:
        terminal.say(f"the baseline was made with {_told(then.made_with)}; this is {_told(made_with)}")
    if comparison.worse(compared):
        raise typer.Exit(1)


def _measure(chosen: Settings, data: Path, day: date) -> Mapping[str, Measures]:
    """The outcomes of every part whose file is there, over a snapshot of the starter corpus made by the code as it is."""
    from bot import publishing, shipped, wiring
    from bot.dialogue.inquiry import understand
    from bot.quality import fitting, retrieval
    from bot.quality.suite import PARTS, Means

    corpus = shipped.folder("corpus")
    there = [part for part in PARTS if part.path(corpus, data).is_file()]
    for part in PARTS:
        if part not in there:
            terminal.say(f"{part.name}: left out, {part.path(corpus, data)} is not here")
    if not there:
        raise BadData(str(data), "holds none of the labelled rows; name their folder by --data")
    publisher = publishing.Publisher(chosen, fitting.prepare, terminal.say)
    work, moment = chosen.data_dir / "evaluation", datetime.combine(day, time(12), UTC)
    with (
        terminal.progress("embedding", "passages") as advance,
        publisher.trial([corpus], advance, work) as (snapshot, encoder),
    ):
        engine = wiring.engine(snapshot)
        means = Means(
            reply=lambda turn: engine.draft(turn, encoder.readings([turn.text])[0], moment),
            understand=lambda text: understand(text, engine.labeller.judge(encoder.readings([text])[0].traits)),
            rank=retrieval.by(engine.search, encoder),
        )
        found = {}
        for part in there:
            terminal.say(f"measuring {part.name}")
            found[part.name] = part.measure(part.path(corpus, data), means)
        return found


def _show(compared: Sequence[Compared], against: bool) -> None:
    """With a baseline what changed; without one the values and their intervals."""
    if against:
        columns = ("part", "measure", "rows", "now", "was", "difference (95 % interval)", "up / down", "verdict")
        terminal.table(columns, [_change(one) for one in compared], whole=True)
        return
    rows = [(one.part, one.measure, one.rows, measures.cell(_row(one), one.measure)) for one in compared]
    terminal.table(("part", "measure", "rows", "value (95 % interval)"), rows, whole=True)


def _row(one: Compared) -> Json:
    return {one.measure: one.value, "intervals": {one.measure: one.interval} if one.interval else {}}


def _change(one: Compared) -> tuple[str, ...]:
    """A row about the outcomes that both sides have."""
    was = "–" if one.before is None else f"{one.before:.3f}"
    if one.before is None or one.difference is None:
        now, gap, moved = "–" if one.value is None else f"{one.value:.3f}", "–", "–"
    else:
        now, gap, moved = f"{one.before + one.difference[0]:.3f}", measures.gap(*one.difference), f"{one.up} / {one.down}"
    rows = f"{one.paired} of {one.rows}" if one.paired < one.rows else str(one.paired)
    return one.part, one.measure, rows, now, was, gap, moved, one.verdict


def _told(made_with: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in made_with.items())
