"""When a desk is there. Pure: the moment is passed in, an aware datetime. Clocks that are put forward or back are reckoned with.

A wall-clock time that is skipped as clocks go forward is taken as much later; one that comes twice is taken the first time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.desks import Desk

AHEAD = 60  # days
Span = tuple[datetime, datetime]


@cache
def zones() -> frozenset[str]:
    """The names of all time zones that are known."""
    return frozenset(available_timezones())


def today(desk: Desk, moment: datetime) -> date:
    """The day it is at the desk; by UTC where its zone is not known."""
    return moment.astimezone(_zone(desk)).date()


def on_holiday(desk: Desk, day: date) -> bool:
    """Whether the desk has a holiday on that day."""
    return any(days.first <= day <= days.last for days in desk.holidays)


def holidays(desk: Desk, moment: datetime) -> list[date]:
    """The desk's holidays from its today on, within 60 days."""
    return [day for day in _days(today(desk, moment), AHEAD) if on_holiday(desk, day)] if desk.holidays else []


def week(desk: Desk, moment: datetime) -> list[Span]:
    """The spans of the seven days that begin with the desk's today, in UTC, as if none were a holiday."""
    return [span for day in _days(today(desk, moment), 7) for span in _spans(desk, day)]


def is_open(desk: Desk, moment: datetime) -> bool | None:
    """Whether the desk is open; None if its hours are not known."""
    if not desk.hours:
        return None
    return any(begin <= moment < end for begin, end in _working(desk, today(desk, moment), 1))


def opens_at(desk: Desk, moment: datetime) -> datetime | None:
    """When the desk opens next, in UTC; None while it is open, if its hours are not known, or if it does not within 60 days."""
    if is_open(desk, moment) is not False:
        return None
    last = moment + timedelta(days=AHEAD)
    begins = (begin for begin, _ in _working(desk, today(desk, moment), AHEAD + 1))
    return next((begin for begin in begins if moment < begin <= last), None)


def _working(desk: Desk, first: date, days: int) -> Iterator[Span]:
    return (span for day in _days(first, days) if not on_holiday(desk, day) for span in _spans(desk, day))


def _spans(desk: Desk, day: date) -> list[Span]:
    """From when to when the desk is open on a day of its own calendar, in order, holidays aside."""
    midnight = datetime.combine(day, time(), _zone(desk))
    found = [
        ((midnight + timedelta(minutes=one.opens)).astimezone(UTC), (midnight + timedelta(minutes=one.closes)).astimezone(UTC))
        for one in desk.hours
        if one.weekday == day.isoweekday()
    ]
    return sorted(span for span in found if span[0] < span[1])


def _days(first: date, count: int) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range(count))


def _zone(desk: Desk) -> ZoneInfo:
    return ZoneInfo(desk.time_zone or "UTC")
