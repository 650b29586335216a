"""When a letter that was not taken is tried again, and when a person must look. Pure: clock and chance are passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.leads.failure import Undelivered

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=4)  # what is down for days shall have its letters within five minutes of its return
LONGEST_WISH = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=3)
HANDED_OVER_AT_MOST = 2  # once more after an unknown end: two copies at the very most


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a letter. `next_at` is when it is tried again; None: not before a person says so."""

    state: Literal["pending", "attention"]
    next_at: datetime | None


def pause(failures: int, chance: float) -> timedelta:
    """How long to wait after so many failures in a row (1 or more): doubling, at most four minutes.

    `chance` in [0, 1) spreads it over the upper half, so that what failed together does not come back together.
    """
    whole: timedelta = min(FIRST_PAUSE * 2 ** min(failures - 1, 16), LONGEST_PAUSE)
    return timedelta(seconds=whole.total_seconds() * (0.5 + chance / 2))


def wait(failure: Undelivered, failures: int, chance: float) -> timedelta:
    """As `pause`, but as long as the recipient asked for, up to six hours."""
    asked = min(failure.retry_after or timedelta(0), LONGEST_WISH)
    return max(pause(failures, chance), asked)


def verdict(failure: Undelivered, failures: int, unsure: int, queued_at: datetime, now: datetime, chance: float) -> Verdict:
    """What becomes of a letter after its latest failure.

    `failures` counts this one, `unsure` how often it was handed over to an unknown end (0 where the recipient tells copies
    apart). An outage never ends the trying: after three days a person is called, and the letter still leaves on its return.
    """
    if failure.kind in ("permanent", "gone") or unsure >= HANDED_OVER_AT_MOST:
        return Verdict("attention", None)
    next_at, too_old = now + wait(failure, failures, chance), now - queued_at >= GIVE_UP_AFTER
    if not too_old:
        return Verdict("pending", next_at)
    return Verdict("attention", next_at if failure.kind == "outage" else None)
