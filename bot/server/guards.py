"""Who may ask and how much at once: staff keys, a bound on concurrent work, headers that keep pages safe."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import Busy, CrossSite, NotAllowed
from bot.store.keys import Keys

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]


def staff(keys: Keys, scope: str) -> Callable[[Request], None]:
    """A dependency that lets through only a request with a key of that scope. Raises NotAllowed."""

    def check(request: Request) -> None:
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise NotAllowed("this address is for staff: send `Authorization: Bearer <key>`; `bot keys create` makes one")
        keys.check(secret.strip(), scope)

    return check


def same_origin(request: Request) -> None:
    """A dependency that refuses a form which a page of another site sends. Raises CrossSite.

    By Sec-Fetch-Site, which current browsers send; by Origin for older ones; what sends neither is no browser.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    own = urlsplit(origin).netloc == request.headers.get("host") if origin not in (None, "null") else origin is None
    if (site not in ("same-origin", "none")) if site else not own:
        raise CrossSite("this form is sent from its own page only: open it here and send it again")


class Gate:
    """Lets `width` callers work at a time and as many again wait; the rest is told to come back."""

    def __init__(self, width: int) -> None:
        self._places = threading.BoundedSemaphore(2 * width)
        self._working = threading.BoundedSemaphore(width)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Holds a place while working. Raises Busy if there is none."""
        if not self._places.acquire(blocking=False):
            raise Busy("too many questions at this moment; please try again in a few seconds or write to the desk")
        try:
            with self._working:
                yield
        finally:
            self._places.release()


class DeclaredSize:
    """Refuses a request whose declared length is over the limit, with the answer that `refuse` gives."""

    def __init__(self, app: ASGIApp, limit: int, refuse: Callable[[Request], Response]) -> None:
        self._app, self._limit, self._refuse = app, limit, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = dict(scope["headers"]).get(b"content-length", b"0") if scope["type"] == "http" else b"0"
        if length.isdigit() and int(length) > self._limit:
            await self._refuse(Request(scope))(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class SafeHeaders:
    """Adds the headers that keep a page to its own scripts, styles and frames."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
