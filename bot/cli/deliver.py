"""`bot deliver`: sends letters apart from `bot serve`. Imports as `commands`."""

from __future__ import annotations

import contextlib
import signal
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import settings, terminal
from bot.store.opening import open_store


def deliver(
    once: Annotated[bool, typer.Option("--once", help="Send what is due and end; else go on until stopped.")] = False,
) -> None:
    """Send the letters that wait: to desks, visitors and the webhook. Exit status 2 if some need a person's attention."""
    from bot import delivering

    chosen = settings.load()
    delivering.check(chosen)
    if not delivering.leaves(chosen):
        terminal.say(delivering.NO_MAIL)
    with open_store(chosen) as database:
        delivery = delivering.Delivering(chosen, database, lambda: datetime.now(UTC))
        worker = delivery.worker(lambda _channel, _outcome: None, delivering.show)
        if once:
            tried = worker.once()
            concerns = delivery.concerns()
            terminal.say("; ".join([f"{tried} tried", *map(str, concerns)]))
            if any(concern.name == "attention" for concern in concerns):
                raise typer.Exit(2)
            return
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        terminal.say("delivering until stopped (Ctrl-C)")
        worker.start()
        with contextlib.suppress(KeyboardInterrupt):
            worker.wait()
        worker.stop(seconds=30)
