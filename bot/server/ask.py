"""POST /api/v1/ask: the whole answer as JSON, or as events for those who accept them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from fastapi import APIRouter, Request
from fastapi.sse import format_sse_event
from starlette.responses import Response, StreamingResponse

from bot.dialogue.turns import turn
from bot.server.guards import Gate
from bot.server.measures import Measures
from bot.server.schemas import AnswerBody, AskRequest, ProblemBody
from bot.vocabulary import Json
from bot.wiring import Bot

EVENTS = "text/event-stream"


def router(bot: Bot, gate: Gate, measures: Measures) -> APIRouter:
    """The endpoint that visitors ask."""
    routes = APIRouter(prefix="/api/v1", tags=["public"])

    @routes.post(
        "/ask",
        responses={
            200: {"model": AnswerBody, "content": {EVENTS: {}}},
            413: {"model": ProblemBody},
            422: {"model": ProblemBody},
            503: {"model": ProblemBody},
        },
        response_model=None,
    )
    def ask(request: Request, asked: AskRequest) -> Response:
        """Answers a question with cited quotes, or tells who can. Events: `route`, `citation` each, then `done`."""
        wanted = turn(asked.question, asked.conversation_id, asked.language, asked.jurisdictions, asked.time_zone)
        with gate(), measures.asking():
            receipt, draft = bot.ask(wanted)
        measures.answered(draft)
        if EVENTS in request.headers.get("accept", ""):
            return StreamingResponse(events(receipt.body), media_type=EVENTS, headers={"Cache-Control": "no-store"})
        return Response(receipt.body, media_type="application/json", headers={"Cache-Control": "no-store"})

    return routes


def events(body: str) -> Iterator[bytes]:
    """An answer's body as server-sent events: its route, each citation, then the whole."""
    row: Json = json.loads(body)
    yield format_sse_event(event="route", data_str=json.dumps(row["route"], ensure_ascii=False))
    for citation in row["citations"]:
        yield format_sse_event(event="citation", data_str=json.dumps(citation, ensure_ascii=False))
    yield format_sse_event(event="done", data_str=body)
