"""`bot backup` and `bot restore`. Imports as `commands`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import settings, terminal
from bot.store.opening import open_store

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]


def backup(file: File) -> None:
    """Copy the database to a new file, whole, also while the bot serves; examine the copy."""
    from bot.store.backups import Backups

    with open_store(settings.load()) as database:
        made = Backups(database).make(file, datetime.now(UTC))
    terminal.show(f"{made.file}: whole, sha256 {made.sha256}")


def restore(file: File) -> None:
    """Put a backup in the place of the database, which is kept beside it; whoever was erased since is erased again."""
    from bot.leads.restoring import restore as put_back
    from bot.store.database import Database
    from bot.store.sqlite import sqlite_url

    chosen = settings.load()
    database = Database(chosen.database_url or sqlite_url(chosen.data_dir))
    done = put_back(file, database, datetime.now(UTC))
    terminal.show(f"{database.place} holds what {file} holds")
    if done.before:
        terminal.show(f"as it was before: {done.before}; delete it when all is well")
    if done.erased_again:
        terminal.show(f"{done.erased_again} people were erased again")
