"""The law of conservation: every lead that was received is delivered, pending, in attention, quarantined or erased."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, func, select

from bot.intake import Conservation
from bot.store.database import Database
from bot.store.tables import leads, letters


def conservation(database: Database) -> Conservation:
    """Where every lead is, in one look at the database."""
    with database.read() as connection:
        row = connection.execute(_PLACES).one()
    return Conservation(*(int(number or 0) for number in row))


def _places() -> Any:
    def has(*states: str) -> Any:
        return func.max(case((letters.c.state.in_(states), 1), else_=0))

    each = (
        select(
            leads.c.status.label("status"),
            has("attention").label("attention"),
            has("pending", "claimed").label("waiting"),
            has("quarantined").label("held"),
            has("delivered").label("sent"),
        )
        .join(letters, letters.c.lead_id == leads.c.id, isouter=True)
        .group_by(leads.c.id, leads.c.status)
        .subquery()
    )
    one = each.c
    going = and_(one.status == "received", one.held == 0)
    places = (
        and_(going, one.attention == 0, one.waiting == 0, one.sent == 1),
        and_(going, one.attention == 0, one.waiting == 1),
        and_(going, one.attention == 1),
        and_(one.status == "quarantined", one.held == 1, one.waiting == 0, one.attention == 0, one.sent == 0),
        one.status == "erased",
    )
    return select(func.count(), *(func.sum(case((place, 1), else_=0)) for place in places)).select_from(each)


_PLACES = _places()
