"""A document's text as blocks to read, with a quote marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.vocabulary import Document, Span

PARAGRAPH = re.compile(r"[^\n]+")
ITEM = re.compile(r"(?:[-•*]|\d{1,3}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph or list item: `tag` is h2, h3, p or li; each part is a text and whether it is marked."""

    tag: str
    parts: tuple[tuple[str, bool], ...]


def blocks(document: Document, start: int, end: int) -> list[Block]:
    """The whole text in order; characters `start` to `end` are marked where they are within it."""
    quote = Span(start, min(end, len(document.text)))
    levels = {heading.start: heading.level for heading in document.headings}
    return [_block(document.text, found, levels, quote) for found in PARAGRAPH.finditer(document.text) if found[0].strip()]


def _block(text: str, found: re.Match[str], levels: dict[int, int], quote: Span) -> Block:
    begin, level = found.start(), levels.get(found.start())
    if level:
        return Block("h2" if level <= 2 else "h3", tuple(_parts(text, Span(begin, found.end()), quote)))
    item = ITEM.match(found[0])
    tag = "li" if item else "p"
    return Block(tag, tuple(_parts(text, Span(begin + (item.end() if item else 0), found.end()), quote)))


def _parts(text: str, span: Span, quote: Span) -> Iterator[tuple[str, bool]]:
    first, last = max(span.start, quote.start), min(span.end, quote.end)
    if first >= last:
        yield text[span.start : span.end], False
        return
    for part, marked in ((text[span.start : first], False), (text[first:last], True), (text[last : span.end], False)):
        if part:
            yield part, marked
