"""`bot privacy`: hand over, erase and sweep what is held of people. Imports as `commands`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings, terminal
from bot.cli.options import AsJson
from bot.store.opening import open_store

if TYPE_CHECKING:
    from bot.leads.privacy import Erased

app = typer.Typer(help="What is held of people.", no_args_is_help=True)
Address = Annotated[str, typer.Argument(metavar="EMAIL", help="The person's e-mail address.")]


@app.command("export")
def export_person(address: Address) -> None:
    """Print all that is held of a person, as JSON."""
    from bot.leads import privacy

    with open_store(settings.load()) as database:
        terminal.show_json(privacy.export(database, address))


@app.command("erase")
def erase_person(
    address: Address,
    also: Annotated[
        list[Path] | None, typer.Option("--search", metavar="PATH", help="Files and folders to search too, such as logs.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Erase a person, and search the files for what is left. Exit status 1 where something is."""
    from bot.leads import privacy

    chosen = settings.load()
    with open_store(chosen) as database:
        own = sorted(Path(database.place).parent.glob(f"{Path(database.place).name}*")) if database.is_sqlite else []
        files = [*own, chosen.snapshots, *(also or [])]
        erased = privacy.erase(database, address, datetime.now(UTC), files)
    if as_json:
        terminal.show_json(_wire(erased))
    else:
        _show(erased)
    if erased.found_in or not erased.whole:
        raise typer.Exit(1)


@app.command("sweep")
def sweep_old(as_json: AsJson = False) -> None:
    """Delete what is older than the settings keep it; `bot serve` does so every day."""
    from bot.leads import privacy

    chosen = settings.load()
    retention = privacy.Retention(chosen.keep_leads_months, chosen.keep_conversations_days, chosen.keep_erasures_months)
    with open_store(chosen) as database:
        gone = privacy.swept(database, retention, datetime.now(UTC))
    if as_json:
        terminal.show_json(dict(gone))
    else:
        terminal.table(("deleted", "rows"), list(gone.items()))


def _wire(erased: Erased) -> dict[str, object]:
    return {
        "erasure_id": erased.record.id,
        "erased_at": erased.record.erased_at.isoformat(),
        "erased": dict(erased.record.counts),
        "files_searched": erased.searched,
        "found_in": list(erased.found_in),
        "unreadable": erased.whole,
        "backups": [one.file for one in erased.backups],
        "mentioned_in": list(erased.mentioned_in),
    }


def _show(erased: Erased) -> None:
    counts = ", ".join(f"{number} {what}" for what, number in erased.record.counts.items())
    terminal.show(f"erased {counts}; the record is {erased.record.id}")
    terminal.show(f"{erased.searched} files were searched; {len(erased.found_in)} still hold something of the person")
    for file in erased.found_in:
        terminal.show(f"still in {file}")
    if not erased.whole:
        terminal.show("other processes read the database, so its journal could not be emptied: run the command again")
    for backup in erased.backups:
        terminal.show(f"a backup from before: {backup.file} ({backup.made_at:%Y-%m-%d}); make a new one and delete it")
    for lead in erased.mentioned_in:
        terminal.show(f"the address stands in the message of another lead, {lead}: look at it")
