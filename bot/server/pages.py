"""What every page is made of: its template, its language, the words, and the desk to write to."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote as percent

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response

from bot import shipped
from bot.desks import Route
from bot.dialogue.body import mail_address
from bot.dialogue.routing import default_route
from bot.dialogue.timetable import timetable
from bot.dialogue.turns import LONGEST
from bot.dialogue.wording import Wording
from bot.server import assets
from bot.server.heads import HIDDEN, Head
from bot.server.problems import Failure
from bot.vocabulary import LANGUAGES, Language
from bot.wiring import Bot

NO_STORE = {"Cache-Control": "no-store"}
ASK_AGAIN = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language"}  # nothing of a visitor's is on it
NO_ROBOTS = {"X-Robots-Tag": "noindex"}


class Pages:
    """Renders templates with what every page needs: words, language, the desk. `site` is the site's own address, or ""."""

    def __init__(self, bot: Bot) -> None:
        self._bot, self.site = bot, bot.settings.site_url.rstrip("/")
        folder = shipped.folder("web")
        self._templates = Environment(
            loader=FileSystemLoader(folder / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["asset"] = partial(assets.address, folder=folder)

    def render(self, name: str, language: Language, status: int = 200, /, **values: Any) -> HTMLResponse:
        """A page in a language. Among the values, `route` names the desk (else the default one is shown), `head` what the page
        says of itself (else it is not indexed), `query` what its address holds beside the language."""
        wording = self.wording(language)
        route: Route = values.pop("route", None) or self.default_route(wording)
        head: Head = values.pop("head", HIDDEN)
        context = {
            "words": wording.words,
            "language": language,
            "languages": LANGUAGES,
            "desk": route.desk,
            "times": timetable(route.desk, self._bot.now(), None, wording),
            "mailto": mail_address(route),
            "longest": LONGEST,
            "form_query": "",
            "query": "",
            "head": head,
            "site": self.site,
            "today": self._bot.today(),
            **values,
        }
        kept = ASK_AGAIN if head.indexed else NO_STORE | NO_ROBOTS
        return HTMLResponse(self._templates.get_template(name).render(context), status, headers=kept)

    def failed(self, request: Request, failure: Failure) -> Response:
        """The page of an error; the desk is on it."""
        wording = self.wording(preferred(request))
        page = wording.words["page"]
        message = page.get(f"error_{failure.status}", page["error_500"])
        response = self.render(
            "problem.html",
            wording.language,
            failure.status,
            title=page["error_title"],
            message=message,
            status=failure.status,
        )
        response.headers.update(failure.headers)
        return response

    def whom(self, request: Request) -> Route:
        """The desk that can help where there is no inquiry, in the language of whoever asks."""
        return self.default_route(self.wording(preferred(request)))

    def wording(self, language: Language) -> Wording:
        """The live snapshot's words, or the shipped ones while there is none."""
        return self._bot.directory().wording[language]

    def default_route(self, wording: Wording) -> Route:
        """The desk that can help where there is no inquiry."""
        return default_route(self._bot.directory().contacts, wording, self._bot.now())

    def route_to(self, desk: str, subject: str, wording: Wording) -> Route:
        """The desk of that id, if there still is one, with a subject for the mail; else the default."""
        found = self._bot.directory().contacts.desk(desk)
        return replace(self.default_route(wording), desk=found, subject=subject) if found else self.default_route(wording)


def preferred(request: Request) -> Language:
    """The page language: `?lang=`, else the browser's first that is spoken here."""
    wished = [request.query_params.get("lang", ""), *request.headers.get("accept-language", "").split(",")]
    codes = (wish.split(";")[0].strip()[:2].lower() for wish in wished)
    return next((language for code in codes for language in LANGUAGES if language == code), "en")


def beside(request: Request, *names: str) -> str:
    """The parameters of an address that stay when the language is changed, as `&name=value`."""
    given = ((name, request.query_params.get(name, "")) for name in names)
    return "".join(f"&{name}={percent(value, safe='')}" for name, value in given if value)
