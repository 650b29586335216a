"""`bot doctor` and `bot doctor corpus`: whether installation and documents are in order. Imports as `commands`."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import settings, terminal
from bot.cli.options import AsJson

app = typer.Typer(invoke_without_command=True)


@app.callback()
def examine_installation(context: typer.Context, as_json: AsJson = False) -> None:
    """Say whether this installation is fit to serve, or whether documents are in order. Status 1 where something must be done."""
    if context.invoked_subcommand:
        context.obj = as_json
        return
    from bot.doctor import installation

    with terminal.progress("reading", "files") as advance:
        checks = installation.checks(os.environ, datetime.now(UTC).date(), advance)
    fit = installation.fit(checks)
    if as_json:
        terminal.show_json({"fit": fit, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            terminal.show(str(check))
    if not fit:
        raise typer.Exit(1)


@app.command("corpus")
def examine_corpus(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Folders and files; none: the corpus.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check front matter, links, sources, dates, repetitions and labels. Exit status 1 if there are errors."""
    from bot.doctor import corpus

    with terminal.progress("reading", "files") as advance:
        found = corpus.examination(settings.load(), paths or [], datetime.now(UTC).date(), advance)
    if as_json or context.obj:
        rows = [asdict(finding) for finding in found.findings]
        counts = {"documents": found.documents, "errors": found.errors, "warnings": found.warnings}
        terminal.show_json({**counts, "findings": rows})
    else:
        for finding in found.findings:
            terminal.show(str(finding))
        terminal.say(str(found))
    if found.errors:
        raise typer.Exit(1)
