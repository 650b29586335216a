"""POST /api/v1/leads, what a form needs before it, and the leads as staff see them."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from bot import paging
from bot.desks import Route
from bot.dialogue.wording import Wording
from bot.errors import BadLead, BadQuestion, BotError
from bot.intake import LEAD_STATUSES
from bot.leads.capture import digest_key
from bot.leads.fields import LONGEST, submission
from bot.leads.wire import lead_wire, letter_wire, told
from bot.receiving import Came
from bot.server.guards import staff
from bot.server.pages import NO_STORE, Pages, preferred
from bot.server.problems import RETRY_AFTER, Failure, of_bot_error, problem
from bot.server.schemas import LeadBody, LeadRequest, ProblemBody
from bot.store.leads import Key
from bot.vocabulary import LANGUAGES, Json, Language
from bot.wiring import Bot

KEY = re.compile(r'"?([\x21\x23-\x7e]{1,255})"?')  # the draft writes the key in quotation marks; many leave them out
log = structlog.get_logger()
PUBLIC: dict[int | str, Json] = {status: {"model": ProblemBody} for status in (409, 413, 422, 429, 503)}
PRIVACY = "/privacy"
STAFF: dict[int | str, Json] = {status: {"model": ProblemBody} for status in (401, 404, 422, 503)}


async def _body(request: Request) -> bytes:
    return await request.body()


def router(bot: Bot, pages: Pages) -> APIRouter:
    """The endpoint that leads come by, and the staff's."""
    routes = APIRouter(prefix="/api/v1")
    _public(routes, bot, pages)
    _staff(routes, bot)
    return routes


def _public(routes: APIRouter, bot: Bot, pages: Pages) -> None:
    schema = {"requestBody": {"required": True, "content": {"application/json": {"schema": LeadRequest.model_json_schema()}}}}

    @routes.post(
        "/leads",
        status_code=201,
        tags=["public"],
        responses={201: {"model": LeadBody}, **PUBLIC},
        response_model=None,
        openapi_extra=schema,
    )
    def lead(request: Request, body: Annotated[bytes, Depends(_body)]) -> Response:
        """Takes an inquiry in. 201 only once it is on the disk. `Idempotency-Key` makes it safe to send again."""
        raw = _json(body)
        language = _language(raw, request)
        try:
            kept = bot.receive(submission(raw, asked=False), _came(raw, request, language), _key(request, raw))
        except BotError as error:
            return _refused(error, pages, bot.directory().wording[language])
        return Response(_encode(told(kept)), 201, media_type="application/json", headers=NO_STORE)

    @routes.get("/leads/challenge", tags=["public"], response_model=None)
    def challenge() -> Response:
        """A proof of work to solve (ALTCHA, SHA-256); its solution is sent as `proof`."""
        return Response(_encode(asdict(bot.receive.challenge())), media_type="application/json", headers=NO_STORE)

    @routes.get("/leads/consent", tags=["public"], response_model=None)
    def consent(request: Request, language: str | None = None) -> Response:
        """What visitors are asked to agree to, and the version to send back as `consent.version`."""
        spoken = next((one for one in LANGUAGES if one == language), preferred(request))
        found = bot.receive.consent(spoken)
        row = {"version": found.version, "text": found.text, "language": spoken, "privacy_url": f"{PRIVACY}?lang={spoken}"}
        return Response(_encode(row), media_type="application/json", headers=NO_STORE)


