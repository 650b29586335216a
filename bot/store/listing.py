"""Leads as a list for staff: each with the place where it is, by place and desk, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, case, desc, func, or_, select, tuple_

from bot.intake import LEAD_PLACES, Lead, LeadPlace
from bot.paging import Place
from bot.store.database import Database
from bot.store.leads import lead_of
from bot.store.tables import Moment, Words, leads, letters

_L = leads.c


def _has(*states: str) -> Any:
    """Whether a lead has a letter in these states; written so that the index over leads is read, never the one over states."""
    found = func.max(case((letters.c.state.in_(states), 1), else_=0))
    return select(func.coalesce(found, 0)).where(letters.c.lead_id == _L.id).scalar_subquery() == 1


_GOING = and_(_L.status == "received", ~_has("quarantined"))
# the same law as in `conservation`, for one lead; a test holds the two equal
_whereabouts = case(
    (_L.status == "erased", "erased"),
    (and_(_L.status == "quarantined", _has("quarantined"), ~_has("pending", "claimed", "attention", "delivered")), "quarantined"),
    (and_(_GOING, _has("attention")), "attention"),
    (and_(_GOING, _has("pending", "claimed")), "pending"),
    (and_(_GOING, _has("delivered")), "delivered"),
    else_="missing",
)
_ALL = select(leads, _whereabouts.label("place"))
_WITH = select(letters.c.lead_id)
_NARROWED: dict[str, Any] = {  # what an index finds of a place, so that few are not looked for among all
    "attention": _L.id.in_(_WITH.where(letters.c.state == "attention")),
    "pending": _L.id.in_(_WITH.where(letters.c.state.in_(("pending", "claimed")))),
    "quarantined": _L.status == "quarantined",
    "erased": _L.status == "erased",
}


def _page(place: LeadPlace | None) -> Any:
    of_place = [] if place is None else [_whereabouts == place, *([_NARROWED[place]] if place in _NARROWED else [])]
    behind = tuple_(_L.received_at, _L.id) < tuple_(bindparam("at", type_=Moment), bindparam("behind", type_=Words))
    of_desk = or_(bindparam("desk", type_=Words) == "", _L.desk == bindparam("desk", type_=Words))
    return _ALL.where(behind, of_desk, *of_place).order_by(desc(_L.received_at), desc(_L.id)).limit(bindparam("limit"))


_PAGES = {place: _page(place) for place in (None, *LEAD_PLACES)}
_OF_PERSON = (
    _ALL.where(_L.email_key == bindparam("key", type_=Words))
    .order_by(desc(_L.received_at), desc(_L.id))
    .limit(bindparam("limit"))
)
_ONE = select(_whereabouts).where(_L.id == bindparam("id", type_=Words))


@dataclass(frozen=True, slots=True)
class Listed:
    """A lead, and where it is."""

    lead: Lead
    place: LeadPlace


class Listing:
    """The leads of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, after: Place, limit: int, place: LeadPlace | None = None, desk: str = "") -> tuple[list[Listed], Place | None]:
        """At most `limit` leads behind `after`, newest first, of a place and a desk if given; and where to go on."""
        values = {"at": after.at, "behind": after.id, "limit": limit + 1, "desk": desk}
        found = self._listed(_PAGES[place], values)
        page = found[:limit]
        return page, Place(page[-1].lead.received_at, page[-1].lead.id) if len(found) > limit else None

    def of_person(self, key: str, limit: int) -> list[Listed]:
        """At most `limit` leads of an address as it is compared (`leads.fields.email_key`), newest first."""
        return self._listed(_OF_PERSON, {"key": key, "limit": limit}) if key else []

    def place(self, lead_id: str) -> LeadPlace | None:
        """Where a lead is; None where there is none of that id."""
        with self._database.read() as connection:
            found: LeadPlace | None = connection.execute(_ONE, {"id": lead_id}).scalar()
        return found

    def _listed(self, statement: Any, values: dict[str, Any]) -> list[Listed]:
        with self._database.read() as connection:
            return [Listed(lead_of(row), row.place) for row in connection.execute(statement, values)]
