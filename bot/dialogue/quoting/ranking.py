"""How well each sentence of the hits answers a question: nearness, and whether it states what is asked for. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.dialogue.places import missing, places
from bot.dialogue.quoting.asking import Want, wants
from bot.dialogue.quoting.stating import states
from bot.vocabulary import Document, Hit

WANTED: tuple[Want, ...] = ("decision", "duration", "amount", "date", "actor", "definition", "items")
# fitted by `python -m tests.bench.quote_weights`
WEIGHTS = {
    "sentence": 1.2,
    "passage": 0.53,
    "hit": 0.49,
    "first": 1.02,
    "heading": 0.28,
    "decision": 1.02,
    "duration": 0.74,
    "amount": 1.88,
    "date": 1.36,
    "actor": 1.52,
    "definition": 0.89,
    "items": 0.96,
    "lead-in": 0.36,
    "words": 0.19,
    "place missing": -0.75,
    "has translation": -0.64,
    "hundreds of characters": -0.22,
}
DENSE_SCRIPT = 3  # letters that a Chinese character counts for
WORD = re.compile(r"[^\W_]+")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
LEAD_IN = re.compile(r"[:：]$")
STEM = 6  # letters by which a word is told, of at least four


@dataclass(frozen=True, slots=True)
class Question:
    """A question as sentences are held against it: what it asks for, its words' stems, the countries it names."""

    language: str
    wanted: frozenset[Want]
    words: frozenset[str]
    places: frozenset[str]

    @classmethod
    def of(cls, text: str, language: str) -> Question:
        """The question in a visitor's text of that language."""
        return cls(language, wants(text, language), stems(text), places(text))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Sentence `index` of a hit. `score` says how well it answers, in spreads of nearness; higher is better."""

    hit: Hit
    index: int
    score: float

    @property
    def nearness(self) -> float:
        """The sentence's nearness to the question."""
        return self.hit.sentences[self.index]


def ranked(question: Question, hits: Sequence[Hit]) -> list[Candidate]:
    """All sentences of the hits, the one that answers best first."""
    weights = tuple(WEIGHTS.values())
    found = [
        Candidate(hit, i, sum(weight * value for weight, value in zip(weights, values, strict=True)))
        for hit, i, values in features(question, hits)
    ]
    return sorted(found, key=lambda one: -one.score)


def features(question: Question, hits: Sequence[Hit]) -> Iterator[tuple[Hit, int, tuple[float, ...]]]:
    """What speaks for each sentence of the hits, in the order of WEIGHTS.

    Nearnesses are taken from the best and divided by their spread, so that the weights hold for any encoder.
    """
    nearnesses = [nearness for hit in hits for nearness in hit.sentences]
    if not nearnesses:
        return
    top, spread = max(nearnesses), _spread(nearnesses)
    of_hits = [hit.nearness for hit in hits]
    best, hit_spread = max(of_hits), _spread(of_hits)
    readable = {work(hit.document) for hit in hits if hit.document.language == question.language}
    for hit in hits:
        document = hit.document
        foreign = document.language != question.language
        around = " ".join((document.title, *hit.passage.section))
        heading = _heading(hit.passage.section[-1]) if hit.passage.section else frozenset()
        asked = len(question.words & heading) / max(1, len(heading))
        elsewhere = question.places - set(document.jurisdictions)
        for i, nearness in enumerate(hit.sentences):
            text = sentence(hit, i)
            yield (
                hit,
                i,
                (
                    (nearness - top) / spread,
                    (hit.nearness - best) / hit_spread,
                    hit.score - hits[0].score,
                    float(i == 0),
                    asked * (i == 0),
                    *(float(want in question.wanted and states(text, want, document.language)) for want in WANTED),
                    float("items" in question.wanted and bool(LEAD_IN.search(text))),
                    0.0 if foreign else len(question.words & stems(text)) / max(1, len(question.words)),
                    float(bool(elsewhere) and bool(missing(elsewhere, f"{around} {text}"))),
                    float(foreign and work(document) in readable),
                    len(text) * (DENSE_SCRIPT if document.language == "zh" else 1) / 100,
                ),
            )


def sentence(hit: Hit, index: int) -> str:
    """The words of a sentence of a hit's passage."""
    span, offset = hit.passage.sentences[index], hit.passage.start
    return hit.passage.text[span.start - offset : span.end - offset]


def work(document: Document) -> str:
    """The id without its language: documents that have it in common are translations of each other."""
    return "/".join(part for part in document.id.split("/") if part != document.language)


def _spread(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) or 1.0


@lru_cache(maxsize=4096)
def _heading(text: str) -> frozenset[str]:
    return stems(text)


def stems(text: str) -> frozenset[str]:
    """The beginnings of a text's longer words, and its pairs of Chinese characters."""
    found: set[str] = set()
    for word in WORD.findall(text.lower()):
        if not word.isascii() and HAN.match(word):
            found.update(word[i : i + 2] for i in range(len(word) - 1))
        elif len(word) > 3 or word.isdigit():
            found.add(word[:STEM])
    return frozenset(found)
