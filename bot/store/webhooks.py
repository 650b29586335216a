"""Webhooks that want no more calls: an address that answered 410 is called again only once an operator says so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from bot.store.database import Database
from bot.store.tables import webhooks

_MINE = webhooks.c.url == bindparam("address")
_DISABLED = select(webhooks.c.disabled_at).where(_MINE)
_ENABLE = delete(webhooks).where(_MINE)


class Webhooks:
    """What is known of addresses that are called."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def disabled(self, url: str) -> datetime | None:
        """Since when an address is not called any more; None where it is."""
        with self._database.read() as connection:
            found: datetime | None = connection.execute(_DISABLED, {"address": url}).scalar()
        return found

    def disable(self, url: str, now: datetime, reason: str) -> None:
        """Ends the calls to an address."""
        with self._database.write() as connection:
            connection.execute(_ENABLE, {"address": url})
            connection.execute(insert(webhooks), {"url": url, "disabled_at": now, "reason": reason})

    def enable(self, url: str) -> bool:
        """Allows calls again; False where they were never ended."""
        with self._database.write() as connection:
            return connection.execute(_ENABLE, {"address": url}).rowcount == 1
