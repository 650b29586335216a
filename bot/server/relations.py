"""What a document has to do with others: older and newer versions, and its editions in other languages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.dialogue.quoting.ranking import work
from bot.vocabulary import Document

Library = Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class Relations:
    """`newer`: nearest first, so that the last one holds; `older`: the same; `editions`: in other languages, valid ones only."""

    newer: tuple[Document, ...]
    older: tuple[Document, ...]
    editions: tuple[Document, ...]


def relations(found: Document, library: Library) -> Relations:
    """All that the library knows. A circle of documents that supersede each other ends where it began."""
    later = {one.supersedes: one.id for one in library.values() if one.supersedes}
    earlier = {one.id: one.supersedes for one in library.values()}
    editions = [one for one in standing(library) if one.id != found.id and work(one) == work(found)]
    return Relations(
        tuple(_chain(found.id, later, library)),
        tuple(_chain(found.id, earlier, library)),
        tuple(sorted(editions, key=lambda one: one.language)),
    )


def standing(library: Library) -> Iterator[Document]:
    """The documents that no other supersedes."""
    gone = {one.supersedes for one in library.values()}
    return (one for one in library.values() if one.id not in gone)


def ended(document: Document, today: date) -> bool:
    """Whether its last day has passed."""
    return bool(document.valid_until and document.valid_until < today)


def works(documents: Iterable[Document], language: str) -> list[tuple[Document, tuple[Document, ...]]]:
    """Each work once, in the order in which it comes first, with its other editions: in the language, else English, else any."""
    grouped: dict[str, list[Document]] = {}
    for one in documents:
        grouped.setdefault(work(one), []).append(one)
    return [_best(editions, language) for editions in grouped.values()]


def _best(editions: Sequence[Document], language: str) -> tuple[Document, tuple[Document, ...]]:
    first = min(editions, key=lambda one: (one.language != language, one.language != "en"))
    return first, tuple(one for one in editions if one is not first)


def _chain(identity: str, following: Mapping[str, str], library: Library) -> Iterator[Document]:
    seen = {identity}
    while (identity := following.get(identity, "")) in library and identity not in seen:
        seen.add(identity)
        yield library[identity]
