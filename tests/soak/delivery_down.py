"""Mail down for 72 hours of a test clock, looked at minute by minute, by outage and by refusal, on both databases."""

from __future__ import annotations

import pytest

from bot.leads.failure import Kind
from bot.store.database import Database
from tests.leads.test_deliver import three_days_down
from tests.leads.world import World
from tests.store.conftest import database, postgres, url

__all__ = ["database", "postgres", "url"]


@pytest.mark.parametrize("kind", ["outage", "transient"])
def test_after_72_hours_all_leave_within_five_minutes(kind: Kind, database: Database) -> None:
    three_days_down(World(database), kind, step=1)
