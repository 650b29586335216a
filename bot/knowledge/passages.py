"""Document to passages: by heading, then by whole sentences, sized by the encoder's own tokens. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.knowledge.sentences import sentences
from bot.vocabulary import Document, Passage, Span

LONGEST_NAME = 80  # characters of a title or heading that are embedded with a passage
CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading path, the heading itself left out."""

    span: Span
    path: tuple[str, ...]


def passages(document: Document, limit: int, count_tokens: CountTokens) -> list[Passage]:
    """The passages of a document, in order; each at most `limit` tokens unless one sentence alone is longer.

    Every passage is a run of whole sentences of one section; together they hold every sentence once.
    """
    made: list[Passage] = []
    for section in sections(document):
        found = [
            Span(section.span.start + s.start, section.span.start + s.end)
            for s in sentences(document.text[section.span.start : section.span.end], document.language)
        ]
        sizes = count_tokens([document.text[s.start : s.end] for s in found])
        for first, last in _runs(sizes, limit):
            made.append(_passage(document, section, found[first:last], len(made)))
    return made


def context(document: Document, passage: Passage) -> str:
    """The title and heading path that are embedded before a passage's text; a title that is only the id says nothing."""
    title = document.title if document.title != document.id else ""
    path = [heading for heading in passage.section if heading != title]
    return " › ".join(textwrap.shorten(part, LONGEST_NAME, placeholder="…") for part in (title, *path) if part)


def sections(document: Document) -> Iterator[Section]:
    """The document cut at its headings, each part with the headings that stand above it."""
    start = 0
    path: list[tuple[int, str]] = []
    for heading in document.headings:
        if document.text[start : heading.start].strip():
            yield Section(Span(start, heading.start), tuple(text for _, text in path))
        path = [(level, text) for level, text in path if level < heading.level] + [(heading.level, heading.text)]
        start = heading.start + len(heading.text)
    if document.text[start:].strip():
        yield Section(Span(start, len(document.text)), tuple(text for _, text in path))


def _runs(sizes: Sequence[int], limit: int) -> Iterator[tuple[int, int]]:
    """Cuts a row of sentence sizes into as few runs as fit the limit, of about equal size."""
    total = sum(sizes)
    wanted = total / max(1, -(-total // limit))
    first, size = 0, 0
    for i, more in enumerate(sizes):
        if i > first and (size + more > limit or size + more / 2 > wanted):
            yield first, i
            first, size = i, 0
        size += more
    if first < len(sizes):
        yield first, len(sizes)


def _passage(document: Document, section: Section, inside: Sequence[Span], n: int) -> Passage:
    start, end = inside[0].start, inside[-1].end
    page = next((i for i, begins in reversed(list(enumerate(document.pages, 1))) if begins <= start), None)
    return Passage(
        id=f"{document.id}#{n}",
        document_id=document.id,
        start=start,
        end=end,
        text=document.text[start:end],
        section=section.path,
        page=page,
        sentences=tuple(inside),
    )
