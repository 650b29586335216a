"""Pages of other sites that embed the widget, friendly and hostile, served from an origin of their own."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

STRICT = (
    "default-src 'none'; script-src {desk}; connect-src {desk}; style-src 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
TEXT = "<h1>Shipping news</h1><p>The port is open on Sundays, and the ferry leaves at nine.</p>" * 12


@dataclass
class Host:
    """A site whose pages a test writes: by path, the markup and its policy."""

    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    origin: str = ""

    def put(self, name: str, markup: str, policy: str = "") -> str:
        """Puts a page there; gives its address."""
        self.pages[f"/{name}"] = (markup, policy)
        return f"{self.origin}/{name}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as an ASGI application."""
        path = Request(scope).url.path
        markup, policy = self.pages.get(path, ("", ""))
        headers = {"Content-Security-Policy": policy} if policy else {}
        status = 200 if markup else 404
        kind = "text/javascript" if path.endswith(".js") else "text/html"
        await Response(markup, status, media_type=f"{kind}; charset=utf-8", headers=headers)(scope, receive, send)


def plain(desk: str, options: str = "", head: str = "", body: str = TEXT, lang: str = "en") -> str:
    """A page that embeds the widget by its one line."""
    script = f'<script type="module" src="{desk}/widget.js" {options}></script>'
    head = f"<head><title>News</title>{head}{script}</head>"
    return f'<!doctype html><html lang="{lang}">{head}<body><main>{body}</main></body></html>'
