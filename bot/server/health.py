"""Is it alive, can it answer, how is it doing, what is it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from bot import __version__
from bot.server.measures import Measures
from bot.wiring import Bot


def router(bot: Bot, measures: Measures) -> APIRouter:
    """The open endpoints for operators."""
    routes = APIRouter(tags=["health"])

    @routes.get("/livez")
    def alive() -> dict[str, str]:
        """The process runs."""
        return {"status": "ok"}

    @routes.get("/readyz", response_model=None)
    def ready() -> Response:
        """A snapshot answers; else 503 with what to do. `degraded`, but 200, where letters wait too long or need a person."""
        snapshot = bot.live().snapshot
        concerns = [concern.name for concern in bot.delivery.concerns()]
        status = "degraded" if concerns else "ok"
        row = {"status": status, "snapshot": snapshot.id, "passages": len(snapshot.passages), "delivery": concerns}
        return JSONResponse(row)

    @routes.get("/metrics", response_model=None)
    def metrics() -> Response:
        """Measures in the Prometheus format."""
        return Response(measures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @routes.get("/version")
    def version() -> dict[str, str]:
        """The version of the product."""
        return {"name": "inquiry-desk", "version": __version__}

    return routes
