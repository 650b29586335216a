"""Searching the library: the bot's own search, its hits gathered by document, each with the excerpt that matches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from bot.dialogue.evidence import features
from bot.dialogue.inquiry import understand
from bot.dialogue.quotes import choose
from bot.dialogue.quoting.ranking import work
from bot.knowledge.search import Query
from bot.vocabulary import Document, Hit, Inquiry, Span
from bot.wiring import Engine

HITS = 40
DOCUMENTS = 12
LEAST = 0.25  # of the best score: what stands further down shares hardly more than a common word
EXCERPT = 260  # characters after which no further sentence is taken in
# Kinds that get no passages when they are asked get none when they are searched for. Single words are easily taken for one of the
# last two, which only ask about somebody, so these have to be more likely than all else together.
GUARDED = {"circumvention": 0.0, "screening": 0.5, "prohibited_client": 0.5}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for. Empty strings are no limit."""

    text: str = ""
    topic: str = ""
    law: str = ""
    language: str = ""

    @property
    def limited(self) -> bool:
        """Whether there is any limit beside the text."""
        return bool(self.topic or self.law or self.language)

    def admits(self, document: Document) -> bool:
        """Whether a document is within the limits."""
        return (
            self.topic in ("", *document.topics)
            and self.law in ("", *document.jurisdictions)
            and self.language in ("", document.language)
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A document with the part of its text that matches; `start` and `end` count its characters."""

    document: Document
    section: str
    excerpt: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Results:
    """What was found, best first; or, where the text is of a `guarded` kind, that kind and nothing else."""

    inquiry: Inquiry
    found: tuple[Found, ...] = ()
    guarded: str = ""


def search(engine: Engine, wish: Wish, among: Collection[str] | None, today: date, language: str) -> Results:
    """Results for a text, in documents `among` these where given, each work once: in the page's `language` where it matches."""
    reading = engine.read(wish.text)
    inquiry = understand(wish.text, engine.labeller.judge(reading.traits))
    if inquiry.kind in GUARDED and inquiry.confidence > GUARDED[inquiry.kind]:
        return Results(inquiry, guarded=inquiry.kind)
    query = Query(wish.text, reading.vector, inquiry.language, (wish.law,) if wish.law else (), among, today)
    hits = tuple(engine.search(query, HITS))
    quotes = tuple(choose(wish.text, hits, inquiry.language, inquiry.jurisdictions))
    if not quotes or engine.gate(features(wish.text, hits, quotes, inquiry.language)) < engine.gate.threshold:
        hits = tuple(hit for hit in hits if hit.sparse > 0)  # what shares no word is as good as any other
    return Results(inquiry, gathered(hits, language))


def gathered(hits: Sequence[Hit], language: str) -> tuple[Found, ...]:
    """A result for each work, in the order of its best hit: its edition in `language`, else the one that matches best."""
    best: dict[str, Hit] = {}
    for hit in (hit for hit in hits if hit.score >= LEAST * hits[0].score):
        name = work(hit.document)
        if name not in best or (hit.document.language == language != best[name].document.language):
            best[name] = hit
    return tuple(found(hit) for hit in list(best.values())[:DOCUMENTS])


def found(hit: Hit) -> Found:
    """A hit as a result: its nearest sentence, and those behind it while they are short."""
    spans = hit.passage.sentences or (Span(hit.passage.start, hit.passage.end),)
    first = max(range(len(spans)), key=lambda place: hit.sentences[place] if place < len(hit.sentences) else 0.0)
    last = first
    while last + 1 < len(spans) and spans[last + 1].end - spans[first].start <= EXCERPT:
        last += 1
    start, end = spans[first].start, spans[last].end
    excerpt = hit.document.text[start:end]
    return Found(hit.document, " › ".join(hit.passage.section), excerpt, start, end)
