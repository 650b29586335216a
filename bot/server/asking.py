"""The pages that ask and answer. An answer has a page of its own, so that going back or loading it again asks nothing anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from bot.dialogue import followup
from bot.dialogue.opinions import LONGEST_COMMENT, opinion
from bot.dialogue.turns import LONGEST, turn
from bot.errors import BadQuestion
from bot.server.guards import Gate, same_origin
from bot.server.heads import of_page
from bot.server.measures import Measures
from bot.server.pages import NO_STORE, Pages, preferred
from bot.server.problems import of_bot_error
from bot.server.shown import shown
from bot.vocabulary import Language
from bot.wiring import Bot


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form for an opinion on an answer: whether one is `kept` already, and `commented`, or `wrong`."""

    helpful: str = ""
    comment: str = ""
    kept: bool = False
    commented: bool = False
    wrong: bool = False


def router(bot: Bot, pages: Pages, gate: Gate, measures: Measures) -> APIRouter:
    """`/`, `/answers/{id}`, and what the form below an answer sends to."""
    routes = APIRouter(include_in_schema=False)
    _asking(routes, bot, pages, gate, measures)
    _opinions(routes, bot, pages)
    return routes


def _asking(routes: APIRouter, bot: Bot, pages: Pages, gate: Gate, measures: Measures) -> None:
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
        given = bot.feedback.of(answer_id)
        typed = Typed()
        if given:
            typed = Typed("yes" if given.helpful else "no", kept=True, commented=bool(given.comment))
        return _answer(bot, pages, preferred(request), answer_id, typed)


def _opinions(routes: APIRouter, bot: Bot, pages: Pages) -> None:
    @routes.post("/feedback", dependencies=[Depends(same_origin)])
    def feedback(
        request: Request,
        answer_id: Annotated[str, Form()] = "",
        helpful: Annotated[str, Form()] = "",
        comment: Annotated[str, Form()] = "",
    ) -> Response:
        language = preferred(request)
        try:
            if helpful not in ("yes", "no"):
                raise BadQuestion("helpful", "takes yes or no")
            bot.feedback.keep(opinion(answer_id, helpful == "yes", comment, bot.now()))
        except BadQuestion as error:
            typed = Typed(helpful if helpful in ("yes", "no") else "", comment, wrong=True)
            return _answer(bot, pages, language, answer_id, typed, of_bot_error(error).status)
        return RedirectResponse(f"/answers/{answer_id}?lang={language}#helpful", 303, headers=NO_STORE)


def _answer(bot: Bot, pages: Pages, language: Language, answer_id: str, typed: Typed, status: int = 200) -> Response:
    """The page of an answer. Raises NotFound."""
    receipt = bot.answers.get(answer_id)
    before = bot.answers.recent(receipt.conversation_id, followup.REMEMBERED + 1)
    found = shown(receipt, pages.wording, before)
    route = pages.route_to(found.desk, found.subject, pages.wording(language))
    values = {"answer": found, "typed": typed, "longest_comment": LONGEST_COMMENT, "form_query": found.form_query}
    return pages.render("answer.html", language, status, route=route, **values)


def _refill(pages: Pages, language: Language, text: str, conversation_id: str, error: BadQuestion) -> Response:
    """The form again with what was typed, and what is wrong with it."""
    page = pages.wording(language).words["page"]
    key = "error_empty" if not text.strip() else "error_too_long" if len(text) > LONGEST else "error_422"
    status = of_bot_error(error).status
    going_on = "" if error.field == "conversation_id" else conversation_id
    values = {"question": text, "problem": page.get(key, page["error_empty"]), "conversation_id": going_on}
    return pages.render("ask.html", language, status, **values)
