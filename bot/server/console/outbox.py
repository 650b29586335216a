"""The outbox: what has not arrived and why, and what a person does about it."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from bot.intake import LETTER_STATES
from bot.server.console.frame import Console, back
from bot.server.console.overview import SORTS, table
from bot.store.waiting import listed
from bot.vocabulary import Key

LIMIT = 200
log = structlog.get_logger()


def install(routes: APIRouter, console: Console) -> None:
    """Adds the pages and what their buttons do."""
    _pages(routes, console)
    _deeds(routes, console)


def _pages(routes: APIRouter, console: Console) -> None:
    reader = console.visit("leads")

    @routes.get("/outbox")
    def outbox(request: Request, key: Key = Depends(reader)) -> Response:
        delivery = console.bot.delivery
        standing = delivery.standing()
        stuck = listed(console.bot.store, ("attention",), LIMIT)
        waits = listed(console.bot.store, ("pending", "claimed"), LIMIT)
        values = {
            "table": table(standing),
            "states": LETTER_STATES,
            "errors": standing.errors,
            "ways": delivery.ways(),
            "stuck": stuck,
            "waits": waits,
            "numbers": {"stuck": standing.number("attention"), "waits": standing.number("pending", "claimed")},
            "sorts": SORTS,
        }
        return console.page(request, "outbox.html", key, here="outbox", **values)

    @routes.get("/letters/{letter_id}/settle")
    def settle(request: Request, letter_id: str, key: Key = Depends(reader)) -> Response:
        letter = console.bot.delivery.outbox.get(letter_id)
        lead = console.bot.receive.leads.get(letter.lead_id)
        return console.page(request, "settle.html", key, here="outbox", letter=letter, lead=lead, sorts=SORTS)


def _deeds(routes: APIRouter, console: Console) -> None:
    delivery, doer = console.bot.delivery, console.deed("leads")

    @routes.post("/letters/{letter_id}/settle")
    def settled(letter_id: str, key: Key = Depends(doer)) -> Response:
        letter = delivery.outbox.get(letter_id)
        done = delivery.outbox.settle(letter_id, console.bot.now())
        log.info("a letter was settled at the console", letter=letter_id, key=key.id, done=done)
        return back(f"/console/leads/{letter.lead_id}", "settled" if done else "nothing")

    @routes.post("/outbox/again")
    def again(key: Key = Depends(doer)) -> Response:
        number = delivery.outbox.again(None, console.bot.now())
        log.info("all letters in attention were queued anew at the console", key=key.id, letters=number)
        return back("/console/outbox", "again" if number else "nothing")

    @routes.post("/outbox/webhook")
    def enable(key: Key = Depends(doer)) -> Response:
        url = console.bot.settings.webhook_url
        done = bool(url) and delivery.webhooks.enable(url)
        log.info("the webhook was enabled at the console", key=key.id, done=done)
        return back("/console/outbox", "enabled" if done else "not-disabled")
