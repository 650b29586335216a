"""What a visitor says of an answer, checked. Pure."""

from __future__ import annotations

from datetime import datetime

from bot.dialogue.turns import CONTROL, SURROGATE
from bot.errors import BadQuestion, NotFound
from bot.paging import IDENTITY
from bot.vocabulary import Opinion

LONGEST_COMMENT = 1000


def opinion(answer_id: str, helpful: bool, comment: str | None, now: datetime) -> Opinion:
    """An opinion of the fields as they came. Raises BadQuestion with the field's name, NotFound for what is no answer's id."""
    if not IDENTITY.fullmatch(answer_id):
        raise NotFound("there is no such answer")
    text = (comment or "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_COMMENT:
        raise BadQuestion("comment", f"is too long: write at most {LONGEST_COMMENT} characters")
    if CONTROL.search(text) or SURROGATE.search(text):
        raise BadQuestion("comment", "holds control characters or broken characters: send plain text")
    return Opinion(answer_id, helpful, text, now)
