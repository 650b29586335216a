"""What can go wrong on the way to a recipient, by what is to be done about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from bot.errors import BotError

# outage     no fault of the letter's: nothing can be sent that way now (refused, DNS, TLS, login)
# transient  this letter was not taken, and may be later
# permanent  this letter will not be taken, however often it is tried
# ambiguous  it was handed over whole and no reply came: it may have arrived
# gone       the recipient asks never to be called again
Kind = Literal["outage", "transient", "permanent", "ambiguous", "gone"]


class Undelivered(BotError):
    """A letter was not taken. `code` is a short word for tables, logs and metrics, such as `rcpt_550`; nothing personal is in it.

    `retry_after` is what the recipient asked to wait.
    """

    def __init__(self, kind: Kind, code: str, retry_after: timedelta | None = None) -> None:
        self.kind, self.code, self.retry_after = kind, code, retry_after
        super().__init__(f"not delivered: {code} ({kind})")


class ClaimLost(BotError):
    """The letter is no longer this worker's to send: another took it over, or it was erased or held back."""
