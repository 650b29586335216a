"""create_app(bot): every room of the server put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import anyio
from fastapi import APIRouter, FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.gzip import GZipMiddleware

from bot import __version__
from bot.delivering import show
from bot.server import (
    ask,
    asking,
    assets,
    contact,
    feedback,
    health,
    leads,
    library,
    outbox,
    pages,
    privacy,
    problems,
    site_map,
    staff,
    widget,
)
from bot.server.console import routes as console
from bot.server.crossing import Crossing
from bot.server.daily import Daily
from bot.server.guards import DeclaredSize, Gate, SafeHeaders
from bot.server.measures import Measures
from bot.wiring import Bot

COMPRESSED_FROM = 1000  # bytes
STOP_SECONDS = 8.0  # for the letter in hand; a longer one is taken over by whoever starts next


def create_app(bot: Bot) -> FastAPI:
    """The ASGI application over a bot, which it closes when it stops."""
    settings = bot.settings
    measures, gate = Measures(), Gate(settings.concurrency)
    measures.outbox(bot.delivery, bot.now)
    measures.feedback(bot.feedback)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # callers wait in threads: as many as may work or wait, and some for the pages that need no turn
        anyio.to_thread.current_default_thread_limiter().total_tokens = 2 * settings.concurrency + 8
        worker = bot.delivery.worker(measures.attempted, show) if settings.deliver == "serve" else None
        if worker:
            worker.start()
        daily = Daily(bot.receive.sweep)
        yield
        daily.close()
        if worker:
            await anyio.to_thread.run_sync(worker.stop, STOP_SECONDS)
        bot.close()

    app = FastAPI(
        title="Inquiry Desk",
        version=__version__,
        description="Answers inquiries with verbatim, cited quotes and brings each to the right desk.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    site = pages.Pages(bot)
    problems.install(app, site.whom, site.failed)
    too_large = problems.Failure(413, "The request is too large.")
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=settings.max_body_bytes)
    app.add_middleware(
        DeclaredSize,
        limit=settings.max_body_bytes,
        refuse=lambda request: problems.problem(too_large, site.whom(request)),
    )
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM, compresslevel=6)  # leaves event streams as they are
    app.add_middleware(SafeHeaders)
    app.add_middleware(Crossing, origins=settings.origins)
    for room in _rooms(bot, site, gate, measures):
        app.include_router(room)
    return app


def _rooms(bot: Bot, site: pages.Pages, gate: Gate, measures: Measures) -> Iterator[APIRouter]:
    """Every address; the assets last, as theirs takes whatever is left."""
    yield ask.router(bot, gate, measures)
    yield leads.router(bot, site)
    yield feedback.router(bot)
    yield staff.router(bot, gate)
    yield outbox.router(bot)
    yield health.router(bot, measures)
    yield widget.router(bot, site)
    yield contact.router(bot, site)
    yield console.router(bot)
    yield asking.router(bot, site, gate, measures)
    yield library.router(bot, site, gate)
    yield privacy.router(bot, site)
    yield site_map.router(bot)
    yield assets.router()
