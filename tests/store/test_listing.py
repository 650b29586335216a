"""Leads are listed by where they are, on every database, and the places are those of the conservation law."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from hashlib import sha256
from itertools import product

from sqlalchemy import delete

from bot.intake import LEAD_PLACES, LeadStatus, Letter, LetterState
from bot.paging import Place
from bot.store.conservation import conservation
from bot.store.database import Database
from bot.store.leads import Leads
from bot.store.listing import Listing
from bot.store.tables import letters
from tests.leads.dossiers import AT, LEAD

STATES: tuple[LetterState | None, ...] = (None, "pending", "claimed", "delivered", "attention", "quarantined")
GOES = "goes@example.com"  # of a letter whose lead is to have none
STATUSES: tuple[LeadStatus, ...] = ("received", "quarantined", "erased")


def test_every_lead_is_listed_at_the_place_where_the_law_counts_it(database: Database) -> None:
    for n, (status, one, two) in enumerate(product(STATUSES, STATES, STATES)):
        lead = replace(
            LEAD, id=f"L{n:03}", received_at=AT + timedelta(seconds=n), status=status, conversation_id=None, desk=f"d{n % 2}"
        )
        states = [state for state in (one, two) if state]
        made = [
            Letter(f"{n}-{k}", lead.id, "desk", "x@example.com", f"<{n}-{k}@x>", state, AT, None)
            for k, state in enumerate(states)
        ]
        made = made or [Letter(lead.id, lead.id, "desk", GOES, lead.id, "pending", AT, None)]
        Leads(database).keep(lead, made, sha256(lead.id.encode()).digest(), timedelta(0))
    with database.write() as connection:
        connection.execute(delete(letters).where(letters.c.recipient == GOES))
    listing, newest = Listing(database), Place(AT + timedelta(days=1), "")
    whole, following = listing.page(newest, 1000)
    assert following is None and [one.lead.id for one in whole] == sorted((one.lead.id for one in whole), reverse=True)
    places = asdict(conservation(database))
    for place in LEAD_PLACES:
        listed, _ = listing.page(newest, 1000, place)
        assert listed == [one for one in whole if one.place == place]
        if place != "missing":
            assert len(listed) == places[place] > 0, place
    assert len(whole) == places["received"] == len(STATUSES) * len(STATES) ** 2
    first, following = listing.page(newest, 10, desk="d1")
    assert following and {one.lead.desk for one in first} == {"d1"}
    assert listing.page(following, 1000, desk="d1")[0] == [one for one in whole if one.lead.desk == "d1"][10:]
    assert listing.place(whole[0].lead.id) == whole[0].place and listing.place("none") is None
    assert len(listing.of_person(LEAD.email.casefold(), 5)) == 5 and listing.of_person("", 5) == []
