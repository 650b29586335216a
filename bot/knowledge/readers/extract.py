"""What a reader takes out of a file, and how its text is put together so that offsets hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.knowledge.readers.encoding import one_line, printable
from bot.vocabulary import Heading

GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file and what the file says about itself; empty where it says nothing."""

    text: str
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    title: str = ""
    published: date | None = None
    language: str = ""
    url: str = ""


class Composer:
    """Puts blocks under each other, an empty line between them, and remembers where the headings stand."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []

    def block(self, text: str) -> None:
        """Adds a paragraph, list or table, each line of which is read as a text of its own. Empty ones are left out."""
        kept = printable(text).strip()
        if kept:
            self._add(kept)

    def heading(self, level: int, text: str) -> None:
        """Adds a heading on a line of its own."""
        kept = one_line(text)
        if kept:
            self._headings.append(Heading(self._add(kept), level, kept))

    @property
    def text(self) -> str:
        """All blocks so far."""
        return GAP.join(self._blocks)

    @property
    def next_start(self) -> int:
        """Where the next block will begin."""
        return self._length + len(GAP) if self._blocks else 0

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings so far, with their places in the text."""
        return tuple(self._headings)

    @property
    def says_something(self) -> bool:
        """Whether there is anything but headings."""
        return len(self._blocks) > len(self._headings)

    def _add(self, text: str) -> int:
        start = self.next_start
        self._blocks.append(text)
        self._length = start + len(text)
        return start
