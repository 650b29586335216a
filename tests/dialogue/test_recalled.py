"""What asks for a recall is read exactly or refused by name."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.dialogue.recalled import since
from bot.errors import BadQuestion
from bot.paging import Place, cursor, place


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
