"""`bot evaluate`: how good search, routing and answers are, on files of labelled rows. Imports when it runs, as `commands`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings, terminal
from bot.cli import baseline, measures, refusal
from bot.cli.options import AsJson, Plots, Work, opened_bot
from bot.errors import BadData
from bot.vocabulary import Json

if TYPE_CHECKING:
    from bot.knowledge.embedder import Embedder
    from bot.knowledge.search import Search
    from bot.quality.beir import Task
    from bot.quality.retrieval import Score

app = typer.Typer(help="Measure how good search, routing and answers are.", no_args_is_help=True)
app.command("refusal")(refusal.refusal)
app.command("all")(baseline.evaluate_all)


@app.command("retrieval")
def evaluate_retrieval(
    folder: Annotated[Path, typer.Argument(metavar="BEIR_DIR")],
    peer: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=URL", help="A running server to ask the same questions. May be repeated."),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Beside it, the encoder's vectors alone and BM25 alone.")] = False,
    work: Work = None,
    plots: Plots = None,
    as_json: AsJson = False,
) -> None:
    """Measure search over a BEIR folder, indexed apart from the live snapshot; other systems beside it, on the same questions."""
    from bot import publishing
    from bot.quality import beir, fitting, retrieval
    from bot.quality import peer as peers

    task, servers = beir.read(folder), peers.parse_all(peer or [])
    publisher = publishing.Publisher(settings.load(), fitting.prepare, terminal.say)
    with terminal.progress("embedding", "passages") as advance:
        search, encoder = publisher.apart([task.corpus], advance, work)
    mine = retrieval.scores(task, retrieval.by(search, encoder))
    result = retrieval.of_scores(task, mine, len(search.snapshot.documents))
    others = _others(task, servers, (search, encoder) if plain else None)
    if others:
        result["peers"] = {name: retrieval.beside(mine, theirs) for name, theirs in others.items()}
    if as_json:
        terminal.show_json(result)
    else:
        _show_retrieval(result)
    if plots:
        from bot.quality.plots import retrieval as figure

        terminal.say(f"wrote {figure.draw(task, {'Inquiry Desk': mine, **others}, plots)}")


def _others(task: Task, servers: dict[str, str], plain: tuple[Search, Embedder] | None) -> dict[str, list[Score]]:
    """The scores of the other systems by name."""
    from bot.quality import peer, retrieval

    found = {}
    if plain:
        search, encoder = plain
        found["vectors alone"] = retrieval.scores(task, retrieval.by_vectors(search, encoder))
        found["BM25 alone"] = retrieval.scores(task, retrieval.by_words(search))
    for name, url in servers.items():
        with terminal.progress(name, "questions") as advance:
            found[name] = retrieval.scores(task, peer.ranking(url, advance))
    return found


def _show_retrieval(result: Json) -> None:
    names = list(result["intervals"])
    groups = {"all": result} | result.get("by_language", {})
    rows = [(name, row["queries"], *(measures.cell(row, measure) for measure in names)) for name, row in groups.items()]
    terminal.table(("", "queries", *names), rows, whole=True)
    if "peers" in result:
        shown = [(name, *(measures.cell(row, measure) for measure in names)) for name, row in result["peers"].items()]
        terminal.table(("peer", *names), shown, whole=True)
        gaps = [(name, *(measures.gap(*row["ours_less_theirs"][m]) for m in names)) for name, row in result["peers"].items()]
        terminal.table(("ours less theirs, same questions", *names), gaps, whole=True)


@app.command("routing")
def evaluate_routing(
    test: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON lines: `text` and `label` (with --train) or `kind`.")
    ] = None,
    train: Annotated[Path | None, typer.Option(metavar="FILE", help="JSON lines of `text` and `label` to learn from.")] = None,
    plots: Plots = None,
    as_json: AsJson = False,
) -> None:
    """Measure how inquiries are told apart: the shipped kinds, or labels of your own (`oos`: out of scope, to be refused).

    Without files: the labelled inquiries themselves, each taken for what it would be if it and its group had not been learned.
    """
    from bot import publishing
    from bot.dialogue import examples
    from bot.quality import guesses, routing

    if train and not test:
        raise BadData("--train", "needs --test FILE as well: rows to be measured on")
    chosen = settings.load()
    if test and train:
        read = routing.traits_by(publishing.encoder(chosen, terminal.say))
        by_labels = routing.labels(routing.read(train, "label"), routing.read(test, "label"), read)
        told, result = by_labels.inside, routing.of_labels(by_labels)
    elif test:
        with opened_bot() as bot:
            told = routing.kinds(routing.read(test, "kind"), lambda texts: [bot.route(text)[0] for text in texts])
        result = guesses.of_kinds(told)
    else:
        read = routing.traits_by(publishing.encoder(chosen, terminal.say))
        told = routing.unseen(examples.parse(publishing.attachments(chosen)[examples.FILE]), read)
        result = guesses.of_kinds(told)
    if as_json:
        terminal.show_json(result)
    else:
        _show_routing(result)
    if plots:
        from bot.quality.plots import routing as figure

        terminal.say(f"wrote {figure.draw(told, plots)}")


def _show_routing(result: Json) -> None:
    measures.show(result)
    for group, name in {"by_kind": "kind", "by_language": "language"}.items():
        rows: Json = result.get(group, {})
        columns = [column for column in next(iter(rows.values()), {}) if column != "intervals"]
        if rows:
            shown = [(key, *(measures.cell(row, column) for column in columns)) for key, row in rows.items()]
            terminal.table((name, *columns), shown, whole=True)


@app.command("answers")
def evaluate_answers(file: Annotated[Path, typer.Argument(metavar="FILE")], plots: Plots = None, as_json: AsJson = False) -> None:
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
        names = [name for name in result if name not in ("by_language", "intervals")]
        shown = [(name, *(measures.cell(row, name) for row in rows.values())) for name in names]
        terminal.table(("", *rows), shown, whole=True)
    if plots:
        from bot.quality.plots import answers as figure

        terminal.say(f"wrote {figure.draw(found, result, plots)}")
