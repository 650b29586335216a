"""Ingest, serve, ask, search, route, replay and settings; the other commands and the groups hang below.

A command imports what it needs when it runs, so that those which need neither encoder nor index start sooner.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings, terminal
from bot.cli import (
    adapt,
    backup,
    deliver,
    doctor,
    evaluate,
    evaluate_dialogue,
    evaluate_quotes,
    gaps,
    keys,
    leads,
    outbox,
    privacy,
    recall,
)
from bot.cli.options import AsJson, Question, opened_bot
from bot.dialogue import body
from bot.dialogue.turns import turn
from bot.errors import BotError
from bot.server import logs
from bot.store.opening import open_store
from bot.vocabulary import Answer, Hit

if TYPE_CHECKING:
    from bot.dialogue.reply import Draft
    from bot.knowledge.ingest import Report

app = typer.Typer(
    help="Inquiry Desk: answers inquiries with verbatim, cited quotes and brings each to the right desk.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(doctor.app, name="doctor")
evaluate.app.command("dialogue")(evaluate_dialogue.dialogue)
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(keys.app, name="keys")
app.add_typer(leads.app, name="leads")
app.add_typer(privacy.app, name="privacy")
app.add_typer(outbox.app, name="outbox")
app.command()(deliver.deliver)
app.command()(recall.recall)
app.command()(gaps.gaps)
app.command()(adapt.adapt)
evaluate.app.command("adaptation")(adapt.evaluate_adaptation)
evaluate.app.command("quotes")(evaluate_quotes.evaluate_quotes)
app.command()(backup.backup)
app.command()(backup.restore)


def main() -> None:
    """Runs a command; an error of ours is one line on standard error and exit status 1."""
    logs.configure("warning")
    try:
        app()
    except BotError as error:
        terminal.fail(str(error))
        sys.exit(1)


@app.command()
def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Folders and files; none: the corpus.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read documents into a new snapshot and make it live. Exit status 2 if some files were left out."""
    from bot import publishing
    from bot.quality import fitting

    publisher = publishing.Publisher(settings.load(), fitting.prepare, terminal.say)
    with terminal.progress("embedding", "passages") as advance:
        report = publisher.publish(paths or [], advance)
    if as_json:
        terminal.show_json(asdict(report))
    else:
        _show_report(report)
    if report.problems:
        raise typer.Exit(2)


def _show_report(report: Report) -> None:
    pace = report.embedded / report.embedding_seconds if report.embedding_seconds else 0.0
    rows = [
        ("snapshot", report.snapshot if report.changed else f"{report.snapshot} (nothing changed)"),
        ("documents", report.documents),
        ("passages", report.passages),
        ("embedded", f"{report.embedded} ({pace:.0f} passages/s)" if report.embedded else 0),
        ("removed documents", report.removed),
        ("faults", len(report.problems)),
        ("seconds", f"{report.seconds:.1f}"),
    ]
    terminal.table(("ingest", ""), rows)
    for problem in report.problems:
        terminal.say(f"left out: {problem}")


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes; each loads the encoder once.")] = 1,
) -> None:
    """Serve the page and the API."""
    from bot.server.run import run

    run(settings.load(port=port, host=host), workers, terminal.say)


