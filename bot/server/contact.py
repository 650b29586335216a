"""The form that visitors leave an inquiry by: works without JavaScript, keeps what was typed, ends with a reference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.errors import BadLead, BotError
from bot.leads.countries import names
from bot.leads.fields import LONGEST, submission
from bot.paging import IDENTITY
from bot.receiving import Came
from bot.server.guards import same_origin
from bot.server.heads import HIDDEN, Head, of_page
from bot.server.leads import unkept, words_of
from bot.server.pages import NO_STORE, Pages, beside, preferred
from bot.server.problems import of_bot_error
from bot.vocabulary import TOPICS, Language
from bot.wiring import Bot

REFERENCE = re.compile(r"[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){2}")
TEXTS = (*LONGEST, "topic", "listed_party")
FLAGS = ("urgent", "transcript")
PREFILLED = ("topic", "urgent", "conversation")
UNSEEN = ("conversation_id", "consent_version", "token", "proof", "website")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: every field as it was typed, and what is wrong with it."""

    texts: Mapping[str, str]
    flags: frozenset[str]
    wrong: Mapping[str, str]
    failed: str = ""


async def _form(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=60)


def router(bot: Bot, pages: Pages) -> APIRouter:
    """The form, what it sends to, and the page after it."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/contact")
    def contact(request: Request) -> Response:
        language = preferred(request)
        head = of_page(pages.site, "/contact", language, pages.wording(language).text("site", "description_contact"))
        return _page(bot, pages, language, _prefilled(bot, request), head=head, query=beside(request, *PREFILLED))

    @routes.post("/contact", dependencies=[Depends(same_origin)])
    def send(request: Request, form: FormData = Depends(_form)) -> Response:
        language, given = preferred(request), _given(form)
        flags = frozenset(name for name in (*FLAGS, "consent") if given[name])
        try:
            sent = submission(_raw(given, flags, language), asked=True)
            kept = bot.receive(sent, _came(given, request, language))
        except BadLead as error:
            wrong = dict(words_of(error, pages.wording(language)))
            return _page(bot, pages, language, Typed(given, flags, wrong), 422)
        except BotError as error:
            wording = pages.wording(language)
            failure = unkept(of_bot_error(error), wording, pages.default_route(wording))
            page = _page(bot, pages, language, Typed(given, flags, {}, failure.detail), failure.status)
            page.headers.update(failure.headers)
            return page
        return RedirectResponse(f"/contact/received?reference={kept.lead_id}&lang={language}", 303)

    @routes.get("/contact/received")
    def received(request: Request, reference: str = "") -> Response:
        known = REFERENCE.fullmatch(reference)
        return pages.render("received.html", preferred(request), reference=known[0] if known else "")

    return routes


def _page(
    bot: Bot, pages: Pages, language: Language, typed: Typed, status: int = 200, head: Head = HIDDEN, query: str = ""
) -> HTMLResponse:
    topics = pages.wording(language).words["topic"]
    values: dict[str, Any] = {
        "typed": typed.texts,
        "flags": typed.flags,
        "wrong": typed.wrong,
        "failed": typed.failed,
        "countries": names(language),
        "topics": [(topic, topics[topic]) for topic in TOPICS],
        "limits": LONGEST,
        "token": bot.receive.token(typed.texts["token"]),
        "consent": bot.receive.consent(language),
    }
    response = pages.render("contact.html", language, status, head=head, query=query, **values)
    response.headers.update(NO_STORE)
    return response


def _prefilled(bot: Bot, request: Request) -> Typed:
    """The form as a link opens it: with `?topic=`, `?urgent=1`, and `?conversation=` where that was begun here."""
    asked = request.query_params
    texts = dict.fromkeys((*TEXTS, *UNSEEN), "")
    texts["topic"] = asked.get("topic", "") if asked.get("topic") in TOPICS else ""
    conversation = asked.get("conversation", "")
    if IDENTITY.fullmatch(conversation) and bot.answers.latest(conversation):
        texts["conversation_id"] = conversation
    return Typed(texts, frozenset(("urgent",) if asked.get("urgent") == "1" else ()), {})


def _given(form: FormData) -> dict[str, str]:
    found = {name: form.get(name) for name in (*TEXTS, *UNSEEN, *FLAGS, "consent")}
    return {name: value if isinstance(value, str) else "" for name, value in found.items()}


def _raw(given: Mapping[str, str], flags: frozenset[str], language: Language) -> dict[str, object]:
    consent = {"accepted": "consent" in flags, "version": given["consent_version"]}
    texts = {name: given[name] for name in (*TEXTS, "conversation_id")}
    return texts | {name: name in flags for name in FLAGS} | {"language": language, "consent": consent}


def _came(given: Mapping[str, str], request: Request, language: Language) -> Came:
    address = request.client.host if request.client else ""
    return Came(language, address, True, bool(given["website"]), given["token"], given["proof"])
