"""Runs couriers and the watch: in threads until told to stop, or once through all that is due."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.errors import BotError
from bot.leads.deliver import Courier
from bot.leads.watch import Watch

IDLE_SECONDS = 1.0
LOOK_SECONDS = 60.0
TROUBLE_SECONDS = 5.0
MOST_AT_ONCE = timedelta(minutes=30)  # of `once`, which a scheduler may start again
log = structlog.get_logger()


class Worker:
    """Delivers the letters of a store. One thread a channel, so that a slow webhook holds up no mail."""

    def __init__(self, couriers: Sequence[Courier], watch: Watch, clock: Callable[[], datetime]) -> None:
        self._couriers, self._watch, self._clock = couriers, watch, clock
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begins, in threads of its own."""
        loops: list[tuple[str, Callable[[], object], float]] = [("watch", self._look, LOOK_SECONDS)]
        loops += [(courier.channel.name, courier.step, IDLE_SECONDS) for courier in self._couriers]
        for name, step, idle in loops:
            thread = threading.Thread(target=self._run, args=(step, idle), name=f"deliver-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, seconds: float) -> None:
        """Ends after the letters in hand; what takes longer than `seconds` is taken over by others after its lease."""
        self._stop.set()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0.0))

    def wait(self) -> None:
        """Returns once stopped."""
        self._stop.wait()

    def once(self) -> int:
        """Sends all that is due, then looks. Returns how many letters were tried. Raises what the store raises."""
        tried, until = 0, self._clock() + MOST_AT_ONCE
        for courier in self._couriers:
            while self._clock() < until and courier.step():
                tried += 1
        self._look()
        return tried

    def _look(self) -> bool:
        self._watch.round(self._clock())
        return False

    def _run(self, step: Callable[[], object], idle: float) -> None:
        while not self._stop.is_set():
            try:
                pause = 0.0 if step() else idle
            except BotError as error:
                log.error("delivery is held up", why=str(error))
                pause = TROUBLE_SECONDS
            except Exception as error:  # a fault of ours must not end delivery
                log.error("delivery met a fault", error=type(error).__name__)
                pause = TROUBLE_SECONDS
            if pause:
                self._stop.wait(pause)
