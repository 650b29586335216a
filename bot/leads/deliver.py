"""The outbox's worker: claims a letter, sends it, and says what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.errors import BotError, NotFound
from bot.intake import Letter
from bot.leads.channels import Channel
from bot.leads.failure import ClaimLost, Undelivered
from bot.leads.retry import HANDED_OVER_AT_MOST, verdict
from bot.store.letters import Failed, Outbox

Clock = Callable[[], datetime]
Chance = Callable[[], float]
Note = Callable[[str, str], None]
LEASE = timedelta(minutes=4)  # longer than an attempt lasts; what lasts longer is kept from handing over
UNKNOWN_END = "unknown_end"
log = structlog.get_logger()


class Courier:
    """Carries the letters of one channel, one after the other. `worker` is a name that nobody else ever has.

    `note(channel, outcome)` hears how each attempt ended: `delivered` or the kind of failure.
    """

    def __init__(self, channel: Channel, outbox: Outbox, worker: str, clock: Clock, chance: Chance, note: Note) -> None:
        self.channel, self._outbox, self._worker = channel, outbox, worker
        self._clock, self._chance, self._note = clock, chance, note
        self._outages = 0
        self._closed_until: datetime | None = None
        self._arrived: list[str] = []

    def step(self) -> bool:
        """Takes one letter as far as it goes; False where none is due, or the way is closed for now.

        Raises what the store raises; what was sent by then is marked at the next step.
        """
        self._mark()
        now = self._clock()
        if (self._closed_until and now < self._closed_until) or not self._outbox.due(now, self.channel.sorts):
            return False
        claimed = self._outbox.claim(self._worker, now, LEASE, sorts=self.channel.sorts)
        for letter in claimed:
            self._carry(letter)
        return bool(claimed)

    def _carry(self, letter: Letter) -> None:
        if self.channel.single and letter.handed_over >= HANDED_OVER_AT_MOST:
            self._failed(letter, Undelivered("permanent", UNKNOWN_END))
            return
        try:
            self.channel.send(letter, self._clock(), partial(self._hand_over, letter))
        except (ClaimLost, NotFound):
            log.info("a letter is not to be sent any more", letter=letter.id)
        except Undelivered as error:
            self._failed(letter, error)
        except BotError:
            raise
        except Exception as error:  # a fault of ours: its text may hold a visitor's words
            log.error("a letter could not be written", letter=letter.id, error=type(error).__name__)
            self._failed(letter, Undelivered("transient", f"fault_{type(error).__name__}"))
        else:
            self._reached()
            self._note(self.channel.name, "delivered")
            self._arrived.append(letter.id)
            self._mark()

    def _mark(self) -> None:
        """Ends what arrived; what the store refuses to write now stays in mind for the next time."""
        while self._arrived:
            self._outbox.delivered(self._arrived[0], self._clock())
            self._arrived.pop(0)

    def _hand_over(self, letter: Letter) -> None:
        if not self._outbox.hand_over(letter.id, self._worker, self._clock()):
            raise ClaimLost("another worker has the letter, or it was erased")

    def _reached(self) -> None:
        self._outages, self._closed_until = 0, None

    def _failed(self, letter: Letter, error: Undelivered) -> None:
        """An outage closes the way for every letter, and only one is tried until it is over."""
        outage = error.kind == "outage"
        self._outages = self._outages + 1 if outage else 0
        ambiguous = error.kind == "ambiguous"
        unsure = letter.handed_over + ambiguous if self.channel.single else 0
        failures = self._outages if outage else letter.attempts
        found = verdict(error, failures, unsure, letter.queued_at, self._clock(), self._chance())
        self._closed_until = found.next_at if outage else None
        end = Failed(found.state, found.next_at, error.code, ambiguous)
        kept = self._outbox.failed(letter, self._worker, end)
        self._note(self.channel.name, error.kind)
        say = log.error if found.state == "attention" else log.warning
        say("a letter was not delivered", letter=letter.id, code=error.code, state=found.state if kept else "another's")