@app.command()
def ask(
    text: Question,
    language: Annotated[str | None, typer.Option(help="Answer in en, ru, zh or de instead of the question's language.")] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="The visitor's zone, such as Europe/Berlin, for the desk's hours.")
    ] = None,
    conversation: Annotated[
        str | None, typer.Option(metavar="ID", help="Go on with a conversation: the id that its first answer printed.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show every step, what was found and why.")] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question, as a visitor would be answered."""
    from bot.wiring import answer_of

    asked = turn(text, conversation, language, time_zone=time_zone)
    with opened_bot() as bot:
        receipt, draft = bot.ask(asked)
    if as_json:
        terminal.OUT.file.write(receipt.body + "\n")
        return
    answer = answer_of(draft)
    terminal.show(answer.text)
    for citation in answer.citations:
        place = " › ".join(part for part in (citation.title, citation.section) if part)
        terminal.show(
            f"[{citation.n}] {place} ({citation.document_id}, as of {citation.as_of or citation.published or 'undated'})"
        )
    terminal.show(answer.notice)
    terminal.say(f"answer {receipt.answer_id}, {answer.status}{f' ({answer.reason})' if answer.reason else ''}")
    terminal.say(f"to go on: --conversation {receipt.conversation_id}")
    if explain:
        _explain(answer, draft)


def _explain(answer: Answer, draft: Draft) -> None:
    inquiry, route = answer.inquiry, answer.route
    likely = sorted(inquiry.scores.items(), key=lambda item: -item[1])[:3]
    rows = [
        ("question as understood", draft.turn.text),
        ("carried over", _carried(draft)),
        ("kind", f"{inquiry.kind} ({', '.join(f'{kind} {score:.2f}' for kind, score in likely)})"),
        ("topic, language", f"{inquiry.topic}, {inquiry.language}"),
        ("jurisdictions named", ", ".join(inquiry.jurisdictions) or "none"),
        ("route", f"{route.desk.id}: {'; '.join(route.reasons)}"),
        ("evidence", "not weighed" if draft.probability is None else f"{draft.probability:.3f} likely to answer"),
        ("stopped at", draft.stopped_by),
        ("milliseconds", ", ".join(f"{step} {took:.1f}" for step, took in draft.times.items())),
    ]
    terminal.table(("explained", ""), rows)
    _show_hits(draft.hits)


def _carried(draft: Draft) -> str:
    if draft.carried is None:
        return "nothing"
    replaced = "; ".join(f"{new} instead of {old}" for old, new in draft.carried.replaced)
    return f"{draft.carried.over}{f' ({replaced})' if replaced else ''}"


@app.command()
def search(
    text: Question,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Find passages."""
    with opened_bot() as bot:
        hits = bot.search(turn(text).question, k)
    if as_json:
        terminal.show_json({"passages": [body.hit(hit) for hit in hits]})
    else:
        _show_hits(hits)


def _show_hits(hits: list[Hit] | tuple[Hit, ...]) -> None:
    rows = [
        (
            f"{hit.score:.2f}",
            f"{hit.dense:.3f}",
            f"{hit.sparse:.1f}",
            hit.passage.id,
            " ".join(hit.passage.text.split())[:100],
        )
        for hit in hits
    ]
    terminal.table(("score", "cosine", "words", "passage", "text"), rows)


@app.command()
def route(text: Question, as_json: AsJson = False) -> None:
    """Tell what kind of inquiry a text is and whose desk it goes to."""
    with opened_bot() as bot:
        inquiry, found = bot.route(turn(text).question)
    if as_json:
        terminal.show_json(body.routing(inquiry, found))
        return
    rows = [
        ("kind", f"{inquiry.kind} ({inquiry.confidence:.2f})"),
        ("topic", inquiry.topic),
        ("language", inquiry.language),
    ]
    rows += [
        ("desk", f"{found.desk.name} <{found.desk.email}>"),
        ("hours", "; ".join(found.timetable.hours) or "not known"),
        ("reasons", "; ".join(found.reasons)),
        ("version of the desks", found.version),
    ]
    terminal.table(("route", ""), rows)


@app.command()
def replay(answer_id: str, as_json: AsJson = False) -> None:
    """Make an answer again from its receipt. Exit status 1 if it differs in a byte."""
    from bot import publishing, wiring
    from bot.store.answers import Answers

    chosen = settings.load()
    with open_store(chosen) as database:
        replayed = wiring.replay(Answers(database).get(answer_id), publishing.shelf(chosen))
    if as_json:
        terminal.OUT.file.write(replayed.body + "\n")
    else:
        terminal.show(replayed.body)
        terminal.say("the same to the byte" if replayed.same else "DIFFERS from what was sent")
    if not replayed.same:
        raise typer.Exit(1)


@app.command(name="settings")
def show_settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="As the page docs/settings.md.")] = False,
) -> None:
    """List every setting with its value."""
    if markdown:
        terminal.OUT.file.write(settings.markdown())
        return
    terminal.table(("setting", "value", "help"), settings.shown(settings.load()))
