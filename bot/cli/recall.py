"""`bot recall`: who was shown a document or passage that turned out wrong, and draft letters to them.

Opens the store and looks things up in the live snapshot's files; loads neither the encoder nor an index.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot import settings, terminal
from bot.cli.options import AsJson
from bot.dialogue.body import encode
from bot.dialogue.correction import Letter
from bot.dialogue.recalled import Recalled, Summary, since, wire
from bot.errors import BotError
from bot.knowledge.catalogue import Catalogue
from bot.recalling import Recalling
from bot.store.opening import open_store
from bot.store.recall import MOST, Quoting

UNSAFE = re.compile(r"[^\w.-]+")
NEWEST = 100  # answers in the table, unless all are asked for
LONGEST_NAME = 50  # characters of an id in a file's name, which may take four bytes each


def recall(
    identity: Annotated[str, typer.Argument(metavar="DOCUMENT_OR_PASSAGE", help="Id of a document or a passage.")],
    begin: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Only answers from this day on, or this time (UTC).")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--letters", metavar="FOLDER", help="Write a draft letter for each language there.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=f"Show every answer in the table, not only the newest {NEWEST}; JSON has all.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List every answer that quoted a document or passage, newest first, and draft the letters that correct it."""
    chosen, moment = settings.load(), since(begin) if begin else None
    with open_store(chosen) as database:
        recalling = Recalling(database, Catalogue(chosen.snapshots), chosen.site_url)
        found = recalling(recalling.subject(identity), moment, MOST if everything or as_json else NEWEST)
    summary = found.summary
    if summary is None:
        raise RuntimeError("a recall of everything has a summary")
    written = _write(folder, identity, summary.letters) if folder else []
    if as_json:
        row = wire(found)
        if folder:
            pairs = zip(summary.letters, written, strict=True)
            row["letters"] = [{"language": one.language, "subject": one.subject, "file": str(path)} for one, path in pairs]
        terminal.OUT.file.write(encode(row) + "\n")
    else:
        _show(found, summary)
        for path in written:
            terminal.say(f"draft: {path}")


def _show(found: Recalled, summary: Summary) -> None:
    name = f"{found.subject.part} {found.subject.id}{f' ({found.title})' if found.title else ''}"
    from_when = f" since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else ""
    if not found.answers:
        terminal.show(f"{name} was never quoted{from_when}")
        return
    columns = ("asked (UTC)", "answer", "conversation", "", "kind", "passages")
    terminal.table(columns, [_row(one, found.subject.id) for one in found.answers], whole=True)
    if found.next:
        terminal.say(f"the newest {len(found.answers)} answers; --all shows all {summary.answers}")
    terminal.show(f"{name} was quoted in {summary.answers} answers of {summary.conversations} conversations{from_when}")
    for conversation, leads in found.leads.items():
        terminal.show(f"followed by lead {', '.join(leads)} (conversation {conversation})")
    shares = [
        (one.language, one.answers, one.conversations, f"{one.first:%Y-%m-%d}", f"{one.last:%Y-%m-%d}") for one in summary.shares
    ]
    terminal.table(("language", "answers", "conversations", "first", "last"), shares)


def _row(one: Quoting, identity: str) -> tuple[str, ...]:
    """Of a document's passages the numbers are enough."""
    passages = " ".join(passage.removeprefix(identity) or passage for passage in one.passages)
    return (f"{one.asked_at:%Y-%m-%d %H:%M}", one.answer_id, one.conversation_id, one.language, one.kind, passages)


def _write(folder: Path, identity: str, letters: Sequence[Letter]) -> list[Path]:
    """Writes each letter to a file of its own. Raises BotError, and writes none, where a file of that name is there."""
    name = UNSAFE.sub("_", identity)[-LONGEST_NAME:].lstrip(".") or "_"
    paths = [folder / f"{name}.{letter.language}.txt" for letter in letters]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = next((path for path in paths if path.exists()), None)
        if taken:
            raise BotError(f"{taken} is there already; move it away or name another folder for --letters")
        for path, letter in zip(paths, letters, strict=True):
            with path.open("x", encoding="utf-8") as file:
                file.write(f"{letter.subject}\n\n{letter.text}\n")
    except OSError as error:
        raise BotError(f"--letters {folder}: cannot be written ({error.strerror})") from None
    return paths
