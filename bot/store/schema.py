"""Brings a database to a revision of its tables, through Alembic, without a configuration file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from bot.errors import BotError

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
Standing = Literal["newest", "older", "empty", "absent", "unknown"]  # unknown: a newer version of the product made them
_ADVISORY_LOCK = 0x1D_DE5C


def config(connection: Connection) -> Config:
    """Alembic's configuration for work on a connection that is in a transaction of the caller's."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Connection) -> bool:
    """Migrates to the newest tables within the connection's transaction; processes that start together take turns.

    Says whether there was anything to do. Raises BotError where a newer version of the product made the database.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _ADVISORY_LOCK})
    made = config(connection)
    newest = set(ScriptDirectory.from_config(made).get_heads())
    if set(MigrationContext.configure(connection).get_current_heads()) == newest:
        return False
    try:
        command.upgrade(made, "head")
    except CommandError as error:
        raise BotError(f"the database cannot be migrated; did a newer version of the bot make it? ({error})") from error
    return True


def standing(connection: Connection) -> Standing:
    """How the tables stand to those of this version. Changes nothing."""
    scripts = ScriptDirectory.from_config(config(connection))
    current = set(MigrationContext.configure(connection).get_current_heads())
    if current == set(scripts.get_heads()):
        return "newest"
    known = {script.revision for script in scripts.walk_revisions()}
    return "empty" if not current else "older" if current <= known else "unknown"


def downgrade(connection: Connection, revision: str) -> None:
    """Goes back to an earlier revision (`base`: no tables) within the connection's transaction."""
    command.downgrade(config(connection), revision)
