"""Looks after the outbox: what waits too long, or needs a person, is told to operators. No lead's words are in an alarm."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog

from bot.errors import BotError
from bot.leads.retry import GIVE_UP_AFTER
from bot.store.alarms import Alarms
from bot.store.letters import Outbox
from bot.store.waiting import Waiting

LATE_AFTER = timedelta(minutes=12)  # with a look a minute and one to tell it in, the alarm comes within fifteen
AGAIN_AFTER = timedelta(days=1)
Name = Literal["late", "attention", "over"]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Concern:
    """What an operator should look at, and since when that is so."""

    name: Name
    said: str

    def __str__(self) -> str:
        return self.said


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is told by one of the ways to tell: `identity` is unguessable and new for each."""

    identity: str
    at: datetime
    concerns: tuple[Concern, ...]
    counts: str
    errors: str

    @property
    def values(self) -> Mapping[str, object]:
        """For the template."""
        return {"concerns": [str(one) for one in self.concerns], "counts": self.counts, "errors": self.errors}


Tell = Callable[[Alarm], None]  # raises BotError where it could not be told


def concerns(found: Waiting, now: datetime) -> tuple[Concern, ...]:
    """What is to be looked at; nothing where all is well. Pure."""
    told: list[Concern] = []
    if found.oldest is not None and now - found.oldest >= LATE_AFTER:
        minutes = int((now - found.oldest).total_seconds() // 60)
        waits = found.number("pending", "claimed")
        told.append(Concern("late", f"{waits} letter{'' if waits == 1 else 's'} waiting, the oldest for {_length(minutes)}"))
    if stuck := found.number("attention"):
        told.append(Concern("attention", f"{stuck} letter{' needs' if stuck == 1 else 's need'} a person's attention"))
    return tuple(told)


class Watch:
    """Looks at the outbox of a database and tells operators by every way there is."""

    def __init__(self, outbox: Outbox, look: Callable[[], Waiting], alarms: Alarms, ways: Sequence[Tell]) -> None:
        self._outbox, self._look, self._alarms, self._ways = outbox, look, alarms, ways

    def round(self, now: datetime) -> tuple[Concern, ...]:
        """Brings what is three days old to attention, tells what is new, and says what lasts."""
        if (found := self._look()).oldest is not None and now - found.oldest >= GIVE_UP_AFTER:
            self._outbox.overdue(now - GIVE_UP_AFTER)
            found = self._look()
        lasting = concerns(found, now)
        fresh = tuple(one for one in lasting if self._alarms.take(one.name, now, AGAIN_AFTER))
        if fresh:
            log.error("the outbox needs a look", concerns=[str(one) for one in lasting])
            if not self._told(_alarm(lasting, found, now)):
                for one in fresh:
                    self._alarms.untold(one.name)
        elif not lasting and self._alarms.raised():
            log.warning("the outbox is well again")
            self._told(_alarm((Concern("over", "all letters have left, nothing needs a look any more"),), found, now))
        self._alarms.keep_only([one.name for one in lasting])
        return lasting

    def _told(self, alarm: Alarm) -> bool:
        """Tells by every way; whether one of them took it, or there is none but the log."""
        told = [_by(way, alarm) for way in self._ways]
        return not told or any(told)


def _by(way: Tell, alarm: Alarm) -> bool:
    try:
        way(alarm)
    except BotError as error:
        log.error("an alarm could not be told", why=str(error))
        return False
    return True


def _alarm(told: tuple[Concern, ...], found: Waiting, now: datetime) -> Alarm:
    counts = ", ".join(f"{sort} {state} {number}" for (sort, state), number in sorted(found.counts.items())) or "none"
    errors = ", ".join(f"{code} {number}" for code, number in list(found.errors.items())[:10])
    return Alarm(secrets.token_hex(12), now, told, counts, errors)


def _length(minutes: int) -> str:
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"
