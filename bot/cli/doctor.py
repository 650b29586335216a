"""`bot doctor`: whether the installation is fit to serve, and `bot doctor corpus`: whether the documents are in order."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import settings, terminal
from bot.cli.options import AsJson
from bot.doctor import corpus

app = typer.Typer(help="Find what is wrong, and say what to do.")


@app.command("corpus")
def examine_corpus(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Folders and files; none: the corpus.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check front matter, links, sources, dates, repetitions and labels. Exit status 1 if there are errors."""
    with terminal.progress("reading", "files") as advance:
        found = corpus.examination(settings.load(), paths or [], datetime.now(UTC).date(), advance)
    if as_json:
        rows = [asdict(finding) for finding in found.findings]
        counts = {"documents": found.documents, "errors": found.errors, "warnings": found.warnings}
        terminal.show_json({**counts, "findings": rows})
    else:
        for finding in found.findings:
            terminal.show(str(finding))
        terminal.say(str(found))
    if found.errors:
        raise typer.Exit(1)
