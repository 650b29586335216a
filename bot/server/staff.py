"""The endpoints for staff: search, routing, receipts, recalls, gaps, documents. Each takes a key with its scope."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from bot import paging
from bot.dialogue import body, gaps, recalled
from bot.dialogue.turns import turn
from bot.errors import BadQuestion
from bot.server.guards import Gate, staff
from bot.server.schemas import ProblemBody, RouteRequest, SearchRequest
from bot.store.gaps import Gaps
from bot.store.recall import Subject
from bot.vocabulary import LANGUAGES, Json
from bot.wiring import Bot


def router(bot: Bot, gate: Gate) -> APIRouter:
    """All staff endpoints."""
    refusals: Mapping[int | str, Json] = {status: {"model": ProblemBody} for status in (401, 404, 422, 503)}
    routes = APIRouter(prefix="/api/v1", tags=["staff"], responses=dict(refusals))

    @routes.post("/search", dependencies=[Depends(staff(bot.keys, "search"))], response_model=None)
    def search(asked: SearchRequest) -> Response:
        """The best passages for a question, with scores and the milliseconds it took."""
        wanted = turn(asked.question, jurisdictions=asked.jurisdictions)
        began = time.perf_counter()
        with gate():
            hits = bot.search(wanted.question, asked.k, wanted.jurisdictions)
        took = round((time.perf_counter() - began) * 1000, 3)
        return _json({"passages": [body.hit(hit) for hit in hits], "timings": {"total_ms": took}})

    @routes.post("/route", dependencies=[Depends(staff(bot.keys, "route"))], response_model=None)
    def route(asked: RouteRequest) -> Response:
        """What kind of inquiry a text is, whose desk it goes to, and why."""
        with gate():
            inquiry, found = bot.route(turn(asked.text).question)
        return _json(body.routing(inquiry, found))

    @routes.get("/answers/{answer_id}", dependencies=[Depends(staff(bot.keys, "answers"))], response_model=None)
    def answer(answer_id: str) -> Response:
        """The receipt of an answer, with what the visitor thought of it."""
        row = body.receipt(bot.answers.get(answer_id))
        return _json(row | {"feedback": body.feedback(bot.feedback.of(answer_id))})

    _recalls(routes, bot)
    _gaps(routes, bot)

    @routes.get("/documents", dependencies=[Depends(staff(bot.keys, "documents"))], response_model=None)
    def documents() -> Response:
        """The documents of the live snapshot."""
        snapshot = bot.live().snapshot
        return _json({"snapshot": snapshot.id, "documents": [body.document(found) for found in snapshot.documents.values()]})

    return routes


def _recalls(routes: APIRouter, bot: Bot) -> None:
    @routes.get("/recall", dependencies=[Depends(staff(bot.keys, "answers"))], response_model=None)
    def recall(
        document_id: str | None = None,
        passage_id: str | None = None,
        since: Annotated[str | None, Query(description="A day or a time, in UTC unless it has an offset.")] = None,
        cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Response:
        """The answers that quoted a document or a passage, newest first; the first page also sums up and drafts letters."""
        if (document_id is None) == (passage_id is None):
            raise BadQuestion("document_id", "or passage_id is needed, and only one of them")
        subject = Subject("document", document_id) if document_id is not None else Subject("passage", passage_id or "")
        begin = recalled.since(since) if since is not None else None
        after = paging.place(cursor) if cursor is not None else None
        return _json(recalled.wire(bot.recall(subject, begin, limit, after)))


def _gaps(routes: APIRouter, bot: Bot) -> None:
    kept = Gaps(bot.store)

    @routes.get("/gaps", dependencies=[Depends(staff(bot.keys, "answers"))], response_model=None)
    def unanswered(
        since: Annotated[str | None, Query(description="A day or a time, in UTC unless it has an offset.")] = None,
        language: Annotated[str, Query(description=f"Only one of {', '.join(LANGUAGES)}.")] = "",
        reason: Annotated[str, Query(description=f"Only one of {', '.join(gaps.REASONS)}.")] = "",
        cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Response:
        """What visitors asked and was not answered, like questions together, newest first."""
        wish = gaps.Wish(recalled.since(since) if since is not None else None, language, reason)
        found, behind = gaps.page(kept, wish, limit, gaps.behind(cursor) if cursor is not None else None)
        return _json(gaps.wire(found, wish, behind))


def _json(row: Json) -> Response:
    return Response(json.dumps(row, ensure_ascii=False), media_type="application/json")
