"""Which sentences of the hits to quote: those that answer best, verbatim, each adding something. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.dialogue.quoting.ranking import Candidate, Question, ranked, work
from bot.dialogue.quoting.runs import run, section
from bot.vocabulary import Hit, Span

MOST_QUOTES = 3
SANCTIONING = {"US", "EU", "UK", "CH"}
COMMON = "en"  # the language all visitors are taken to read
FIRST_HITS = 10  # hits that quotes are taken from
JOINS = 1.0  # a sentence beside the best joins it if it scores at most this much lower
FURTHER = 2.0  # a further quote scores at most this much lower than the first
OWN = 0.5  # a sentence in the visitor's language is preferred if it scores at most this much lower
OVERLAP = 0.7  # share of words from which two quotes say the same
WORD = re.compile(r"\w+")
EXCEPTION = re.compile(
    r"\bexcept(?:ions?)?\b|\bunless\b|\bexempt\w*|\bderogations?\b|\bdoes not (?:apply|cover)\b|исключени|изъят"
    r"|не распространяется"
    r"|освобожд|除外|例外|豁免|不适用|\bausnahme|\bausgenommen|\bes sei denn",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A run of whole sentences of a hit's document, at least one of them of its passage.

    `nearness` is that of its nearest sentence to the question, `score` how well the one that it was chosen for answers.
    """

    hit: Hit
    start: int
    end: int
    nearness: float
    score: float = 0.0

    @property
    def text(self) -> str:
        """The words themselves, cut from the document."""
        return self.hit.document.text[self.start : self.end]


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


def choose(question: str, hits: Sequence[Hit], language: str, laws: Collection[str] = ()) -> list[Quote]:
    """At most three quotes, best first, each saying something the ones before do not.

    They are in the visitor's `language` or English, and under one of the `laws` that the inquiry names, where there are such.
    What a document says in the visitor's language is quoted in that; of one document a rule stands before its exceptions.
    """
    first = _first(under(readable(hits, language), laws), language)
    asked = Question.of(question, language)
    found = ranked(asked, first)
    scores: dict[str, dict[int, float]] = {}
    for one in found:
        scores.setdefault(one.hit.passage.id, {})[one.index] = one.score
    chosen: list[Quote] = []
    for one in found:
        if len(chosen) == MOST_QUOTES or one.score < found[0].score - FURTHER:
            break
        own = _in_language(one, found, language)
        span = run(own.hit, own.index, scores[own.hit.passage.id], JOINS, "items" in asked.wanted)
        quote = Quote(own.hit, span.start, span.end, _nearness(own.hit, span), own.score)
        if all(_adds(quote, other) for other in chosen):
            chosen.append(quote)
    return chosen if EXCEPTION.search(question) or "decision" in asked.wanted else _rules_first(chosen)


def _first(hits: Sequence[Hit], language: str) -> list[Hit]:
    """The hits that quotes are taken from: the first, and what stands further down of their translations for the visitor."""
    first, rest = list(hits[:FIRST_HITS]), hits[FIRST_HITS:]
    foreign = {work(hit.document) for hit in first if hit.document.language != language}
    return first + [hit for hit in rest if hit.document.language == language and work(hit.document) in foreign]


def _in_language(one: Candidate, found: Sequence[Candidate], language: str) -> Candidate:
    """What says the same in the visitor's language: a sentence of a translation's same section, or one that answers as well."""
    if one.hit.document.language == language:
        return one
    own = [other for other in found if other.hit.document.language == language]
    translated = [other for other in own if work(other.hit.document) == work(one.hit.document)]
    same = [other for other in translated if _section(other.hit) == _section(one.hit)]
    near = [other for other in own if other.score >= one.score - OWN]
    return next(iter(same or near), one)


def _nearness(hit: Hit, span: Span) -> float:
    """The nearness of the best of the passage's sentences that are within a span."""
    inside = zip(hit.passage.sentences, hit.sentences, strict=True)
    return max(nearness for one, nearness in inside if span.start <= one.start and one.end <= span.end)


def _section(hit: Hit) -> int:
    """The number of the section a hit is in."""
    begin, _ = section(hit.document, hit.passage.start)
    return sum(heading.start < begin for heading in hit.document.headings)


def _rules_first(quotes: Sequence[Quote]) -> list[Quote]:
    """Of each document the rules before the exceptions, in the places its quotes had."""
    ordered = list(quotes)
    for identity in {quote.hit.document.id for quote in quotes}:
        places = [i for i, quote in enumerate(quotes) if quote.hit.document.id == identity]
        for place, quote in zip(places, sorted((quotes[i] for i in places), key=_is_exception), strict=True):
            ordered[place] = quote
    return ordered


def _is_exception(quote: Quote) -> bool:
    return bool(EXCEPTION.search(quote.text))


def _adds(quote: Quote, other: Quote) -> bool:
    mine, theirs = quote.hit.document, other.hit.document
    if mine.id == theirs.id and quote.start < other.end and other.start < quote.end:
        return False
    if mine.language != theirs.language and work(mine) == work(theirs):
        return False
    words, known = set(WORD.findall(quote.text.lower())), set(WORD.findall(other.text.lower()))
    return len(words & known) < OVERLAP * max(1, min(len(words), len(known)))
