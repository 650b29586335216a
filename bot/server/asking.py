"""The pages that ask and answer. An answer has a page of its own, so that going back or loading it again asks nothing anew."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from bot.dialogue import followup
from bot.dialogue.turns import LONGEST, turn
from bot.errors import BadQuestion
from bot.server.guards import Gate
from bot.server.heads import of_page
from bot.server.measures import Measures
from bot.server.pages import NO_STORE, Pages, preferred
from bot.server.problems import of_bot_error
from bot.server.shown import Shown, shown
from bot.vocabulary import Language
from bot.wiring import Bot


def router(bot: Bot, pages: Pages, gate: Gate, measures: Measures) -> APIRouter:
    """`/` and `/answers/{id}`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    def home(request: Request) -> Response:
        language = preferred(request)
        head = of_page(pages.site, "/", language, pages.wording(language).text("page", "description"))
        return pages.render("ask.html", language, question="", problem="", conversation_id="", head=head)

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
            return _refill(pages, language, text, conversation_id, error)
        with gate(), measures.asking():
            receipt, draft = bot.ask(asked)
        measures.answered(draft)
        return RedirectResponse(f"/answers/{receipt.answer_id}?lang={language}", 303, headers=NO_STORE)

    @routes.get("/answers/{answer_id}")
    def answer(request: Request, answer_id: str) -> Response:
        found = _shown(bot, pages, answer_id)
        route = pages.route_to(found.desk, found.subject, pages.wording(preferred(request)))
        return pages.render("answer.html", preferred(request), answer=found, route=route, form_query=found.form_query)

    return routes


def _shown(bot: Bot, pages: Pages, answer_id: str) -> Shown:
    """The answer of an id with what was asked before it. Raises NotFound."""
    receipt = bot.answers.get(answer_id)
    before = bot.answers.recent(receipt.conversation_id, followup.REMEMBERED + 1)
    return shown(receipt, pages.wording, before)


def _refill(pages: Pages, language: Language, text: str, conversation_id: str, error: BadQuestion) -> Response:
    """The form again with what was typed, and what is wrong with it."""
    page = pages.wording(language).words["page"]
    key = "error_empty" if not text.strip() else "error_too_long" if len(text) > LONGEST else "error_422"
    status = of_bot_error(error).status
    going_on = "" if error.field == "conversation_id" else conversation_id
    values = {"question": text, "problem": page.get(key, page["error_empty"]), "conversation_id": going_on}
    return pages.render("ask.html", language, status, **values)
