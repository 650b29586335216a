"""What pages of other sites may ask of this one: the public endpoints and the widget's files, never with credentials."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
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
            app,
            allow_origins=list(origins),
            allow_methods=["GET", "POST"],
            allow_headers=list(HEADERS),
            expose_headers=list(ANSWERED),
            max_age=PREFLIGHT_SECONDS,
        )

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
