"""A cursor comes back as it was given; whatever else comes is refused."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.errors import BadQuestion
from bot.paging import Place, cursor, place


def test_a_cursor_comes_back() -> None:
    there = Place(datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC), "ab_C-1")
    assert place(cursor(there)) == there
    east = Place(there.at.astimezone(timezone(timedelta(hours=8))), "a")
    assert place(cursor(east)).at == there.at


def code(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "given",
    [
        "",
        "é",
        "x",
        "bm8=",
        code("[]"),
        code('["2026-03-01T12:00:00+00:00", 1]'),
        code('["2026-03-01T12:00:00+00:00", ""]'),
        code('["2026-03-01T12:00:00+00:00", "\\ud800"]'),
        code('["0001-01-01T00:00:00+14:00", "a"]'),
        code('[null, "a"]'),
        code("[" * 10_000),
        cursor(Place(datetime(2026, 1, 1, tzinfo=UTC), "a")) + "!",
    ],
)
def test_a_cursor_of_anothers_making_is_refused(given: str) -> None:
    with pytest.raises(BadQuestion, match="cursor is not one"):
        place(given)
