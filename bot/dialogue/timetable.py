"""A desk's hours in the visitor's language and on the visitor's clock. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.desks import Days, Desk, Timetable
from bot.dialogue import hours
from bot.dialogue.wording import Wording


def timetable(desk: Desk, moment: datetime, time_zone: str | None, wording: Wording) -> Timetable:
    """The desk's timetable at an aware moment; `time_zone` is the visitor's, the desk's own is taken where it is not known."""
    shown = time_zone or desk.time_zone
    holidays = hours.holidays(desk, moment)
    off = Timetable(shown, holidays=tuple(holidays), days_off=tuple(_runs(holidays)))
    if not desk.hours or not shown:
        return off
    zone = ZoneInfo(shown)
    week, opens_at = hours.week(desk, moment), hours.opens_at(desk, moment)
    here = opens_at.astimezone(zone) if opens_at else None
    return replace(
        off,
        hours=(*_lines(week, zone, wording), _zone_line(shown, moment.astimezone(zone), wording)),
        open_now=hours.is_open(desk, moment),
        opens_at=here,
        opens=_when(here, moment.astimezone(zone).date(), wording) if here else "",
        week=tuple(week),
    )


def _runs(days: Sequence[date]) -> list[Days]:
    """Days in order as runs of days that follow each other."""
    runs: list[Days] = []
    for day in days:
        if runs and day - runs[-1].last == timedelta(days=1):
            runs[-1] = Days(runs[-1].first, day)
        else:
            runs.append(Days(day, day))
    return runs


def _lines(week: Sequence[hours.Span], zone: ZoneInfo, wording: Wording) -> list[str]:
    """A line for each run of weekdays with the same hours; a run may go over the week's end."""
    days = [""] * 7
    for begin, end in sorted((begin.astimezone(zone), end.astimezone(zone)) for begin, end in week):
        separator = wording.text("hours", "separator") if days[begin.weekday()] else ""
        days[begin.weekday()] += f"{separator}{begin:%H:%M}–{_end(begin, end, wording)}"
    first = next((day for day in range(7) if days[day] != days[day - 1]), 0)
    runs: list[list[int]] = []
    for day in (*range(first, 7), *range(first)):
        if runs and days[runs[-1][-1]] == days[day]:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [_line(run, days[run[0]], wording) for run in runs if days[run[0]]]


def _line(run: Sequence[int], spans: str, wording: Wording) -> str:
    names = wording.texts("hours", "weekdays")
    first, last = names[run[0]], names[run[-1]]
    days = wording.text("hours", "days", first=first, last=last) if len(run) > 1 else first
    line = wording.text("hours", "line", days=days, spans=spans)
    return line[:1].upper() + line[1:]


def _end(begin: datetime, end: datetime, wording: Wording) -> str:
    if end.date() == begin.date():
        return f"{end:%H:%M}"
    if end.time() == time():
        return "24:00"
    return wording.text("hours", "next_day", time=f"{end:%H:%M}")


def _zone_line(name: str, here: datetime, wording: Wording) -> str:
    """The zone and its distance from UTC; both distances in a week in which clocks change."""
    offset = _offset(here)
    noons = [datetime.combine(here.date() + timedelta(days=n), time(12), here.tzinfo) for n in range(7)]
    change = next((noon for noon in noons if _offset(noon) != offset), None)
    if change is None:
        return wording.text("hours", "zone", zone=name, offset=offset)
    values = {"zone": name, "offset": offset, "date": _date(change.date(), wording), "after": _offset(change)}
    return wording.text("hours", "zone_changes", **values)


def _when(here: datetime, today: date, wording: Wording) -> str:
    weekday, clock = wording.texts("hours", "weekdays")[here.weekday()], f"{here:%H:%M}"
    if (here.date() - today).days < 7:
        return wording.text("hours", "when", weekday=weekday, time=clock)
    return wording.text("hours", "when_dated", weekday=weekday, date=_date(here.date(), wording), time=clock)


def _date(day: date, wording: Wording) -> str:
    month = wording.texts("date", "months")[day.month - 1]
    return wording.text("date", "pattern", day=day.day, month=month, year=day.year)


def _offset(moment: datetime) -> str:
    offset = f"{moment:%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"
