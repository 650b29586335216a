"""Ids as this product gives them, and lists that come page by page, the newest first: where a page ends, and how that is told."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.errors import BadQuestion

IDENTITY = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends, by the moment and the id of its last row: the next begins behind it."""

    at: datetime
    id: str


NEWEST = Place(datetime(9999, 12, 31, tzinfo=UTC), "")


def cursor(place: Place) -> str:
    """Where a page ends, as a text to be handed back."""
    return base64.urlsafe_b64encode(json.dumps([place.at.isoformat(), place.id]).encode()).decode()


def place(given: str) -> Place:
    """Where a cursor points. Raises BadQuestion."""
    try:
        at, identity = json.loads(base64.b64decode(given, altchars=b"-_", validate=True))
        found = Place(datetime.fromisoformat(at).astimezone(UTC), identity)
        if IDENTITY.fullmatch(found.id):
            return found
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
        pass
    raise BadQuestion("cursor", "is not one that this address gave: leave it out to begin with the newest")
