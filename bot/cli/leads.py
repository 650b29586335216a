"""`bot leads`: the inquiries that visitors left. Imports as `commands`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import settings, terminal
from bot.cli.options import AsJson
from bot.errors import BotError
from bot.intake import LEAD_STATUSES
from bot.paging import NEWEST
from bot.store.conservation import conservation
from bot.store.leads import Leads
from bot.store.letters import Outbox
from bot.store.opening import open_store

app = typer.Typer(help="The inquiries that visitors left.", no_args_is_help=True)
LeadId = Annotated[str, typer.Argument(metavar="LEAD", help="The reference of a lead.")]


@app.command("list")
def list_leads(
    status: Annotated[str | None, typer.Option(help=f"Only one of {', '.join(LEAD_STATUSES)}.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List leads, newest first, and where all are."""
    if status is not None and status not in LEAD_STATUSES:
        raise typer.BadParameter(f"takes one of {', '.join(LEAD_STATUSES)}", param_hint="--status")
    with open_store(settings.load()) as database:
        page, _ = Leads(database).page(NEWEST, limit, [status] if status else LEAD_STATUSES)
        places = conservation(database)
    if as_json:
        rows = [
            {
                "lead_id": one.id,
                "received_at": one.received_at.isoformat(),
                "status": one.status,
                "desk": one.desk,
                "urgent": one.urgent,
                "suspicions": list(one.suspicions),
            }
            for one in page
        ]
        terminal.show_json(rows)
        return
    cells = [
        (
            f"{one.received_at:%Y-%m-%d %H:%M}",
            one.id,
            one.status,
            one.desk,
            "urgent" if one.priority else "",
            one.company,
            ", ".join(one.suspicions),
        )
        for one in page
    ]
    terminal.table(("received (UTC)", "lead", "status", "desk", "", "company", "suspicions"), cells, whole=True)
    said = ", ".join(f"{getattr(places, name)} {name}" for name in ("delivered", "pending", "attention", "quarantined", "erased"))
    terminal.show(f"{places.received} received: {said}{'' if places.holds else '; SOME ARE MISSING'}")


@app.command("show")
def show_lead(lead_id: LeadId, as_json: AsJson = False) -> None:
    """Show a lead with its letters."""
    from bot.leads.wire import lead_wire, letter_wire

    with open_store(settings.load()) as database:
        lead, letters = Leads(database).get(lead_id), Outbox(database).of_lead(lead_id)
    row = lead_wire(lead) | {"letters": [letter_wire(letter) for letter in letters]}
    if as_json:
        terminal.show_json(row)
        return
    plain = [(name, _plain(value)) for name, value in row.items() if name != "letters"]
    terminal.table(("field", "value"), [(name, value) for name, value in plain if value])
    columns = ("letter", "sort", "to", "state", "attempts", "last error")
    terminal.table(columns, [(one.id, one.sort, one.recipient, one.state, one.attempts, one.last_error or "") for one in letters])


def _plain(value: object) -> str:
    """A field of a lead as one reads it: the parts of a list or a record in lines of their own; a bare no is nothing."""
    if isinstance(value, dict):
        return "\n".join(f"{name}: {part}" for name, part in value.items())
    if isinstance(value, (list, tuple)):
        return "\n".join(map(str, value))
    return "yes" if value is True else str(value or "")


@app.command("release")
def release_lead(lead_id: LeadId) -> None:
    """Take a lead out of quarantine: its letters go out."""
    with open_store(settings.load()) as database:
        if not Leads(database).release(lead_id, datetime.now(UTC)):
            raise BotError(f"{lead_id} is not in quarantine")
    terminal.show(f"{lead_id} is released")
