"""The console's addresses: signing in and out, and its pages."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot.errors import NotAllowed, NotFound, TooMany
from bot.server.console import gaps, leads, outbox, overview, receipts
from bot.server.console.frame import HEADERS, SIGN_IN, Console, form, own_page, told_by
from bot.server.guards import same_origin
from bot.wiring import Bot

log = structlog.get_logger()


def router(bot: Bot) -> APIRouter:
    """All of them."""
    console = Console(bot)
    routes = APIRouter(prefix="/console", include_in_schema=False, route_class=told_by(console))
    _sessions(routes, console)
    overview.install(routes, console)
    leads.install(routes, console)
    outbox.install(routes, console)
    receipts.install(routes, console)
    gaps.install(routes, console)

    @routes.get("/{anything:path}")
    def nothing(anything: str) -> Response:  # noqa: ARG001 - of the address
        raise NotFound("There is no such page in the console.")

    return routes


def _sessions(routes: APIRouter, console: Console) -> None:
    @routes.get("/sign-in")
    def asked(request: Request) -> Response:
        wanted = own_page(request.query_params.get("next", ""))
        if console.sessions.key(request):
            return RedirectResponse(wanted, 303, headers=HEADERS)
        return console.page(request, "sign_in.html", None, next=wanted, problem="")

    @routes.post("/sign-in", dependencies=[Depends(same_origin)])
    def sign_in(request: Request, sent: FormData = Depends(form)) -> Response:
        typed, wanted = (value if isinstance(value := sent.get(name), str) else "" for name in ("key", "next"))
        answer = RedirectResponse(own_page(wanted), 303, headers=HEADERS)
        try:
            key = console.sessions.sign_in(request, typed, answer)
        except (NotAllowed, TooMany) as error:
            status = 429 if isinstance(error, TooMany) else 403
            problem = f"{str(error)[:1].upper()}{str(error)[1:]}."
            return console.page(request, "sign_in.html", None, status, next=own_page(wanted), problem=problem)
        log.info("signed in at the console", key=key.id)
        return answer

    @routes.post("/sign-out", dependencies=[Depends(same_origin)])
    def sign_out() -> Response:
        answer = RedirectResponse(SIGN_IN, 303, headers=HEADERS)
        console.sessions.sign_out(answer)
        return answer
