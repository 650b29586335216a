"""Documents that say the same: equal texts and titles, near-duplicates, passages that stand twice word for word.

Only documents in one language are compared, so that translations are never duplicates of each other; a document that is
superseded answers nobody and may be like its successor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.knowledge.readers.layout import Sheet
from bot.quality.corpus import shingles
from bot.quality.corpus.finding import Finding, at
from bot.vocabulary import Document

NEAR = 0.4
LONG_LINE = {"zh": 30}
LONG_LINE_ELSEWHERE = 80
Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A long line of a document: a paragraph, an item or a row."""

    sheet: Sheet
    start: int

    @property
    def number(self) -> int | None:
        return self.sheet.layout.line_at(self.start)


def findings(sheets: Mapping[str, Sheet], superseded: Collection[str]) -> Iterator[Finding]:
    """Everything that stands twice. Of each pair the one published later gets the finding, else the later in order."""
    by_language: dict[str, list[Sheet]] = defaultdict(list)
    for identity, sheet in sheets.items():
        if identity not in superseded:
            by_language[sheet.document.language].append(sheet)
    for group in by_language.values():
        group.sort(key=lambda sheet: sheet.document.published or date.min)
        yield from _titles(group)
        alike: set[Pair] = set()
        yield from _texts(group, alike)
        yield from _passages(group, alike)


def _titles(group: Sequence[Sheet]) -> Iterator[Finding]:
    first: dict[str, Sheet] = {}
    for sheet in group:
        earlier = first.setdefault(" ".join(sheet.document.title.casefold().split()), sheet)
        if earlier is not sheet:
            what = f"has the same title as {earlier.document.id!r}"
            yield at(sheet, "warning", "likeness", ("title",), what, "give each a title that tells them apart")


def _texts(group: Sequence[Sheet], alike: set[Pair]) -> Iterator[Finding]:
    """Equal and nearly equal texts; the pairs are put into `alike`."""
    first: dict[tuple[str, ...], Sheet] = {}
    words: list[list[str]] = []
    for sheet in group:
        found = shingles.words(sheet.document.text)
        earlier = first.setdefault(tuple(found), sheet)
        if earlier is sheet:
            words.append(found)
        else:
            alike.add(_pair(earlier, sheet))
            what = f"has the same text as {earlier.document.id!r}"
            yield at(sheet, "warning", "likeness", (), what, "delete one, or let the newer one supersede the other")
    distinct = list(first.values())
    for one, other, share in shingles.overlaps(words):
        if share >= NEAR:
            earlier, later = distinct[min(one, other)], distinct[max(one, other)]
            alike.add(_pair(earlier, later))
            smaller = min(earlier, later, key=lambda sheet: len(sheet.document.text)).document.id
            what = f"is a near-duplicate of {earlier.document.id!r}: they share {share:.0%} of the shorter one, {smaller!r}"
            to_do = "merge them, keep in each what only it says, or let the newer one supersede the other"
            yield at(later, "warning", "likeness", (), what, to_do)


def _passages(group: Sequence[Sheet], alike: set[Pair]) -> Iterator[Finding]:
    """Long lines that stand twice, one finding for all that a document has in common with the same others."""
    places: dict[str, list[Line]] = defaultdict(list)
    for sheet in group:
        for text, line in _long_lines(sheet):
            places[text].append(line)
    shared: dict[tuple[str, ...], list[list[Line]]] = defaultdict(list)
    for lines in places.values():
        ids = tuple(dict.fromkeys(line.sheet.document.id for line in lines))
        if len(lines) > 1 and not (len(ids) > 1 and all(frozenset((ids[0], other)) in alike for other in ids[1:])):
            shared[ids].append(lines)
    for ids, all_lines in shared.items():
        yield _repeated(ids, all_lines)


def _repeated(ids: Sequence[str], all_lines: Sequence[Sequence[Line]]) -> Finding:
    first, *_, last = all_lines[0]
    count = "a passage stands" if len(all_lines) == 1 else f"{len(all_lines)} passages stand"
    if len(ids) == 1:
        where, to_do = f"twice in this document, first on line {first.number}", "delete the repetition"
    else:
        others = ", ".join(repr(one) for one in ids[:-1][:3]) + (f" and {len(ids) - 4} more" if len(ids) > 4 else "")
        where = f"word for word in {others} too ({first.sheet.document.origin}:{first.number or 1})"
        to_do = "say it in one document and link to it, or say here what is particular to this one"
    return Finding("warning", "likeness", last.sheet.document.origin, last.number, f"{count} {where}", to_do)


def _long_lines(sheet: Sheet) -> Iterator[tuple[str, Line]]:
    document, start = sheet.document, 0
    for text in document.text.split("\n"):
        if len(text) >= _long(document):
            yield " ".join(text.split()), Line(sheet, start)
        start += len(text) + 1


def _long(document: Document) -> int:
    return LONG_LINE.get(document.language, LONG_LINE_ELSEWHERE)


def _pair(one: Sheet, other: Sheet) -> Pair:
    return frozenset((one.document.id, other.document.id))
