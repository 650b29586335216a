"""What a turn that leans takes over from the turns before, as text: their words, with places and years that it replaces. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.places import PATTERNS
from bot.dialogue.references import content
from bot.knowledge.language import HAN, detect

LAWGIVERS = frozenset({"US", "EU", "UK", "CH"})  # they make the sanctions; other places are where one trades
RUSSIA = re.compile(r"\bRussia\b|Росси\w*|\bРФ\b|俄罗斯|俄国|\bRussland\w*")
WORD_END = re.compile(r"[^\W\u4e00-\u9fff]*")
WORD_BEFORE = re.compile(r"(?:([^\W\u4e00-\u9fff]+)\s+|([在到向对往从给由]))$")
ARTICLES = frozenset({"the", "der", "die", "den", "dem"})
HAN_FILLERS = re.compile(r"[那呢吗么的在也还是和与对按从呀啊又]")  # words of one character that carry nothing
YEAR = re.compile(r"(?<![\d/.,-])(?:19|20)\d\d(?![\d/])")
MOST_PARTS = 3  # turns that are carried over: the one that stands alone, and the last that leaned on it
LONGEST = 600  # characters carried over; the encoder reads about as much


@dataclass(frozen=True, slots=True)
class Mention:
    """A place or year named in a text, from `start` to `end`, and the word before it ("to", "in", "nach", "в")."""

    what: str
    start: int
    end: int
    before: str


@dataclass(frozen=True, slots=True)
class Carried:
    """A turn written out: `text` stands alone, `over` is what it took over, `replaced` the (old, new) names in that."""

    text: str
    over: str
    replaced: tuple[tuple[str, str], ...]


def write_out(turn: str, before: Sequence[str]) -> Carried:
    """The turn with what was asked before, oldest first: the question that stood alone, then those that leaned on it.

    A place or year that a later one names takes the place of those of its sort in the earlier; of what leaned, only the last
    that named more than these is kept.
    """
    kept: list[str] = []
    replaced: list[tuple[str, str]] = []
    for text in before:
        kept = [_replace(part, text)[0] for part in kept]
        kept.append(text)
    found = [_replace(part, turn) for part in kept]
    for _, pairs in found:
        replaced += [pair for pair in pairs if pair not in replaced]
    parts = [found[0][0], *(part for part, _ in found[1:] if _says_more(part))] if found else []
    parts = [parts[0], *parts[1:][-(MOST_PARTS - 1) :]] if parts else []
    over = " ".join(parts)[:LONGEST].strip()
    return Carried(f"{over} {turn}".strip(), over, tuple(replaced))


def _says_more(text: str) -> bool:
    """Whether a text holds more than places, years and words that any question has."""
    bare = text
    for mention in sorted([*_places(text), *_years(text)], key=lambda one: -one.start):
        bare = bare[: mention.start] + " " + bare[mention.end :]
    return bool(content(HAN_FILLERS.sub(" ", bare), detect(text)))


def _replace(text: str, newer: str) -> tuple[str, list[tuple[str, str]]]:
    """The text with the places and years that `newer` replaces, and which by which."""
    changes = [*_instead(_places(text), _places(newer), newer), *_years_instead(text, newer)]
    pairs: list[tuple[str, str]] = []
    for mention, words in sorted(changes, key=lambda change: -change[0].start):
        pairs.insert(0, (text[mention.start : mention.end], words))
        text = text[: mention.start] + words + text[mention.end :]
    return text, pairs


def _years_instead(text: str, newer: str) -> list[tuple[Mention, str]]:
    years = _years(newer)
    if not years:
        return []
    new = newer[years[0].start : years[0].end]
    return [(old, new) for old in _years(text) if old.what != new]


def _instead(old: Sequence[Mention], new: Sequence[Mention], newer: str) -> list[tuple[Mention, str]]:
    """Which places give way to which words: those of the same sort, and of these, the ones named with the same word before."""
    changes: list[tuple[Mention, str]] = []
    kept = {mention.what for mention in new}
    for sort in (True, False):
        ours = [mention for mention in new if (mention.what in LAWGIVERS) is sort]
        theirs = [mention for mention in old if (mention.what in LAWGIVERS) is sort]
        if not ours or not theirs:
            continue
        words = newer[ours[0].start : ours[0].end]
        if not sort:
            theirs = _given_way(theirs, ours[0], bool(len(old) > len(theirs)))
        alike = [mention for mention in theirs if mention.before and mention.before == ours[0].before]
        changes += [(mention, words) for mention in alike or theirs if mention.what not in kept]
    return changes


def _given_way(theirs: Sequence[Mention], new: Mention, law_named: bool) -> list[Mention]:
    """Of places of trade those that may give way. Russia, of which nearly all is said, does where it is the only place named,
    or stands in the same way as the new one."""
    others = [mention for mention in theirs if mention.what != "RU"]
    russia = [mention for mention in theirs if mention.what == "RU"]
    if others:
        return others
    return [mention for mention in russia if not law_named or (mention.before and mention.before == new.before)]


def _places(text: str) -> list[Mention]:
    apart_from_han = HAN.sub(" ", text)  # "OFAC的": no word ends before a Han character
    found = [
        _mention(text, code, match.start(), match.end())
        for code, pattern in PATTERNS.items()
        for searched in dict.fromkeys((text, apart_from_han))
        for match in pattern.finditer(searched)
    ]
    found += [_mention(text, "RU", match.start(), match.end()) for match in RUSSIA.finditer(text)]
    apart: list[Mention] = []
    for mention in sorted(found, key=lambda one: (one.start, -one.end)):
        if not apart or mention.start >= apart[-1].end:
            apart.append(mention)
    return apart


def _mention(text: str, what: str, start: int, end: int) -> Mention:
    whole = WORD_END.match(text, end)
    end = whole.end() if whole else end
    lead = text[:start].rstrip()
    for article in ARTICLES:
        if lead.lower().endswith(f" {article}"):
            lead = lead[: -len(article)]
    word = WORD_BEFORE.search(lead.rstrip() + (" " if lead[-1:].isascii() and lead else ""))
    return Mention(what, start, end, (word[1] or word[2] or "").lower() if word else "")


def _years(text: str) -> list[Mention]:
    return [Mention(match[0], match.start(), match.end(), "") for match in YEAR.finditer(text)]
