"""The nouns of who answers and when, frozen. Data only, as in vocabulary.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """A span of every week, on a desk's own clock: ISO weekday (1 is Monday), minutes after midnight (1440 ends the day)."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Days:
    """The days from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers. Without an address of its own a desk uses the default desk's, with its own subject tag.

    `hours` and `holidays` are by the clock of `time_zone`; `stand_in` is the id of the desk that answers on its holidays.
    """

    id: str
    name: str
    email: str
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    subject: str = ""
    priority: int = 0
    time_zone: str | None = None
    hours: tuple[Opening, ...] = ()
    holidays: tuple[Days, ...] = ()
    stand_in: str | None = None


@dataclass(frozen=True, slots=True)
class Timetable:
    """A desk's hours as a visitor reads them at one moment, on the clock of `time_zone`: the visitor's own, else the desk's.

    `hours` are lines in the visitor's language, the last names the zone; none where the desk has no hours, and `open_now` is
    None then. `opens_at` is None while the desk is open, and where it does not open within 60 days; `opens` says it in words.
    `holidays` are the desk's days off within 60 days, `days_off` the same in runs. `week` is the coming seven days, in UTC.
    """

    time_zone: str | None
    hours: tuple[str, ...] = ()
    open_now: bool | None = None
    opens_at: datetime | None = None
    opens: str = ""
    holidays: tuple[date, ...] = ()
    days_off: tuple[Days, ...] = ()
    week: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """The desk an inquiry goes to, why, the subject of the mail it may be written in, and when the desk is there.

    `version` is that of the directory of desks that the decision was made by.
    """

    desk: Desk
    subject: str
    reasons: tuple[str, ...]
    version: str
    timetable: Timetable
