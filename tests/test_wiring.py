"""What a long-running server keeps of what it has loaded."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot import publishing, wiring
from bot.server.run import settle
from bot.settings import Settings
from bot.vocabulary import Turn

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No garbage collector for a while."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
def test_a_snapshot_that_is_put_down_is_gone_without_the_garbage_collector(starter: Settings, bot: wiring.Bot) -> None:
    live = bot.live()
    made = wiring.engine(publishing.shelf(starter).load(live.snapshot.manifest.model_fingerprint), live.read)
    question = "How does OFAC's 50 percent rule work?"
    assert made.draft(Turn(question), made.read(question), NOW).quotes
    search, reply = weakref.ref(made.search), weakref.ref(made.reply)
    del made
    assert search() is None
    assert reply() is None


def test_a_server_that_is_ready_keeps_its_load_from_the_garbage_collector() -> None:
    gc.unfreeze()
    settle()
    try:
        assert gc.get_freeze_count() > 10_000
        assert len(gc.get_objects()) < gc.get_freeze_count() / 10
    finally:
        gc.unfreeze()
