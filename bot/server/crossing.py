"""What pages of other sites may ask of this one: the public endpoints and the widget's files, never with credentials."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PUBLIC = ("/api/v1/ask", "/api/v1/leads", "/api/v1/leads/challenge", "/api/v1/leads/consent", "/api/v1/feedback", "/widget.js")
WIDGET = "/widget/"
HEADERS = ("Content-Type", "Idempotency-Key")
ANSWERED = ("Retry-After",)
PREFLIGHT_SECONDS = 7200  # no browser keeps it longer


class Crossing:
    """CORS for the public endpoints alone; any other path is left to its own origin."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        """`origins`: as browsers send them, or `*` for all."""
        self._app = app
        self._open = CORSMiddleware(
            self._told,
            allow_origins=list(origins),
            allow_methods=["GET", "POST"],
            allow_headers=list(HEADERS),
            expose_headers=list(ANSWERED),
            max_age=PREFLIGHT_SECONDS,
        )

    async def _told(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Also an unexpected error is told within reach of CORS, so that a widget knows it from a lost connection."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if not begun:
                handler = scope["app"].exception_handlers[Exception]
                await (await run_in_threadpool(handler, Request(scope), error))(scope, receive, send)
            raise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if path in PUBLIC or path.startswith(WIDGET):
            await self._open(scope, receive, _resource(send) if path.startswith("/widget") else send)
        else:
            await self._app(scope, receive, send)


def _resource(send: Send) -> Send:
    """Lets pages that isolate themselves (Cross-Origin-Embedder-Policy) load the widget's files."""

    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"cross-origin-resource-policy", b"cross-origin")]
        await send(message)

    return marked
