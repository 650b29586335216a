"""Lines of a fixed width back to paragraphs, so that sentences are whole again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

BULLET = re.compile(r"(?:[-•*–▪◦·‣]|\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-z]|[ivx]{1,4})[.)])\s+\S")
SENTENCE_END = re.compile(r"[.!?:;。！？：；…][\"'”’»)\]]*$")
SPLIT_WORD = re.compile(r"[^\W\d_][-\u00ad\u2010]$")
WIDE_SCRIPT = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
FULL_LINE = 0.85
SHORT_LINE = 0.6


def paragraphs(lines: Iterable[str]) -> list[str]:
    """The paragraphs of a text given by its lines. An empty line, a list mark and a line ended early part them."""
    kept = [" ".join(line.split()) for line in lines]
    width = _width(kept)
    made: list[list[str]] = []
    last = ""
    for line in kept:
        if line and last and not _ends(last, line, width):
            stays, between = join_at(last, line)
            made[-1][-1:] = [last[:stays], between, line]
        elif line:
            made.append([line])
        last = line
    return ["".join(parts) for parts in made]


def goes_on(before: str, after: str) -> bool:
    """Whether a paragraph that a page break ended goes on in `after`."""
    return not SENTENCE_END.search(before) and (
        after[0].islower() or bool(WIDE_SCRIPT.match(after) and WIDE_SCRIPT.search(before[-1:]))
    )


def join_at(before: str, after: str) -> tuple[int, str]:
    """How two lines join: how many characters of the first stay, and what comes between them."""
    if SPLIT_WORD.search(before):
        return (len(before) - 1 if after[0].islower() or before[-1] == "\u00ad" else len(before)), ""
    if WIDE_SCRIPT.search(before[-1:]) and WIDE_SCRIPT.match(after):
        return len(before), ""
    return len(before), " "


def _ends(last: str, line: str, width: int) -> bool:
    if BULLET.match(line):
        return True
    if SENTENCE_END.search(last):
        return len(last) < FULL_LINE * width
    return not line[0].islower() and len(last) < SHORT_LINE * width


def _width(lines: Sequence[str]) -> int:
    """The length that all but a tenth of the lines keep to."""
    sizes = sorted(len(line) for line in lines if line)
    return sizes[len(sizes) * 9 // 10] if sizes else 0
