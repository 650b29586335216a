"""`bot keys`: who may use the staff endpoints."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import settings, terminal
from bot.cli.options import AsJson
from bot.store.keys import Keys, new_secret
from bot.store.opening import open_store

app = typer.Typer(help="Keys for the staff endpoints.", no_args_is_help=True)
SCOPES = ("search", "route", "answers", "documents", "leads")


@contextlib.contextmanager
def _keys() -> Iterator[Keys]:
    with open_store(settings.load()) as database:
        yield Keys(database)


@app.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="Whose key it is.")],
    scopes: Annotated[str, typer.Option(help=f"What it may do, parted by commas: {', '.join(SCOPES)}.")] = ",".join(SCOPES),
) -> None:
    """Make a key and print it, this once: only its hash is kept."""
    wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    if not wanted or set(wanted) - set(SCOPES):
        raise typer.BadParameter(f"takes some of {', '.join(SCOPES)}", param_hint="--scopes")
    secret = new_secret()
    with _keys() as keys:
        key = keys.create(name, wanted, datetime.now(UTC), secret)
    terminal.show(f"key {key.id} for {key.name} ({', '.join(key.scopes)}), shown this once: {secret}")


@app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List the keys, without their secrets."""
    with _keys() as keys:
        rows = [(key.id, key.name, " ".join(key.scopes), str(key.created_at), str(key.revoked_at or "")) for key in keys.list()]
    columns = ("id", "name", "scopes", "created", "revoked")
    if as_json:
        terminal.show_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        terminal.table(columns, rows)


@app.command("revoke")
def revoke_key(key_id: str) -> None:
    """Revoke a key at once."""
    with _keys() as keys:
        key = keys.revoke(key_id, datetime.now(UTC))
    terminal.show(f"key {key.id} of {key.name} is revoked")
