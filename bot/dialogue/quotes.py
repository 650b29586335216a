"""Which sentences of the hits to quote: the ones nearest in meaning, verbatim, each adding something. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.vocabulary import Hit

MOST_QUOTES = 3
MOST_SENTENCES = 3
MOST_CHARACTERS = 600
SANCTIONING = {"US", "EU", "UK", "CH"}
COMMON = "en"  # the language all visitors are taken to read
FIRST_HITS = 6  # hits that quotes are taken from
NEIGHBOUR = 0.07  # a sentence beside the best joins it if its nearness is at most this much lower
FURTHER = 0.09  # a further quote's nearness is at most this much lower than the first's
OVERLAP = 0.7  # share of words from which two quotes say the same
WORD = re.compile(r"\w+")
LEANING = re.compile(
    r"(?:this|these|those|it|they|such|he|she|however|therefore|moreover|это|эти|они|такие|однако|dies|diese[rsmn]?|sie|es)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A run of whole sentences of a hit's passage; `nearness` is that of its best sentence to the question."""

    hit: Hit
    start: int
    end: int
    nearness: float

    @property
    def text(self) -> str:
        """The words themselves, cut from the passage."""
        return self.hit.passage.text[self.start - self.hit.passage.start : self.end - self.hit.passage.start]


def readable(hits: Sequence[Hit], language: str) -> list[Hit]:
    """The hits whose language a visitor reads: the own one or English; where there are none, all."""
    return [hit for hit in hits if hit.document.language in (language, COMMON)] or list(hits)


def under(hits: Sequence[Hit], laws: Collection[str]) -> list[Hit]:
    """The hits of documents that belong to one of these laws, or to none; where these are not among the first, all.

    Of Russia, China and the like a question speaks as of a place: alone they narrow nothing.
    """
    if not set(laws) & SANCTIONING:
        return list(hits)
    kept = [hit for hit in hits if not hit.document.jurisdictions or set(laws) & set(hit.document.jurisdictions)]
    return kept if kept and kept[0] in hits[:FIRST_HITS] else list(hits)


def choose(hits: Sequence[Hit], language: str, laws: Collection[str] = ()) -> list[Quote]:
    """At most three quotes, best first: one a section, each saying something the ones before do not.

    They are in the visitor's `language` or English, and under one of the `laws` that the inquiry names, where there are such.
    """
    hits = under(readable(hits, language), laws)
    candidates = [quote for quote in map(_best_run, hits[:FIRST_HITS]) if quote]
    if not candidates:
        return []
    first = max(candidates[:2], key=lambda quote: quote.nearness) if _close(candidates) else candidates[0]
    chosen = [first]
    for quote in candidates:
        if len(chosen) == MOST_QUOTES:
            break
        if quote is not first and quote.nearness >= first.nearness - FURTHER and all(_adds(quote, other) for other in chosen):
            chosen.append(quote)
    return chosen


def _close(candidates: Sequence[Quote]) -> bool:
    """Whether the second hit ranks so near to the first that the nearer sentence may lead."""
    return len(candidates) > 1 and candidates[0].hit.score - candidates[1].hit.score < 0.3


def _best_run(hit: Hit) -> Quote | None:
    spans, near = hit.passage.sentences, hit.sentences
    if not spans:
        return None
    best = max(range(len(spans)), key=lambda i: (near[i], -i))
    first = last = best
    if (
        LEANING.match(hit.passage.text[spans[best].start - hit.passage.start :])
        and best > 0
        and _one_paragraph(hit, best - 1, best)
    ):
        first = best - 1
    while last + 1 < len(spans) and _joins(hit, first, last + 1, near[last + 1], near[best]):
        last += 1
    while first > 0 and _joins(hit, first - 1, last, near[first - 1], near[best]):
        first -= 1
    return Quote(hit, spans[first].start, spans[last].end, near[best])


def _joins(hit: Hit, first: int, last: int, nearness: float, best: float) -> bool:
    spans = hit.passage.sentences
    short = spans[last].end - spans[first].start <= MOST_CHARACTERS and last - first < MOST_SENTENCES
    return short and nearness >= best - NEIGHBOUR and _one_paragraph(hit, first, last)


def _one_paragraph(hit: Hit, first: int, last: int) -> bool:
    spans, offset = hit.passage.sentences, hit.passage.start
    return "\n" not in hit.passage.text[spans[first].start - offset : spans[last].end - offset]


def _adds(quote: Quote, other: Quote) -> bool:
    mine, theirs = quote.hit.passage, other.hit.passage
    if mine.document_id == theirs.document_id and mine.section == theirs.section:
        return False
    words, known = set(WORD.findall(quote.text.lower())), set(WORD.findall(other.text.lower()))
    return len(words & known) < OVERLAP * max(1, min(len(words), len(known)))
