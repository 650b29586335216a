"""What every page of the console shares: who is signed in, what an operator must look at, and how errors are told."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote as percent

import anyio.to_thread
from fastapi import Request
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot import shipped
from bot.delivering import NO_MAIL
from bot.errors import BadQuestion, BotError, CrossSite, NotAllowed, SignedOut
from bot.leads import countries, meaning
from bot.server import assets
from bot.server.console.sessions import COOKIE, Sessions
from bot.server.guards import same_origin
from bot.server.problems import of_bot_error
from bot.store.secrets import shared
from bot.vocabulary import LANGUAGES, Key
from bot.wiring import Bot

HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
SIGN_IN = "/console/sign-in"
OWN_PAGE = re.compile(r"/console(?:/[\w./#%-]*)?(?:\?[\w=&.%-]*)?", re.ASCII)
SCOPES = {"leads": "leads and their letters", "answers": "receipts and gaps"}
DONE = {
    "released": "Released: its letters go out now.",
    "not-held": "It was not in quarantine (any more): nothing was changed.",
    "again": "Queued anew: the letters are tried at once.",
    "nothing": "No letter needed attention (any more): nothing was changed.",
    "settled": "Settled: the letter counts as delivered by hand.",
    "enabled": "The webhook is called again.",
    "not-disabled": "The webhook was not disabled: nothing was changed.",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What an operator must look at, and the page that has more; no page where this is a matter of settings."""

    said: str
    address: str = ""


def own_page(address: str) -> str:
    """An address within the console as it is; for any other the first page, so that nobody is led elsewhere."""
    return address if OWN_PAGE.fullmatch(address) and "//" not in address and ".." not in address else "/console"


async def form(request: Request) -> FormData:
    """What a form sent."""
    return await request.form(max_files=0, max_fields=10)


class Console:
    """Renders the console's pages, and says whose they are."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.sessions = Sessions(bot.keys, shared(bot.store, "console"), bot.now)
        self._templates = Environment(
            loader=FileSystemLoader(shipped.folder("web") / "templates" / "console"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {
            "moment": moment,
            "country": lambda code: countries.name(code, "en") if code else "",
            "suspicion": meaning.suspicion,
            "error": meaning.error,
            "tongue": lambda code: code if code in LANGUAGES else "",
            "asset": lambda name: assets.address(name, shipped.folder("web")),
            "percent": lambda text: percent(text, safe=""),
        }

    def visit(self, scope: str | None = None) -> Callable[[Request], Key]:
        """A dependency: the key that is signed in, with that scope. Raises SignedOut, NotAllowed."""

        def check(request: Request) -> Key:
            key = self.sessions.key(request)
            if key is None:
                raise SignedOut("sign in with a staff key")
            if scope and scope not in key.scopes:
                raise NotAllowed(f"this page shows {SCOPES[scope]}: a key needs the scope {scope!r} for it")
            return key

        return check

    def deed(self, scope: str) -> Callable[[Request], Key]:
        """As `visit`, for what a button does: it must be one of this site's pages. Raises CrossSite too."""

        visit = self.visit(scope)

        def check(request: Request) -> Key:
            same_origin(request)
            return visit(request)

        return check

    def page(self, request: Request, name: str, key: Key | None, status: int = 200, /, **values: Any) -> Response:
        """A page. `here` among the values is its entry in the menu."""
        notices = self._notices() if key else ()
        context = {
            "here": "",
            "key": key,
            "done": DONE.get(request.query_params.get("done", ""), ""),
            "firm": self.bot.directory().wording["en"].text("page", "firm"),
            "now": self.bot.now(),
            **values,
            "notices": (*values.get("notices", ()), *notices),
        }
        return HTMLResponse(self._templates.get_template(name).render(context), status, headers=HEADERS)

    def failed(self, request: Request, error: BotError) -> Response:
        """The page of an error; whoever is not signed in is asked to, and comes back to where they wanted to go."""
        if isinstance(error, SignedOut):
            return self._signed_out(request)
        failure = of_bot_error(error)
        status = 403 if isinstance(error, NotAllowed) else failure.status
        said = str(error) if isinstance(error, BadQuestion | NotAllowed | CrossSite) else failure.detail
        page = self.page(request, "problem.html", self._key(request), status, said=said, status=status)
        page.headers.update({name: value for name, value in failure.headers.items() if name != "WWW-Authenticate"})
        return page

    def _key(self, request: Request) -> Key | None:
        try:
            return self.sessions.key(request)
        except BotError:  # the store cannot be read, which is what the page is to tell
            return None

    def _signed_out(self, request: Request) -> Response:
        """To the sign-in. A browser that comes from another site keeps the cookie back: a page of ours leads on, and it comes."""
        address = own_page(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
        foreign = request.headers.get("sec-fetch-site") == "cross-site" and COOKIE not in request.cookies
        if foreign and request.method == "GET":
            return self.page(request, "onward.html", None, address=address)
        wanted = "" if request.method != "GET" or address == "/console" else f"?next={percent(address, safe='')}"
        return RedirectResponse(f"{SIGN_IN}{wanted}", 303, headers=HEADERS)

    def _notices(self) -> tuple[Notice, ...]:
        try:
            ways, concerns = self.bot.delivery.ways(), self.bot.delivery.concerns()
        except BotError as error:
            return (Notice(f"how letters stand cannot be read: {error}"),)
        found = [Notice(concern.said, "/console/outbox") for concern in concerns]
        if ways["mail"] == "unset":
            found.append(Notice(NO_MAIL))
        if ways["mail"] == "console":
            found.append(Notice("letters are only shown on the server's standard output and taken for sent (BOT_MAILER=console)"))
        if ways["webhook"] == "disabled":
            found.append(Notice("the webhook asked never to be called again (410), and is not", "/console/outbox"))
        return tuple(found)


def moment(when: datetime) -> str:
    """A time in UTC, to the minute."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def back(address: str, done: str, **query: str) -> Response:
    """To a page that says what was done."""
    asked = "".join(f"&{name}={percent(value, safe='')}" for name, value in query.items())
    return RedirectResponse(f"{address}?done={done}{asked}", 303, headers=HEADERS)


Handle = Callable[[Request], Coroutine[Any, Any, Response]]


def told_by(console: Console) -> type[APIRoute]:
    """A route whose errors are told on pages of the console."""

    class Told(APIRoute):
        def get_route_handler(self) -> Handle:
            handle = super().get_route_handler()

            async def told(request: Request) -> Response:
                try:
                    return await handle(request)
                except BotError as error:
                    return await anyio.to_thread.run_sync(console.failed, request, error)

            return told

    return Told


def query(request: Request, **known: Mapping[str, str]) -> dict[str, str]:
    """What an address asks for, of what is known: by name the values that may be chosen, and how they are called."""
    return {name: value if (value := request.query_params.get(name, "")) in values else "" for name, values in known.items()}
