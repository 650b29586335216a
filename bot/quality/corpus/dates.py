"""Dates against the day it is, and against each other.

`as_of` may lie before `published` (old facts in a new text) and after it (a text that was kept up): neither is a fault.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from bot.knowledge.readers.layout import Sheet
from bot.quality.corpus.finding import Finding, at

AHEAD = timedelta(days=1)  # east of UTC it is tomorrow already


def findings(sheets: Iterable[Sheet], today: date, superseded: Collection[str]) -> Iterator[Finding]:
    """Overdue, expired, not yet true, and contradictory dates. Nobody need look at what is superseded."""
    for sheet in sheets:
        yield from _contradictory(sheet, today)
        if sheet.document.id not in superseded:
            yield from _overdue(sheet, today)


def _overdue(sheet: Sheet, today: date) -> Iterator[Finding]:
    document = sheet.document
    if document.valid_until and document.valid_until < today:
        what = f"held until {document.valid_until} and is not quoted any more"
        to_do = "move valid_until if it still holds, write a document that supersedes it, or delete it"
        yield at(sheet, "warning", "dates", ("valid_until",), what, to_do)
    elif document.review_by and document.review_by < today:
        what = f"was to be reviewed by {document.review_by}, {_ago((today - document.review_by).days)}"
        to_do = "check the facts against their sources, then move as_of and review_by"
        yield at(sheet, "warning", "dates", ("review_by",), what, to_do)


def _ago(days: int) -> str:
    return "yesterday" if days == 1 else f"{days:,} days ago"


def _contradictory(sheet: Sheet, today: date) -> Iterator[Finding]:
    document = sheet.document
    if document.as_of and document.as_of > today + AHEAD:
        what = f"as_of is {document.as_of}, a day that is still to come"
        yield at(sheet, "error", "dates", ("as_of",), what, "write the day of which the facts are known to be true")
    if document.published and document.published > today + AHEAD:
        what = f"published is {document.published}, a day that is still to come, and it is quoted at once"
        yield at(sheet, "warning", "dates", ("published",), what, "correct the date, or keep the file out until then")
    if document.review_by and document.as_of and document.review_by < document.as_of:
        what = f"review_by, {document.review_by}, is before as_of, {document.as_of}"
        yield at(sheet, "error", "dates", ("review_by",), what, "write the day on which it must be looked at again")
    if document.valid_until and document.published and document.valid_until < document.published:
        what = f"valid_until, {document.valid_until}, is before published, {document.published}"
        yield at(sheet, "error", "dates", ("valid_until",), what, "correct one of the dates")
