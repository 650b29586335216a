"""How far a quote reaches: a list with its lead-in, a leaning sentence with the one before, neighbours as good. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.quoting.leaning import MARK, continues, leans
from bot.knowledge.sentences import sentences
from bot.vocabulary import Document, Hit, Span

MOST_SENTENCES = 3
MOST_CHARACTERS = 600
LONGEST_LIST = 1500  # characters up to which a list is quoted whole
DEEPEST = 2  # sentences that one after the other lean on the one before


def run(hit: Hit, index: int, scores: Mapping[int, float], joins: float, with_list: bool) -> Span:
    """The span of the document to quote for sentence `index` of a hit: whole sentences, one after the other.

    `scores` are those of the hit's sentences; a neighbour joins that scores at most `joins` less. `with_list` is whether a list
    that follows the sentence is asked for; what a sentence ended by a colon leads in always belongs to it.
    """
    document, spans = hit.document, hit.passage.sentences
    listed = listing(document, spans[index], with_list)
    if listed:
        return listed
    first = last = index
    while last + 1 < len(spans) and _fits(hit, first, last + 1) and scores[last + 1] >= scores[index] - joins:
        last += 1
    while first > 0 and _fits(hit, first - 1, last) and scores[first - 1] >= scores[index] - joins:
        first -= 1
    return Span(_read_from(document, spans[first], spans[last].end), spans[last].end)


def listing(document: Document, chosen: Span, follows: bool) -> Span | None:
    """The whole list that a sentence stands in or leads in to, with its lead-in; None where there is none or it is too long."""
    text = document.text
    begin, end = section(document, chosen.start)
    line = Span(text.rfind("\n", begin, chosen.start) + 1 or begin, _line_end(text, chosen.end, end))
    inside = bool(MARK.match(text[line.start : line.end]))
    leads = text[line.start : line.end].rstrip().endswith((":", "："))
    if not inside and not ((leads or follows) and chosen.end == line.end):
        return None
    lines = _lines(text, begin, end)
    at = next(n for n, one in enumerate(lines) if one.start <= chosen.start < one.end)
    first = at
    while inside and first > 0 and _is_item(text, lines[first - 1]):
        first -= 1
    last = at
    while last + 1 < len(lines) and _is_item(text, lines[last + 1]):
        last += 1
    if not inside and last == at:
        return None
    start = lines[first].start if inside else chosen.start
    if inside and first > 0 and text[lines[first - 1].start : lines[first - 1].end].endswith((":", "：")):
        start = _last_sentence(document, lines[first - 1]).start
    found = Span(start, lines[last].end)
    return found if found.end - found.start <= LONGEST_LIST else None


def section(document: Document, place: int) -> tuple[int, int]:
    """Where the stretch between two headings that a place of the document is in begins and ends."""
    begin, end = 0, len(document.text)
    for heading in document.headings:
        if heading.start > place:
            end = heading.start
            break
        begin = heading.start + len(heading.text)
    return begin, end


def _read_from(document: Document, first: Span, end: int) -> int:
    """Where a quote that begins with this sentence must begin, for what it leans on to be in it; not before its section."""
    begin, _ = section(document, first.start)
    start = first.start
    for _ in range(DEEPEST):
        lines = _lines(document.text, begin, start)
        if not lines:
            break
        before = _last_sentence(document, lines[-1])
        if end - before.start > MOST_CHARACTERS or not _leans_on(document, first, before):
            break
        first, start = before, before.start
    return start


def _leans_on(document: Document, one: Span, before: Span) -> bool:
    text, earlier = document.text[one.start : one.end], document.text[before.start : before.end]
    return leans(text, document.language) or continues(text, earlier, document.language)


def _fits(hit: Hit, first: int, last: int) -> bool:
    spans, offset = hit.passage.sentences, hit.passage.start
    if spans[last].end - spans[first].start > MOST_CHARACTERS or last - first >= MOST_SENTENCES:
        return False
    return "\n" not in hit.passage.text[spans[first].start - offset : spans[last].end - offset]


def _last_sentence(document: Document, line: Span) -> Span:
    *_, last = sentences(document.text[line.start : line.end], document.language)
    return Span(line.start + last.start, line.start + last.end)


def _lines(text: str, begin: int, end: int) -> list[Span]:
    """The lines of a stretch that hold anything, without white space at their ends."""
    found, at = [], begin
    for line in text[begin:end].split("\n"):
        kept = line.strip()
        if kept:
            start = at + line.index(kept[0])
            found.append(Span(start, start + len(kept)))
        at += len(line) + 1
    return found


def _line_end(text: str, place: int, end: int) -> int:
    found = text.find("\n", place, end)
    return place + len(text[place : found if found >= 0 else end].rstrip())


def _is_item(text: str, line: Span) -> bool:
    return bool(MARK.match(text[line.start : line.end]))
