"""When a desk is open, held against a clock that is looked at every minute; and how its hours are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desks import Days, Desk, Opening, Timetable
from bot.dialogue import hours
from bot.dialogue.timetable import timetable
from bot.dialogue.wording import Wording
from bot.vocabulary import LANGUAGES, Language
from tests.dialogue.conftest import NOON

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Cairo", "Australia/Lord_Howe", "UTC")
Tell = Callable[..., Timetable]
OFFICE = tuple(Opening(day, *span) for day in range(1, 6) for span in ((540, 750), (810, 1080)))


def desk(zone: str | None, openings: tuple[Opening, ...] = OFFICE, *holidays: Days) -> Desk:
    return Desk("d", "Desk", "desk@example.com", time_zone=zone, hours=openings, holidays=holidays)


@pytest.fixture
def tell(words: dict[Language, Wording]) -> Tell:
    def told(one: Desk, zone: str | None = None, language: Language = "en", moment: datetime = NOON) -> Timetable:
        return timetable(one, moment, zone, words[language])

    return told


def by_the_clock(one: Desk, moment: datetime) -> bool:
    """Whether the desk is open, as somebody would say who looks at the clock on its wall and at the calendar."""
    wall = moment.astimezone(ZoneInfo(one.time_zone or "UTC"))
    minute = 60 * wall.hour + wall.minute
    return not any(days.first <= wall.date() <= days.last for days in one.holidays) and any(
        opening.weekday == wall.isoweekday() and opening.opens <= minute < opening.closes for opening in one.hours
    )


# Between 4:00 and 23:00 no clock is put forward or back in these zones; what is skipped or comes twice has tests of its own.
spans = st.tuples(st.integers(240, 1378), st.integers(1, 600)).map(lambda one: (one[0], min(one[0] + one[1], 1380)))
openings = st.lists(st.builds(lambda day, span: Opening(day, *span), st.integers(1, 7), spans), max_size=6).map(tuple)
days = st.builds(
    lambda n, more: Days(date(2026, 1, 1) + timedelta(n), date(2026, 1, 1) + timedelta(n + more)),
    st.integers(0, 365),
    st.integers(0, 9),
)
moments = st.integers(0, 365 * 1440).map(lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ZONES), openings, st.lists(days, max_size=3), moments)
def test_open_and_opening_agree_with_the_clock_on_the_wall(
    zone: str, times: tuple[Opening, ...], off: list[Days], moment: datetime
) -> None:
    one = desk(zone, times, *off)
    if not times:
        assert hours.is_open(one, moment) is None
        assert hours.opens_at(one, moment) is None
        return
    assert hours.is_open(one, moment) == by_the_clock(one, moment)
    opens = hours.opens_at(one, moment)
    until = moment + timedelta(days=hours.AHEAD)
    if opens is None:
        steps = (moment + timedelta(minutes=n) for n in range(hours.AHEAD * 1440))
        assert by_the_clock(one, moment) or not any(by_the_clock(one, step) for step in steps)
    else:
        assert moment < opens <= until
        assert by_the_clock(one, opens) and not by_the_clock(one, opens - timedelta(minutes=1))
        minutes = int((opens - moment).total_seconds() // 60)
        assert not any(by_the_clock(one, moment + timedelta(minutes=n)) for n in range(minutes))


@pytest.mark.parametrize(
    ("zone", "opening", "day", "span"),
    [
        # Sunday 29 March 2026, 2:00 becomes 3:00: a day of 23 hours; half past two is taken as half past three.
        ("Europe/Berlin", Opening(7, 0, 1440), date(2026, 3, 29), ("2026-03-28T23:00", "2026-03-29T22:00")),
        ("Europe/Berlin", Opening(7, 150, 600), date(2026, 3, 29), ("2026-03-29T01:30", "2026-03-29T08:00")),
        # Sunday 25 October 2026, 3:00 becomes 2:00: 25 hours; half past two comes twice and is taken the first time.
        ("Europe/Berlin", Opening(7, 0, 1440), date(2026, 10, 25), ("2026-10-24T22:00", "2026-10-25T23:00")),
        ("Europe/Berlin", Opening(7, 150, 600), date(2026, 10, 25), ("2026-10-25T00:30", "2026-10-25T09:00")),
        # Friday 24 April 2026 begins at 1:00 in Cairo.
        ("Africa/Cairo", Opening(5, 0, 1440), date(2026, 4, 24), ("2026-04-23T22:00", "2026-04-24T21:00")),
    ],
)
def test_days_on_which_clocks_change(zone: str, opening: Opening, day: date, span: tuple[str, str]) -> None:
    begin, end = (datetime.fromisoformat(f"{moment}+00:00") for moment in span)
    one, minute = desk(zone, (opening,)), timedelta(minutes=1)
    assert hours.today(one, begin) == day
    assert hours.opens_at(one, begin - minute) == begin
    assert not hours.is_open(one, begin - minute)
    assert hours.is_open(one, begin) and hours.is_open(one, end - minute)
    assert not hours.is_open(one, end)


def test_it_is_the_desks_own_day_that_is_a_holiday() -> None:
    one = desk("Asia/Shanghai", OFFICE, Days(date(2026, 11, 26), date(2026, 11, 27)))
    assert not hours.on_holiday(one, hours.today(one, datetime(2026, 11, 25, 15, 59, tzinfo=UTC)))
    assert hours.on_holiday(one, hours.today(one, datetime(2026, 11, 25, 16, tzinfo=UTC)))
    assert hours.opens_at(one, NOON) == datetime(2026, 11, 30, 1, tzinfo=UTC)
    assert hours.holidays(one, NOON) == [date(2026, 11, 26), date(2026, 11, 27)]


def test_nothing_is_told_beyond_60_days(tell: Tell) -> None:
    one = desk("UTC", OFFICE, Days(date(2026, 11, 1), date(2027, 12, 31)))
    assert hours.opens_at(one, NOON) is None
    assert len(hours.holidays(one, NOON)) == 60
    assert tell(one).open_now is False


@pytest.mark.parametrize(
    ("zone", "language", "lines", "opens"),
    [
        (None, "en", ("Monday–Friday: 09:00–12:30, 13:30–18:00", "Times in Asia/Shanghai (UTC+08:00)"), "Thursday 09:00"),
        (
            "Europe/Berlin",
            "de",
            ("Montag–Freitag: 02:00–05:30, 06:30–11:00", "Zeiten in Europe/Berlin (UTC+01:00)"),
            "Donnerstag, 02:00 Uhr",
        ),
        (
            "America/Los_Angeles",
            "en",
            ("Sunday–Thursday: 17:00–20:30, 21:30–02:00 the next day", "Times in America/Los_Angeles (UTC-08:00)"),
            "Wednesday 17:00",
        ),
        (
            "Asia/Kolkata",
            "ru",
            ("Понедельник–пятница: 06:30–10:00, 11:00–15:30", "Время указано по поясу Asia/Kolkata (UTC+05:30)"),
            "четверг, 06:30",
        ),
        (
            "Asia/Shanghai",
            "zh",
            ("星期一至星期五：09:00–12:30、13:30–18:00", "所示时间为 Asia/Shanghai 时间（UTC+08:00）"),
            "星期四 09:00",
        ),
    ],
)
def test_hours_are_told_on_the_visitors_clock(
    zone: str | None, language: Language, lines: tuple[str, ...], opens: str, tell: Tell
) -> None:
    told = tell(desk("Asia/Shanghai"), zone, language)
    assert (told.hours, told.opens, told.open_now) == (lines, opens, False)
    assert told.opens_at == datetime(2026, 11, 26, 1, tzinfo=UTC)
    assert told.time_zone == (zone or "Asia/Shanghai")


def test_a_week_in_which_the_visitors_clock_changes_is_told_day_by_day(tell: Tell) -> None:
    told = tell(desk("Asia/Shanghai"), "Europe/Berlin", moment=datetime(2026, 10, 22, 12, tzinfo=UTC))
    assert told.hours == (
        "Monday–Wednesday: 02:00–05:30, 06:30–11:00",
        "Thursday–Friday: 03:00–06:30, 07:30–12:00",
        "Times in Europe/Berlin (UTC+02:00; from 25 October 2026 UTC+01:00)",
    )


def test_an_opening_that_is_far_off_has_its_date(tell: Tell) -> None:
    one = desk("UTC", OFFICE, Days(date(2026, 11, 25), date(2026, 12, 4)))
    assert tell(one).opens == "Monday, 7 December 2026, 09:00"
    assert tell(one, None, "zh").opens == "2026年12月7日（星期一）09:00"


def test_a_desk_without_hours_is_neither_open_nor_closed(tell: Tell) -> None:
    for language in LANGUAGES:
        told = tell(desk(None, ()), "Europe/Berlin", language)
        assert (told.hours, told.open_now, told.opens_at, told.opens) == ((), None, None, "")


def test_round_the_clock_is_one_line(tell: Tell) -> None:
    told = tell(desk("UTC", tuple(Opening(day, 0, 1440) for day in range(1, 8))))
    assert told.hours[0] == "Monday–Sunday: 00:00–24:00"
    assert told.open_now
