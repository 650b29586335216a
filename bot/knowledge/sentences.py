"""Where sentences begin and end. sentencex finds the candidates; two rules join what it cuts too early."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from bot.vocabulary import Span

LINE = re.compile(r"[^\n]+")
LIST_MARK = re.compile(r"(?:[-•*–]|\(?[0-9a-zA-Zivx]{1,4}[.)])\s*$")
ABBREVIATED = {
    "ru": re.compile(
        r"(?:^|[\s(«])(?:ст|ч|п|пп|г|гг|т\.\s?е|т\.\s?д|т\.\s?п|т\.\s?к|напр|руб|коп|млн|млрд|тыс|янв|фев|авг|сент|окт|нояб|дек|им|ул|д|см)\.$"
    ),
    "de": re.compile(
        r"(?:^|[\s(])(?:Abs|Art|Nr|Ziff|Buchst|Anh|Kap|bzw|ggf|ca|vgl|inkl|Jan|Feb|Aug|Sept|Okt|Nov|Dez|Mio|Mrd)\.$"
    ),
    "en": re.compile(
        r"(?:^|[\s(])(?:No|Nos|Art|Arts|Sec|Secs|para|paras|Reg|Regs|Pub|Fed|Stat|cf|approx|Inc|Ltd|Co|Corp|vs|v)\.$"
    ),
}


def sentences(text: str, language: str) -> Iterator[Span]:
    """Spans of the sentences of `text`, in order, without surrounding white space. A line break always ends one."""
    for line in LINE.finditer(text):
        pending: Span | None = None
        for piece in _pieces(line.group(), language, line.start()):
            if pending is None:
                pending = piece
            elif _goes_on(text[pending.start : pending.end], text[piece.start : piece.end], language):
                pending = Span(pending.start, piece.end)
            else:
                yield pending
                pending = piece
        if pending is not None:
            yield pending


def _pieces(line: str, language: str, offset: int) -> Iterator[Span]:
    for found in sentencex.get_sentence_boundaries(language, line):
        piece = line[found["start_index"] : found["end_index"]]
        kept = piece.strip()
        if kept:
            start = offset + found["start_index"] + piece.index(kept[0])
            yield Span(start, start + len(kept))


def _goes_on(before: str, after: str, language: str) -> bool:
    """Whether the sentence was cut too early: a small letter follows, an abbreviation or a list mark ends the part."""
    if after[0].islower() or LIST_MARK.fullmatch(before):
        return True
    abbreviated = ABBREVIATED.get(language)
    return bool(abbreviated and abbreviated.search(before) and (after[0].isdigit() or language != "ru"))
