"""PDF, page by page. Loaded only in the limited child process."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence

import pypdf
from pypdf.errors import LimitReachedError

from bot.errors import BrokenFile
from bot.knowledge.readers.encoding import one_line, printable
from bot.knowledge.readers.extract import GAP, Extract
from bot.knowledge.readers.paragraphs import goes_on, join_at, paragraphs

MAX_CHARACTERS = 10_000_000
PAGE_NUMBER = re.compile(
    r"(?:page|seite|стр\.?|страница|第)?\s*[-–—]?\s*\d{1,4}\s*[-–—]?\s*(?:(?:of|von|из|/)\s*\d{1,4}|页)?", re.IGNORECASE
)
WORD_PROCESSOR = re.compile(r"^Microsoft \w+ - ")
NO_TITLES = {"", "untitled", "unknown", "document1"}


def read(data: bytes, file: str) -> Extract:
    """The text of a PDF with the places where its pages begin. Raises BrokenFile if it holds none or is locked."""
    try:
        document = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if document.is_encrypted:
            raise BrokenFile(file, "is encrypted; save a copy without a password")
        pages: list[list[str]] = []
        size = 0
        for page in document.pages:
            text = printable(page.extract_text())
            size += len(text)
            if size > MAX_CHARACTERS:
                raise BrokenFile(file, f"unfolds to more than {MAX_CHARACTERS:,} characters")
            pages.append([line.strip() for line in text.split("\n")])
        title = one_line((document.metadata.title if document.metadata else "") or "")
    except LimitReachedError as error:
        raise BrokenFile(file, f"unfolds beyond the limit of the PDF parser ({one_line(str(error))[:200]})") from None
    text, starts = assemble([paragraphs(lines) for lines in _without_running_lines(pages)])
    if not text:
        raise BrokenFile(file, "holds no text: its pages are pictures; run text recognition (OCR) on it first")
    title = WORD_PROCESSOR.sub("", title)
    return Extract(text, pages=starts, title="" if title.lower() in NO_TITLES else title)


def assemble(pages: Sequence[Sequence[str]]) -> tuple[str, tuple[int, ...]]:
    """One text of the paragraphs of all pages, and where each page begins in it.

    A sentence that a page break cuts is whole again; its second half begins the later page.
    """
    blocks: list[str] = []
    starts: list[int] = []
    size = 0
    for page in pages:
        rest = list(page)
        if blocks and rest and goes_on(blocks[-1], rest[0]):
            stays, between = join_at(blocks[-1], rest[0])
            size += stays - len(blocks[-1]) + len(between)
            starts.append(size)
            size += len(rest[0])
            blocks[-1] = blocks[-1][:stays] + between + rest.pop(0)
        else:
            starts.append(size + len(GAP) if blocks else 0)
        for block in rest:
            size += len(block) + (len(GAP) if blocks else 0)
            blocks.append(block)
    return GAP.join(blocks), tuple(min(start, size) for start in starts)


def _without_running_lines(pages: Sequence[list[str]]) -> list[list[str]]:
    """The pages without page numbers and without the first and last lines that most pages share, save on the first."""
    filled = [_trimmed(page) for page in pages]
    seen = Counter(key for page in filled for key in {_key(line) for line in (page[:1] + page[-1:])})
    often = max(3, len(pages) // 2 + 1)
    kept: list[list[str]] = []
    met: set[str] = set()
    for page in filled:
        edges = {_key(line) for line in page[:1] + page[-1:]}
        for place in (0, -1):
            if page and (PAGE_NUMBER.fullmatch(page[place]) or (_key(page[place]) in met and seen[_key(page[place])] >= often)):
                page = page[1:] if place == 0 else page[:-1]
        kept.append(page)
        met |= edges
    return kept


def _trimmed(page: list[str]) -> list[str]:
    filled = [n for n, line in enumerate(page) if line]
    return page[filled[0] : filled[-1] + 1] if filled else []


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", line)
