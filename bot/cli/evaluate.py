"""`bot evaluate`: how good search, routing and answers are, on files of labelled rows. Imports when it runs, as `commands`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import settings, terminal
from bot.cli import refusal
from bot.cli.options import AsJson, opened_bot
from bot.errors import BadData
from bot.vocabulary import Json

app = typer.Typer(help="Measure how good search, routing and answers are.", no_args_is_help=True)
app.command("refusal")(refusal.refusal)


@app.command("retrieval")
def evaluate_retrieval(folder: Annotated[Path, typer.Argument(metavar="BEIR_DIR")], as_json: AsJson = False) -> None:
    """Measure search over a BEIR folder, indexed apart from the live snapshot."""
    from bot import publishing
    from bot.quality import beir, fitting, retrieval

    task = beir.read(folder)
    publisher = publishing.Publisher(settings.load(), fitting.prepare, terminal.say)
    with terminal.progress("embedding", "passages") as advance:
        found, encoder = publisher.apart([task.corpus], advance)
    result = retrieval.evaluate(task, retrieval.by(found, encoder), len(found.snapshot.documents))
    if as_json:
        terminal.show_json(result)
        return
    groups = {"all": result} | result.get("by_language", {})
    measures = [name for name in result if name not in ("by_language", "documents")]
    terminal.table(("", *measures), [(name, *(row[measure] for measure in measures)) for name, row in groups.items()])


@app.command("routing")
def evaluate_routing(
    test: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON lines: `text` and `label` (with --train) or `kind`.")
    ] = None,
    train: Annotated[Path | None, typer.Option(metavar="FILE", help="JSON lines of `text` and `label` to learn from.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how inquiries are told apart: the shipped kinds, or labels of your own (`oos`: out of scope, to be refused).

    Without files: the labelled inquiries themselves, each taken for what it would be if it and its group had not been learned.
    """
    from bot import publishing
    from bot.dialogue import examples
    from bot.quality import routing

    if train and not test:
        raise BadData("--train", "needs --test FILE as well: rows to be measured on")
    if test and not train:
        rows = routing.read(test, "kind")
        with opened_bot() as bot:
            result = routing.by_kinds(rows, lambda texts: [bot.route(text)[0] for text in texts])
    else:
        chosen = settings.load()
        read = routing.traits_by(publishing.encoder(chosen, terminal.say))
        if train and test:
            result = routing.by_labels(routing.read(train, "label"), routing.read(test, "label"), read)
        else:
            result = routing.by_examples(examples.parse(publishing.attachments(chosen)[examples.FILE]), read)
    if as_json:
        terminal.show_json(result)
    else:
        _show_routing(result)


def _show_routing(result: Json) -> None:
    groups = {"by_kind": "kind", "by_language": "language"}
    plain = [(name, value) for name, value in result.items() if not isinstance(value, dict)]
    terminal.table(("measure", "value"), plain)
    for group, name in groups.items():
        rows: Json = result.get(group, {})
        columns = list(next(iter(rows.values()), {}))
        if rows:
            terminal.table((name, *columns), [(key, *row.values()) for key, row in rows.items()])


@app.command("answers")
def evaluate_answers(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    plots: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Draw answers.svg into it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure answers to labelled questions over the live snapshot."""
    from bot.quality import answers as answer_quality
    from bot.quality import gold

    questions = gold.read(file)
    with opened_bot() as bot:
        found = answer_quality.outcomes(questions, bot.draft)
        result = answer_quality.evaluate(found, bot.settings.answer_precision)
    if as_json:
        terminal.show_json(result)
    else:
        rows = {"all": result, **result["by_language"]}
        measures = [name for name in result if name != "by_language"]
        terminal.table(("", *rows), [(name, *(row[name] for row in rows.values())) for name in measures])
    if plots:
        from bot.quality.plots import answers as draw

        terminal.say(f"wrote {draw(found, result, plots)}")
