"""The two ways out: mail to desks and visitors, calls to a webhook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.intake import Letter, LetterSort
from bot.leads.failure import ClaimLost, Undelivered
from bot.leads.letters import Dossier, Writer, payload
from bot.leads.mail import Mailer
from bot.leads.webhook import Call, Webhook
from bot.store.webhooks import Webhooks

Dossiers = Callable[[str], Dossier]  # by the lead's id; raises NotFound


class Channel(Protocol):
    """A way out. `single`: the recipient cannot tell copies apart, so that there must be as few as can be."""

    name: str
    sorts: tuple[LetterSort, ...]
    single: bool

    def send(self, letter: Letter, now: datetime, hand_over: Callable[[], None]) -> None:
        """Returns once the letter was taken. Calls `hand_over` before its words leave.

        Raises Undelivered; ClaimLost where the letter is not to be sent any more.
        """


class ByMail:
    """Desks and visitors."""

    name = "mail"
    sorts: tuple[LetterSort, ...] = ("desk", "acknowledgement")
    single = True

    def __init__(self, mailer: Mailer, writer: Writer, dossiers: Dossiers) -> None:
        self._mailer, self._writer, self._dossiers = mailer, writer, dossiers

    def send(self, letter: Letter, now: datetime, hand_over: Callable[[], None]) -> None:  # noqa: ARG002 - of the protocol
        """As the protocol says. A letter is dated when it was queued, so that every attempt is the same."""
        dossier = _wanted(self._dossiers(letter.lead_id))
        write = self._writer.to_desk if letter.sort == "desk" else self._writer.to_visitor
        self._mailer.send(write(letter, dossier), hand_over)


class ByWebhook:
    """The firm's own systems."""

    name = "webhook"
    sorts: tuple[LetterSort, ...] = ("webhook",)
    single = False

    def __init__(self, url: str, webhook: Webhook, kept: Webhooks, dossiers: Dossiers) -> None:
        self._url, self._webhook, self._kept, self._dossiers = url, webhook, kept, dossiers

    def send(self, letter: Letter, now: datetime, hand_over: Callable[[], None]) -> None:
        """As the protocol says. An address that answered 410 is not called again before an operator enables it."""
        if self._kept.disabled(self._url):
            raise Undelivered("gone", "webhook_disabled")
        dossier = _wanted(self._dossiers(letter.lead_id))
        hand_over()
        try:
            self._webhook.send(Call(call_id(letter), now, payload(dossier)))
        except Undelivered as error:
            if error.kind == "gone":
                self._kept.disable(self._url, now, error.code)
            raise


def call_id(letter: Letter) -> str:
    """By which a receiver tells copies from new calls."""
    return f"msg_{letter.id}"


def _wanted(dossier: Dossier) -> Dossier:
    if dossier.lead.status != "received":
        raise ClaimLost("the lead was erased or held back")
    return dossier
