"""Gaps: what visitors asked and the bot could not answer."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from bot.dialogue import gaps
from bot.dialogue.recalled import since
from bot.errors import BadQuestion
from bot.server.console.frame import Console, query
from bot.store.gaps import Gaps
from bot.vocabulary import LANGUAGES, Key

LIMIT = 50
REASONS = {
    "no_evidence": "Nothing in the corpus answers it",
    "off_topic": "Not what the firm does",
    "unclear": "Asked back, and left there",
}
SPOKEN: dict[str, str] = dict(zip(LANGUAGES, ("English", "Russian", "Chinese", "German"), strict=True))


def install(routes: APIRouter, console: Console) -> None:
    """Adds the page."""
    kept, reader = Gaps(console.bot.store), console.visit("answers")

    @routes.get("/gaps")
    def page(request: Request, key: Key = Depends(reader)) -> Response:
        asked = request.query_params
        chosen, problem, begin = query(request, reason=REASONS, language=SPOKEN), "", asked.get("since", "").strip()
        try:
            moment = since(begin) if begin else None
        except BadQuestion as error:
            moment, problem = None, f"{str(error)[:1].upper()}{str(error)[1:]}."
        wish = gaps.Wish(moment, chosen["language"], chosen["reason"])
        after = gaps.behind(asked["cursor"]) if asked.get("cursor") else None
        found, following = gaps.page(kept, wish, LIMIT, after)
        values = {
            "gaps": found,
            "next": gaps.cursor(following) if following else "",
            "chosen": chosen | {"since": begin if moment else ""},
            "problem": problem,
            "reasons": REASONS,
            "languages": SPOKEN,
        }
        return console.page(request, "gaps.html", key, 422 if problem else 200, here="gaps", **values)
