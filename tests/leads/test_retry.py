"""Backoff: it doubles up to four minutes, spreads, and calls a person after three days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.leads.failure import Kind, Undelivered
from bot.leads.retry import GIVE_UP_AFTER, LONGEST_PAUSE, LONGEST_WISH, pause, verdict, wait

QUEUED = datetime(2026, 3, 1, tzinfo=UTC)
CHANCES = st.floats(0, 1, exclude_max=True)


@given(st.integers(1, 10_000), CHANCES)
def test_a_pause_is_at_least_half_of_the_doubled_and_never_over_four_minutes(failures: int, chance: float) -> None:
    whole = min(timedelta(seconds=10 * 2 ** min(failures - 1, 30)), LONGEST_PAUSE)
    assert whole / 2 <= pause(failures, chance) <= whole <= timedelta(minutes=4)


def test_pauses_double_at_first() -> None:
    assert [pause(n, 0).total_seconds() for n in range(1, 8)] == [5, 10, 20, 40, 80, 120, 120]


def test_chance_spreads_what_failed_together() -> None:
    assert len({pause(6, n / 100) for n in range(100)}) == 100


@given(st.timedeltas(timedelta(days=-9), timedelta(days=9999)), st.integers(1, 50), CHANCES)
def test_a_wish_is_kept_within_reason(wish: timedelta, failures: int, chance: float) -> None:
    waited = wait(Undelivered("outage", "http_429", wish), failures, chance)
    assert waited == max(pause(failures, chance), min(wish, LONGEST_WISH))


@pytest.mark.parametrize(
    ("kind", "age", "unsure", "state", "again"),
    [
        ("outage", timedelta(0), 0, "pending", True),
        ("transient", timedelta(0), 0, "pending", True),
        ("ambiguous", timedelta(0), 1, "pending", True),
        ("ambiguous", timedelta(0), 2, "attention", False),
        ("transient", timedelta(0), 2, "attention", False),
        ("permanent", timedelta(0), 0, "attention", False),
        ("gone", timedelta(0), 0, "attention", False),
        ("outage", GIVE_UP_AFTER, 0, "attention", True),
        ("transient", GIVE_UP_AFTER, 0, "attention", False),
        ("transient", GIVE_UP_AFTER - timedelta(seconds=1), 0, "pending", True),
    ],
)
def test_what_becomes_of_a_letter(kind: Kind, age: timedelta, unsure: int, state: str, again: bool) -> None:
    now = QUEUED + age
    found = verdict(Undelivered(kind, "x"), 3, unsure, QUEUED, now, 0.5)
    assert (found.state, found.next_at is not None) == (state, again)
    assert found.next_at is None or now < found.next_at <= now + LONGEST_PAUSE
