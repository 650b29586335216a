"""GET /api/v1/outbox: how letters stand, for staff. Nobody's address and no word of a lead is in it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from bot.server.guards import staff
from bot.server.schemas import ProblemBody
from bot.vocabulary import Json
from bot.wiring import Bot


def router(bot: Bot) -> APIRouter:
    """The endpoint."""
    routes = APIRouter(prefix="/api/v1", tags=["staff"], responses={status: {"model": ProblemBody} for status in (401, 422, 503)})

    @routes.get("/outbox", dependencies=[Depends(staff(bot.keys, "leads"))])
    def outbox(limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Json:
        """Letters by sort and state, what is to be looked at, and the letters that have not arrived, oldest first."""
        return bot.delivery.wire(limit)

    return routes
