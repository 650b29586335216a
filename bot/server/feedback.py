"""POST /api/v1/feedback: what a visitor thinks of an answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from bot.dialogue.opinions import opinion
from bot.server.schemas import FeedbackRequest, ProblemBody
from bot.wiring import Bot


def router(bot: Bot) -> APIRouter:
    """The endpoint that opinions come by."""
    routes = APIRouter(prefix="/api/v1", tags=["public"])

    @routes.post(
        "/feedback",
        status_code=204,
        responses={status: {"model": ProblemBody} for status in (404, 413, 422, 503)},
        response_model=None,
    )
    def feedback(given: FeedbackRequest) -> Response:
        """Keeps whether an answer helped; 204 only once that is on the disk. Sent again, the last word counts."""
        bot.feedback.keep(opinion(given.answer_id, given.helpful, given.comment, bot.now()))
        return Response(status_code=204)

    return routes