def _staff(routes: APIRouter, bot: Bot) -> None:
    guard = [Depends(staff(bot.keys, "leads"))]

    @routes.get("/leads", dependencies=guard, tags=["staff"], responses=STAFF, response_model=None)
    def leads(
        cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        status: Annotated[str | None, Query(description=f"Only one of {', '.join(LEAD_STATUSES)}.")] = None,
    ) -> Response:
        """The leads, newest first."""
        if status is not None and status not in LEAD_STATUSES:
            raise BadQuestion("status", f"takes one of {', '.join(LEAD_STATUSES)}")
        after = paging.place(cursor) if cursor else paging.NEWEST
        page, place = bot.receive.leads.page(after, limit, [status] if status else LEAD_STATUSES)
        row = {"leads": [lead_wire(one) for one in page], "next_cursor": paging.cursor(place) if place else None}
        return Response(_encode(row), media_type="application/json", headers=NO_STORE)

    @routes.get("/leads/{lead_id}", dependencies=guard, tags=["staff"], responses=STAFF, response_model=None)
    def one(lead_id: str) -> Response:
        """A lead with its letters."""
        found = bot.receive.leads.get(lead_id)
        row = lead_wire(found) | {"letters": [letter_wire(letter) for letter in bot.receive.letters.of_lead(lead_id)]}
        return Response(_encode(row), media_type="application/json", headers=NO_STORE)

    @routes.post("/leads/{lead_id}/release", dependencies=guard, tags=["staff"], responses=STAFF, response_model=None)
    def release(lead_id: str) -> Response:
        """Takes a lead out of quarantine: its letters go out."""
        released = bot.receive.leads.release(lead_id, bot.now())
        row = {"lead_id": lead_id, "released": released, "status": bot.receive.leads.get(lead_id).status}
        return Response(_encode(row), media_type="application/json", headers=NO_STORE)


def words_of(error: BadLead, wording: Wording) -> tuple[tuple[str, str], ...]:
    """The fields that do not fit, each with what to do, in the visitor's language."""
    words, chosen = wording.words["form"]["error"], ("listed_party", "topic", "country", "established")

    def told_of(name: str, why: str) -> str:
        key = "choice_missing" if why == "missing" and name in chosen else why
        return str(words[key]).format(longest=LONGEST.get(name, 0))

    return tuple((name, told_of(name, why)) for name, why in error.fields)


def _json(body: bytes) -> Json:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        raise BadQuestion("body", "is not valid JSON") from None
    if not isinstance(raw, dict):
        raise BadQuestion("body", "takes a JSON object")
    return raw


def _language(raw: Json, request: Request) -> Language:
    return next((one for one in LANGUAGES if one == raw.get("language")), preferred(request))


def _came(raw: Json, request: Request, language: Language) -> Came:
    proof = raw.get("proof")
    return Came(
        language,
        request.client.host if request.client else "",
        bait=bool(raw.get("website")),
        solution=proof if isinstance(proof, str) else "",
    )


def _key(request: Request, raw: Json) -> Key | None:
    given = request.headers.get("idempotency-key")
    if given is None:
        return None
    shape = KEY.fullmatch(given.strip())
    if shape is None:
        raise BadLead((("Idempotency-Key", "key"),))
    return digest_key(shape[1], json.dumps(raw, sort_keys=True).encode("utf-8", "surrogatepass"))


def _refused(error: BotError, pages: Pages, wording: Wording) -> Response:
    """Problem details in the visitor's language; what is not of the fields is told as everywhere."""
    failure = of_bot_error(error)
    if isinstance(error, BadLead):
        failure = Failure(422, wording.text("form", "error", "summary"), words_of(error, wording))
    route = pages.default_route(wording)
    if failure.status >= 429:
        failure = unkept(failure, wording, route)
    return problem(failure, route)


def unkept(failure: Failure, wording: Wording, route: Route) -> Failure:
    """That a lead was not kept, and what to do: whatever the fault of ours, it may be sent again."""
    log.error("a lead could not be kept", status=failure.status)
    if failure.status == 429:
        return replace(failure, detail=wording.text("form", "flood", email=route.desk.email))
    headers = {"Retry-After": RETRY_AFTER}
    return Failure(503, wording.text("form", "failed", email=route.desk.email), headers=headers)


def _encode(row: Json) -> str:
    return json.dumps(row, ensure_ascii=False)
