"""The first page: where all leads are, as an equation, and how letters stand."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from bot.intake import LETTER_STATES, Conservation, LetterSort
from bot.leads.watch import LATE_AFTER
from bot.server.console.frame import Console, Notice
from bot.store.waiting import Waiting
from bot.vocabulary import Key

SORTS: dict[LetterSort, str] = {"desk": "to the desk", "acknowledgement": "to the visitor", "webhook": "to the webhook"}


def install(routes: APIRouter, console: Console) -> None:
    """Adds the page."""

    signed_in = console.visit()

    @routes.get("")
    def overview(request: Request, key: Key = Depends(signed_in)) -> Response:
        places, standing = console.bot.delivery.conservation(), console.bot.delivery.standing()
        values = {
            "places": {name: number for name, number in asdict(places).items() if name != "received"},
            "received": places.received,
            "holds": places.holds,
            "notices": () if places.holds else (_lost(places),),
            "table": table(standing),
            "states": LETTER_STATES,
            "oldest": standing.oldest,
            "late": _late(standing, console.bot.now()),
            "ways": console.bot.delivery.ways(),
        }
        return console.page(request, "overview.html", key, here="overview", **values)


def table(standing: Waiting) -> dict[str, list[int]]:
    """Numbers of letters: a row a sort, in the order of LETTER_STATES."""
    return {words: [standing.counts.get((sort, state), 0) for state in LETTER_STATES] for sort, words in SORTS.items()}


def _late(standing: Waiting, now: datetime) -> bool:
    return standing.oldest is not None and now - standing.oldest >= LATE_AFTER


def _lost(places: Conservation) -> Notice:
    known = places.delivered + places.pending + places.attention + places.quarantined + places.erased
    return Notice(f"{places.received - known} leads are in no place where a lead may be", "/console/leads?place=missing")
