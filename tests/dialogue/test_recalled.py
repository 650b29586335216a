"""What asks for a recall is read exactly or refused by name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.dialogue.recalled import since
from bot.errors import BadQuestion


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        (" 2026-01-31T09:30 ", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        ("2026-01-31T09:30:00Z", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        ("2026-01-31T01:30:00+03:00", datetime(2026, 1, 30, 22, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_in_utc(given: str, meant: datetime) -> None:
    found = since(given)
    assert (found, found.tzinfo) == (meant, UTC)


@pytest.mark.parametrize("given", ["", "yesterday", "31.01.2026", "2026-02-30", "0001-01-01T00:00+14:00", "2026-01-31\x00"])
def test_what_is_no_moment_is_refused(given: str) -> None:
    with pytest.raises(BadQuestion, match="since takes a day"):
        since(given)
