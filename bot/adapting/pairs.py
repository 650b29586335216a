"""What an encoder is trained on: texts that ask, each with a passage that answers; and what is kept aside to check it. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.passages import context
from bot.vocabulary import Document, Passage

Nearest = Callable[[str, Collection[str]], Sequence[int]]  # a question and documents to rows of their passages, best first
SHARED = 3  # a heading over more documents than this ("Penalties") says nothing of any of them
UNDER = 2  # passages that a title, a heading or a summary is paired with: those that come first
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the ids of the documents that answer it."""

    text: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A text that asks, a passage as it is to be read beside it, and the document of that passage."""

    anchor: str
    passage: str
    document: str


@dataclass(frozen=True, slots=True)
class Parts:
    """Documents and questions to learn from, and those kept aside: documents with every question that one of them answers."""

    learned: frozenset[str]
    aside: frozenset[str]
    questions: tuple[Question, ...]
    questions_aside: tuple[Question, ...]


def part(documents: Collection[str], questions: Sequence[Question], share: float) -> Parts:
    """Keeps documents aside, with every question that one of them answers, until these are `share` of the questions.

    Which ones follows from the documents' ids alone, so that a later adaptation keeps the same aside.
    """
    wanted = share * len(questions)
    aside: set[str] = set()
    kept: set[Question] = set()
    by_document: dict[str, list[Question]] = {}
    for question in questions:
        for identity in question.documents:
            by_document.setdefault(identity, []).append(question)
    for identity in sorted(set(documents) & by_document.keys(), key=_drawn):
        if len(kept) >= wanted:
            break
        aside.add(identity)
        kept.update(by_document[identity])
    learned = [question for question in questions if question not in kept]
    return Parts(
        frozenset(documents) - aside, frozenset(aside), tuple(learned), tuple(q for q in dict.fromkeys(questions) if q in kept)
    )


def pairs(
    documents: Mapping[str, Document],
    passages: Sequence[Passage],
    learned: Collection[str],
    questions: Sequence[Question],
    nearest: Nearest,
) -> list[Pair]:
    """All pairs of these documents and questions, near-duplicates once, in an order that follows from them alone.

    Questions are paired with the nearest passages of their documents, as these are embedded; titles, headings and summaries
    with what stands below them, without the line that would repeat them.
    """
    found = [*_asked(documents, passages, learned, questions, nearest), *_written(documents, passages, learned)]
    return list({_gist(pair): pair for pair in reversed(found)}.values())[::-1]


def embedded(document: Document, passage: Passage) -> str:
    """A passage as `knowledge.vectors` embeds it."""
    return f"{context(document, passage)}\n{passage.text}".strip()


def _asked(
    documents: Mapping[str, Document],
    passages: Sequence[Passage],
    learned: Collection[str],
    questions: Sequence[Question],
    nearest: Nearest,
) -> Iterator[Pair]:
    for question in questions:
        for row in nearest(question.text, set(question.documents) & set(learned)):
            passage = passages[row]
            yield Pair(question.text, embedded(documents[passage.document_id], passage), passage.document_id)


def _written(documents: Mapping[str, Document], passages: Sequence[Passage], learned: Collection[str]) -> Iterator[Pair]:
    """Titles, headings and summaries with the first passages below them."""
    below: dict[tuple[str, str], list[Passage]] = {}
    for passage in passages:
        if passage.document_id in learned:
            document = documents[passage.document_id]
            for anchor in dict.fromkeys((_title(document), document.summary, *_path(document, passage))):
                if anchor.strip():
                    below.setdefault((anchor, document.id), []).append(passage)
    over = Counter(_words(anchor) for anchor, _ in below)
    for (anchor, identity), some in below.items():
        if over[_words(anchor)] <= SHARED:
            yield from (Pair(anchor, passage.text, identity) for passage in some[:UNDER])


def _title(document: Document) -> str:
    return document.title if document.title != document.id else ""


def _path(document: Document, passage: Passage) -> Iterable[str]:
    """The heading path of a passage, each heading behind the title, without which it may say little."""
    title = _title(document)
    return [f"{title}: {heading}" if title else heading for heading in passage.section if heading != title]


def _gist(pair: Pair) -> tuple[str, str]:
    """What two pairs that say the same have in common: the words of both texts, whatever their case and punctuation."""
    return _words(pair.anchor), _words(pair.passage)


def _words(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))


def _drawn(identity: str) -> bytes:
    return hashlib.sha256(identity.encode()).digest()
