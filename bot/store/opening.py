"""The store by the settings."""

from __future__ import annotations

from bot.settings import Settings
from bot.store.database import Database
from bot.store.sqlite import sqlite_url


def open_store(settings: Settings) -> Database:
    """The store by the settings, opened and migrated. Raises BadSetting and what opening raises."""
    if not settings.database_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Database(settings.database_url or sqlite_url(settings.data_dir)).open()
