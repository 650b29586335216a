"""`bot outbox`: how letters stand, and what a person does about those that stick. Imports as `commands`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings, terminal
from bot.cli.options import AsJson
from bot.errors import BotError, NotFound
from bot.store.opening import open_store

if TYPE_CHECKING:
    from bot.delivering import Delivering

app = typer.Typer(help="Letters that wait or stick, and what to do about them.", invoke_without_command=True)
LIMIT = 100


@contextlib.contextmanager
def _delivery() -> Iterator[Delivering]:
    from bot import delivering

    chosen = settings.load()
    with open_store(chosen) as database:
        yield delivering.Delivering(chosen, database, lambda: datetime.now(UTC))


@app.callback()
def show_outbox(
    context: typer.Context,
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Letters to list.")] = LIMIT,
) -> None:
    """Show how letters stand: numbers, what is to be looked at, and those that have not arrived."""
    if context.invoked_subcommand:
        return
    with _delivery() as delivery:
        found = delivery.wire(limit)
    if as_json:
        terminal.show_json(found)
        return
    rows = [(sort, state, number) for sort, states in found["counts"].items() for state, number in states.items()]
    terminal.table(("letters", "state", "number"), rows)
    columns = ("letter_id", "lead_id", "sort", "state", "queued_at", "next_at", "attempts", "last_error")
    terminal.table(columns, [[row[column] or "" for column in columns] for row in found["letters"]], whole=True)
    ways = ", ".join(f"{way} {state}" for way, state in found["ways"].items())
    terminal.say("; ".join([ways, *(concern["said"] for concern in found["concerns"])]))


@app.command("again")
def send_again(
    lead_id: Annotated[str | None, typer.Argument(help="The lead whose letters are meant.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those of every lead.")] = False,
) -> None:
    """Queue letters that need attention anew, once their reason is mended."""
    if (lead_id is None) == (not everything):
        raise typer.BadParameter("takes a lead's id, or --all", param_hint="LEAD_ID")
    with _delivery() as delivery:
        number = delivery.outbox.again(lead_id, datetime.now(UTC))
    if not number:
        raise NotFound("no letter in attention fits that: `bot outbox` lists them")
    terminal.show(f"{number} queued anew")


@app.command("settle")
def settle_letter(letter_id: str) -> None:
    """End a letter in attention that you have seen to yourself, by telephone for example."""
    with _delivery() as delivery:
        if not delivery.outbox.settle(letter_id, datetime.now(UTC)):
            raise NotFound("no letter of that id is in attention: `bot outbox` lists them")
    terminal.show(f"letter {letter_id} is settled by hand")


@app.command("enable-webhook")
def enable_webhook() -> None:
    """Call the webhook again after it answered 410; queue what stuck meanwhile with `bot outbox again --all`."""
    url = settings.load().webhook_url
    if not url:
        raise BotError("BOT_WEBHOOK_URL is not set")
    with _delivery() as delivery:
        done = delivery.webhooks.enable(url)
    terminal.show("the webhook is called again" if done else "the webhook was not disabled")
