"""Where in its file a document's parts stand, so that whoever finds a fault can name the line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.knowledge.readers.fields import Where
from bot.vocabulary import Document


@dataclass(frozen=True, slots=True)
class Link:
    """A link as written, and its line."""

    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines count from 1. `fields` has those of the front matter; `blocks` are (offset in the text, line), in order."""

    fields: Mapping[Where, int] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    blocks: tuple[tuple[int, int], ...] = ()

    def line(self, *where: str | int) -> int | None:
        """The line of the innermost part of a field that is known; else that on which the document begins, if there is one."""
        ways = (where[:n] for n in range(len(where), 0, -1))
        return next((self.fields[way] for way in ways if way in self.fields), 1 if self.fields else self.line_at(0))

    def line_at(self, offset: int) -> int | None:
        """The line on which the block begins that holds a character of the document's text."""
        place = bisect_right(self.blocks, offset, key=lambda block: block[0])
        return self.blocks[place - 1][1] if place else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document and where its parts stand; of anything but Markdown and JSON lines that is not known."""

    document: Document
    layout: Layout = Layout()

    @property
    def has_front_matter(self) -> bool:
        """Whether an editor can add fields to it."""
        return bool(self.layout.fields)
