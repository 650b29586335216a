"""What is done once a day while the bot serves: rows that are over their time are deleted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import structlog

from bot.errors import BotError

DAY = 24 * 60 * 60.0
log = structlog.get_logger()


class Daily:
    """Runs a deed at once and every `seconds`, in a thread of its own, until it is closed. A failure waits for the next time."""

    def __init__(self, deed: Callable[[], Mapping[str, int]], seconds: float = DAY) -> None:
        self._deed, self._seconds = deed, seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="daily", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the thread once the deed that runs is done."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                gone = {what: count for what, count in self._deed().items() if count}
                if gone:
                    log.info("swept", **{what.replace(" ", "_"): count for what, count in gone.items()})
            except BotError as error:
                log.error("the daily sweep failed and will be done again", error=type(error).__name__)
            self._ended.wait(self._seconds)
