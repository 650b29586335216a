"""Receipts as a person reads them: what was asked, what it was taken for, what was quoted and why, and whether it replays."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from bot.dialogue.evidence import FEATURES, features
from bot.errors import BotError
from bot.server.console.frame import Console
from bot.vocabulary import Key, Receipt
from bot.wiring import Bot, Replayed

LIKELIEST = 4


@dataclass(frozen=True, slots=True)
class Examined:
    """What making an answer again showed: is it the same to the byte, why is it of its kind, how was the evidence weighed."""

    same: bool
    reasons: tuple[str, ...]
    confidence: float
    measures: tuple[tuple[str, float], ...]
    probability: float | None
    threshold: float
    stopped_by: str


def install(routes: APIRouter, console: Console) -> None:
    """Adds the page."""
    reader = console.visit("answers")
    one_at_a_time = threading.Lock()  # an older snapshot is loaded whole

    @routes.get("/answers/{answer_id}")
    def answer(request: Request, answer_id: str, key: Key = Depends(reader)) -> Response:
        receipt = console.bot.answers.get(answer_id)
        live = _live(console.bot) == receipt.snapshot
        again, failed = None, ""
        if live or request.query_params.get("replay") == "1":
            try:
                with one_at_a_time:
                    again = examined(console.bot, receipt)
            except BotError as error:
                failed = str(error)
        values = {
            "receipt": receipt,
            "answer": json.loads(receipt.body),
            "kinds": _likeliest(receipt.judgement.kinds),
            "topics": _likeliest(receipt.judgement.topics),
            "again": again,
            "failed": failed,
            "opinion": console.bot.feedback.of(answer_id),
            "live": live,
            "leads": console.bot.receive.leads.following([receipt.conversation_id]).get(receipt.conversation_id, []),
            "turns": console.bot.answers.conversation(receipt.conversation_id),
        }
        return console.page(request, "answer.html", key, here="gaps", **values)


def _live(bot: Bot) -> str:
    try:
        return bot.live().snapshot.id
    except BotError:
        return ""


def examined(bot: Bot, receipt: Receipt) -> Examined:
    """Makes an answer again and says what that shows. Raises BotError where it cannot be made."""
    try:
        known = bot.live()
    except BotError:
        known = None
    return _examined(bot.replay(receipt.answer_id, known))


def _examined(found: Replayed) -> Examined:
    draft = found.draft
    if draft.inquiry is None:
        raise RuntimeError("a finished draft has an inquiry")
    inquiry = draft.inquiry
    values = features(draft.turn.text, draft.hits, draft.quotes, inquiry.language)
    measures = tuple(zip(FEATURES, values, strict=True))
    return Examined(
        found.same, inquiry.reasons, inquiry.confidence, measures, draft.probability, found.gate.threshold, draft.stopped_by
    )


def _likeliest(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(scores.items(), key=lambda one: -one[1])[:LIKELIEST]
