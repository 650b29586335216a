"""`bot gaps`: what visitors asked and the bot could not answer. Opens the store alone. Imports as `commands`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings, terminal
from bot.cli.options import AsJson
from bot.dialogue.body import encode
from bot.dialogue.recalled import since
from bot.store.opening import open_store
from bot.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from bot.dialogue.gaps import Gap


def gaps(
    begin: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only those from this day on (UTC).")] = None,
    language: Annotated[str, typer.Option(help=f"Only one of {', '.join(LANGUAGES)}.")] = "",
    reason: Annotated[str, typer.Option(help="Only one of no_evidence, off_topic, unclear.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, newest first.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List what visitors asked and the bot could not answer: like questions together, newest first."""
    from bot.dialogue.gaps import Wish, page, wire
    from bot.store.gaps import Gaps

    wish, found, behind = Wish(since(begin) if begin else None, language, reason), list["Gap"](), None
    with open_store(settings.load()) as database:
        while True:
            more, behind = page(Gaps(database), wish, limit - len(found), behind)
            found += more
            if behind is None or len(found) >= limit:
                break
    if as_json:
        terminal.OUT.file.write(encode(wire(found, wish, None)) + "\n")
        return
    columns = ("last asked (UTC)", "times", "days", "reason", "", "topic", "question")
    terminal.table(columns, [_row(gap) for gap in found], whole=True)
    terminal.say(f"the newest {len(found)}; --limit shows more" if behind else f"{len(found)} in all")


def _row(gap: Gap) -> tuple[object, ...]:
    newest = gap.newest
    line = " ".join(newest.text.split())
    return (
        f"{newest.asked_at:%Y-%m-%d %H:%M}",
        len(gap.asked),
        len(gap.days),
        newest.reason,
        newest.language,
        newest.topic,
        line,
    )
