"""`bot evaluate dialogue`: how well follow-ups are understood. Imports when it runs, as `commands`."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings, terminal
from bot.cli.options import AsJson
from bot.vocabulary import Json

if TYPE_CHECKING:
    from bot.knowledge.embedder import Embedder
    from bot.knowledge.snapshot import Snapshot

Passages = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="JSON lines of `doc_id`, `title`, `text`, indexed apart from the live snapshot."),
]


def dialogue(
    tasks: Annotated[Path, typer.Argument(metavar="TASKS", help="JSON lines of `history`, `question`, `documents`.")],
    passages: Passages = None,
    rows: Annotated[Path | None, typer.Option(metavar="FILE", help="Write what became of each turn, as JSON lines.")] = None,
    plots: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Draw dialogue.svg into it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how the last turns of conversations are understood, over the live snapshot or passages of your own."""
    from bot import wiring
    from bot.quality import conversations
    from bot.quality import dialogue as measures

    read = conversations.read(tasks)
    with _snapshot(passages) as (snapshot, encoder):
        engine, reading = wiring.engine(snapshot), cache(lambda text: encoder.readings([text])[0])
        examiner = measures.Examiner(engine.hearing, engine.search, engine.reply, reading, wiring.now())
        with terminal.progress("asking", "turns") as advance:
            found = []
            for n, task in enumerate(read, 1):
                found.append(examiner(task))
                advance(n, len(read))
    result = measures.evaluate(found)
    if rows:
        rows.write_text(measures.as_lines(found), "utf-8")
        terminal.say(f"wrote {rows}")
    if as_json:
        terminal.show_json(result)
    else:
        _show(result)
    if plots:
        from bot.quality.plots import dialogue as figure

        terminal.say(f"wrote {figure.draw(result, plots)}")


@contextlib.contextmanager
def _snapshot(passages: Path | None) -> Iterator[tuple[Snapshot, Embedder]]:
    """The live snapshot, or one of the passages that is gone afterwards; and the encoder of its questions."""
    from bot import publishing
    from bot.quality import conversations, fitting

    chosen = settings.load()
    publisher = publishing.Publisher(chosen, fitting.prepare, terminal.say)
    if passages is None:
        encoder = publishing.encoder(chosen, terminal.say)
        yield publisher.shelf.load(encoder.fingerprint), encoder
        return
    with tempfile.TemporaryDirectory(prefix="bot-") as folder:
        file = conversations.write_passages(passages, Path(folder) / "corpus.jsonl")
        with terminal.progress("embedding", "passages") as advance, publisher.trial([file], advance) as made:
            yield made


def _show(result: Json) -> None:
    groups = {"all": result, **result["by_language"]}
    measures = [name for name in result if name not in ("by_language", "intervals")]

    def cell(row: Json, name: str) -> str:
        value, ends = row[name], row["intervals"].get(name)
        return "" if value is None else f"{value}" + (f" ({ends[0]:.2f} to {ends[1]:.2f})" if ends else "")

    terminal.table(("", *groups), [(name, *(cell(row, name) for row in groups.values())) for name in measures])
