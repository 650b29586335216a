"""Dates as people write them, where they can be read in one way only."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from babel.dates import get_month_names

LOCALES = ("en", "de", "ru")
ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ].*)?")
DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})")
CHINESE = re.compile(r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日")
MONTH_FIRST = re.compile(r"(?P<name>[^\W\d]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(?P<year>\d{4})")
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?P<name>[^\W\d]+)\.?,?\s+(?P<year>\d{4})(?:\s*г(?:\.|ода)?)?")


def read_date(text: str) -> date | None:
    """The day a text like "August 21, 2024", "21. August 2024", "21 августа 2024 г." or "2024年8月21日" names.

    None for anything else, and for dates that are read differently in different places, like 01/02/2024.
    """
    for form in (ISO, DOTTED, CHINESE, MONTH_FIRST, DAY_FIRST):
        found = form.fullmatch(text.strip())
        if found:
            parts = found.groupdict()
            month = _months().get(parts["name"].lower(), 0) if "name" in parts else int(parts["month"])
            try:
                return date(int(parts["year"]), month, int(parts["day"]))
            except ValueError:
                return None
    return None


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Month names in their forms beside a day, long and short."""
    return {
        name.lower().rstrip("."): number
        for locale in LOCALES
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=locale).items()
    } | {"sept": 9}
