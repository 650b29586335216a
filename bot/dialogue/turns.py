"""What a visitor sent, checked, to a Turn. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.dialogue.hours import zones
from bot.errors import BadQuestion
from bot.paging import IDENTITY
from bot.vocabulary import JURISDICTIONS, LANGUAGES, Turn

LONGEST = 1000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
SURROGATE = re.compile(r"[\ud800-\udfff]")


def turn(
    question: str,
    conversation_id: str | None = None,
    language: str | None = None,
    jurisdictions: Sequence[str] = (),
    time_zone: str | None = None,
) -> Turn:
    """A turn of the fields as they came. Raises BadQuestion with the field's name and what it takes; never echoes it."""
    text = question.strip()
    if not text:
        raise BadQuestion("question", "is empty: write a question of 1 to 1000 characters")
    if len(text) > LONGEST:
        raise BadQuestion("question", f"is too long: write a question of 1 to {LONGEST} characters")
    if CONTROL.search(text) or SURROGATE.search(text):
        raise BadQuestion("question", "holds control characters or broken characters: send plain text")
    if conversation_id is not None and not IDENTITY.fullmatch(conversation_id):
        raise BadQuestion("conversation_id", "is not an id that this site gave: leave it out to begin a new conversation")
    if language is not None and language not in LANGUAGES:
        raise BadQuestion("language", f"takes one of {', '.join(LANGUAGES)}")
    if any(code not in JURISDICTIONS for code in jurisdictions):
        raise BadQuestion("jurisdictions", f"takes a list out of {', '.join(JURISDICTIONS)}")
    if time_zone is not None and time_zone not in zones():
        raise BadQuestion("time_zone", "takes the IANA name of a time zone, such as Europe/Berlin")
    return Turn(text, conversation_id, language, tuple(dict.fromkeys(jurisdictions)), time_zone)
