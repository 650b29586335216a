"""Pages for people, without JavaScript: ask and read, a document with the quote marked, the library, who to write to."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote as percent

from fastapi import APIRouter, Form, Query, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import FileResponse, HTMLResponse, Response

from bot import shipped
from bot.desks import Route
from bot.dialogue.body import mail_address, reading_address
from bot.dialogue.routing import default_route
from bot.dialogue.timetable import timetable
from bot.dialogue.turns import LONGEST, turn
from bot.dialogue.wording import Wording
from bot.errors import BadQuestion, NotFound
from bot.server.guards import Gate
from bot.server.measures import Measures
from bot.server.problems import Failure, of_bot_error
from bot.server.reading import blocks
from bot.vocabulary import LANGUAGES, Answer, Language
from bot.wiring import Bot, answer_of

ASSETS = {
    "site.css": "text/css; charset=utf-8",
    "console.css": "text/css; charset=utf-8",
    "favicon.svg": "image/svg+xml",
    "desk-hours.js": "text/javascript; charset=utf-8",
    "lead-form.js": "text/javascript; charset=utf-8",
}
NO_STORE = {"Cache-Control": "no-store"}


class Pages:
    """Renders templates with what every page needs: words, language, the desk."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._templates = Environment(
            loader=FileSystemLoader(shipped.folder("web") / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, name: str, language: Language, status: int = 200, /, **values: Any) -> HTMLResponse:
        """A page in a language. `route` among the values names the desk; else the default desk is shown."""
        wording = self.wording(language)
        route: Route = values.pop("route", None) or self.default_route(wording)
        context = {
            "words": wording.words,
            "language": language,
            "languages": LANGUAGES,
            "desk": route.desk,
            "times": timetable(route.desk, self._bot.now(), None, wording),
            "mailto": mail_address(route),
            "longest": LONGEST,
            "form_query": "",
            **values,
        }
        return HTMLResponse(self._templates.get_template(name).render(context), status, headers=NO_STORE)

    def failed(self, request: Request, failure: Failure) -> Response:
        """The page of an error; the desk is on it."""
        wording = self.wording(preferred(request))
        page = wording.words["page"]
        message = page.get(f"error_{failure.status}", page["error_500"])
        return self.render(
            "problem.html",
            wording.language,
            failure.status,
            title=page["error_title"],
            message=message,
            status=failure.status,
        )

    def whom(self, request: Request) -> Route:
        """The desk that can help where there is no inquiry, in the language of whoever asks."""
        return self.default_route(self.wording(preferred(request)))

    def wording(self, language: Language) -> Wording:
        """The live snapshot's words, or the shipped ones while there is none."""
        return self._bot.directory().wording[language]

    def default_route(self, wording: Wording) -> Route:
        """The desk that can help where there is no inquiry."""
        return default_route(self._bot.directory().contacts, wording, self._bot.now())


def preferred(request: Request) -> Language:
    """The page language: `?lang=`, else the browser's first that is spoken here."""
    wished = [request.query_params.get("lang", ""), *request.headers.get("accept-language", "").split(",")]
    codes = (wish.split(";")[0].strip()[:2].lower() for wish in wished)
    return next((language for code in codes for language in LANGUAGES if language == code), "en")


def router(bot: Bot, pages: Pages, gate: Gate, measures: Measures) -> APIRouter:
    """All pages and the files they use."""
    routes = APIRouter(include_in_schema=False)
    _asking(routes, bot, pages, gate, measures)
    _reading(routes, bot, pages)

    @routes.get("/{asset}")
    def asset(asset: str) -> Response:
        if asset not in ASSETS:
            raise NotFound("there is nothing at this address")
        return FileResponse(shipped.folder("web") / asset, media_type=ASSETS[asset], headers={"Cache-Control": "max-age=3600"})

    return routes


def _asking(routes: APIRouter, bot: Bot, pages: Pages, gate: Gate, measures: Measures) -> None:
    @routes.get("/")
    def home(request: Request) -> Response:
        return pages.render("ask.html", preferred(request), question="", answer=None, cards=[], problem="", conversation_id="")

    @routes.post("/")
    def ask(
        request: Request,
        question: Annotated[str, Form()] = "",
        example: Annotated[str, Form()] = "",
        conversation_id: Annotated[str, Form()] = "",
    ) -> Response:
        text, language = example or question, preferred(request)
        try:
            asked = turn(text, conversation_id or None)
        except BadQuestion as error:
            return _refill(pages, language, text, error)
        with gate(), measures.asking():
            receipt, draft = bot.ask(asked)
        measures.answered(draft)
        answer = answer_of(draft)
        cards = [(citation, reading_address(citation)) for citation in answer.citations]
        values = {
            "question": receipt.turn.text,
            "answer": answer,
            "cards": cards,
            "problem": "",
            "route": answer.route,
            "conversation_id": receipt.conversation_id,
            "form_query": _form_query(receipt.conversation_id, answer),
        }
        return pages.render("ask.html", language, **values)


def _reading(routes: APIRouter, bot: Bot, pages: Pages) -> None:
    @routes.get("/library")
    def library(request: Request) -> Response:
        documents = sorted(bot.live().snapshot.documents.values(), key=lambda found: (found.kind, found.title))
        return pages.render("library.html", preferred(request), documents=documents)

    @routes.get("/library/{document_id:path}")
    def document(
        request: Request, document_id: str, start: Annotated[int, Query(ge=0)] = 0, end: Annotated[int, Query(ge=0)] = 0
    ) -> Response:
        found = bot.live().snapshot.documents.get(document_id)
        if found is None:
            raise NotFound("there is no such document in the library")
        newer = next((other for other in bot.live().snapshot.documents.values() if other.supersedes == found.id), None)
        expired = bool(found.valid_until and found.valid_until < bot.today())
        values = {"document": found, "blocks": blocks(found, start, end), "newer": newer, "expired": expired}
        return pages.render("document.html", preferred(request), **values)


def _form_query(conversation_id: str, answer: Answer) -> str:
    """What the lead form is opened with after an answer."""
    inquiry = answer.inquiry
    asked = {"conversation": conversation_id, "topic": inquiry.topic or "", "urgent": "1" if inquiry.kind == "urgent" else ""}
    return "".join(f"&{name}={percent(value)}" for name, value in asked.items() if value)


def _refill(pages: Pages, language: Language, text: str, error: BadQuestion) -> Response:
    """The form again with what was typed, and what is wrong with it."""
    page = pages.wording(language).words["page"]
    key = "error_empty" if not text.strip() else "error_too_long" if len(text) > LONGEST else "error_422"
    status = of_bot_error(error).status
    values = {"question": text, "answer": None, "cards": [], "problem": page.get(key, page["error_empty"]), "conversation_id": ""}
    return pages.render("ask.html", language, status, **values)
