"""Leads: the list, one lead with all that is known of it, and what a person does about it."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot import paging
from bot.intake import LEAD_PLACES, Letter
from bot.leads.fields import email_key
from bot.server.console.frame import HEADERS, Console, back, form, query
from bot.server.console.overview import SORTS
from bot.server.contact import REFERENCE
from bot.store.listing import Listing
from bot.vocabulary import Key

LIMIT = 50
PLACES: dict[str, str] = dict(
    zip(LEAD_PLACES, ("Delivered", "Pending", "Needs attention", "Quarantined", "Erased", "Missing"), strict=True)
)
log = structlog.get_logger()


def install(routes: APIRouter, console: Console) -> None:
    """Adds the pages and what their buttons do."""
    listing = Listing(console.bot.store)
    reader, doer = console.visit("leads"), console.deed("leads")
    _lists(routes, console, listing)

    @routes.get("/leads/{lead_id}")
    def one(request: Request, lead_id: str, key: Key = Depends(reader)) -> Response:
        bot = console.bot
        dossier, letters = bot.delivery.dossier(lead_id), bot.receive.letters.of_lead(lead_id)
        values = {
            "lead": dossier.lead,
            "desk": dossier.desk,
            "turns": dossier.turns,
            "letters": letters,
            "place": listing.place(lead_id),
            "places": PLACES,
            "sorts": SORTS,
            "goes_to": _recipients(letters),
            "stuck": [letter for letter in letters if letter.state == "attention"],
        }
        return console.page(request, "lead.html", key, here="leads", **values)

    @routes.post("/leads/{lead_id}/release")
    def release(lead_id: str, key: Key = Depends(doer)) -> Response:
        done = console.bot.receive.leads.release(lead_id, console.bot.now())
        log.info("a lead was released at the console", lead=lead_id, key=key.id, done=done)
        return back(f"/console/leads/{lead_id}", "released" if done else "not-held")

    @routes.post("/leads/{lead_id}/again")
    def again(lead_id: str, key: Key = Depends(doer)) -> Response:
        console.bot.receive.leads.get(lead_id)
        number = console.bot.delivery.outbox.again(lead_id, console.bot.now())
        log.info("letters were queued anew at the console", lead=lead_id, key=key.id, letters=number)
        return back(f"/console/leads/{lead_id}", "again" if number else "nothing")


def _lists(routes: APIRouter, console: Console, listing: Listing) -> None:
    def page(request: Request, key: Key, **values: object) -> Response:
        desks = {desk.id: desk.name for desk in console.bot.directory().contacts.desks}
        context = {"places": PLACES, "desks": desks, "chosen": query(request, place=PLACES, desk=desks), "next": "", "sought": ""}
        return console.page(request, "leads.html", key, here="leads", **{**context, **values})

    reader, doer = console.visit("leads"), console.deed("leads")

    @routes.get("/leads")
    def leads(request: Request, key: Key = Depends(reader)) -> Response:
        desks = {desk.id: desk.name for desk in console.bot.directory().contacts.desks}
        chosen, after = query(request, place=PLACES, desk=desks), request.query_params.get("cursor", "")
        wanted = next((one for one in LEAD_PLACES if one == chosen["place"]), None)
        found, following = listing.page(paging.place(after) if after else paging.NEWEST, LIMIT, wanted, chosen["desk"])
        return page(request, key, found=found, next=paging.cursor(following) if following else "", chosen=chosen)

    @routes.post("/leads")
    def find(request: Request, sent: FormData = Depends(form), key: Key = Depends(doer)) -> Response:
        """By a form, so that no address stands in an address."""
        typed = sent.get("sought")
        sought = typed.strip() if isinstance(typed, str) else ""
        reference = sought.upper()
        if REFERENCE.fullmatch(reference):
            return RedirectResponse(f"/console/leads/{reference}", 303, headers=HEADERS)
        return page(request, key, found=listing.of_person(email_key(sought), LIMIT), sought=sought or "nothing")


def _recipients(letters: Sequence[Letter]) -> str:
    """Whom the letters of a lead go to, in words."""
    return ", ".join(f"{SORTS[letter.sort]} ({letter.recipient})" for letter in letters)
