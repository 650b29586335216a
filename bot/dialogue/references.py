"""By which words a turn points back at what was said before, in the four languages. Pure."""

from __future__ import annotations

import re

from bot.knowledge.words import terms
from bot.vocabulary import LANGUAGES, Language

OPENING = re.compile(
    r"\s*(?:(?:ok(?:ay)?|yes|no|well|thanks?|thank you|i see|да|нет|ясно|спасибо|хорошо"
    r"|ja|nein|gut|danke|好的?|谢谢)\b[,.!]?\s*)*"
    r"(?:and\b|but\b|or\b|so\b|then\b|also\b|even\b|what about\b|how about\b|what if\b|same\b|what of\b|i meant?\b"
    r"|why\b(?=\W*$)|since when\b"
    r"|а\b|и\b|но\b|или\b|тогда\b|тоже\b|даже\b|то же\b|почему\b(?=\W*$)|с каких пор\b"
    r"|und\b|aber\b|oder\b|dann\b|auch\b|sogar\b|was ist mit\b|wie ist es mit\b|warum\b(?=\W*$)|seit wann\b"
    r"|那|那么|还|也|如果|但|为什么[？?]?$)",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|one|ones|the same|such|so|both"
    r"|either)\b"
    r"|\b(?:он|она|оно|они|его|её|ее|их|ему|ей|им|ими|нему|ней|них|ним|ними|этого|этому|этим|этом|это|эти|этих|этот|эту"
    r"|такой|такие|там|туда|оттуда|тоже)\b"
    r"|\b(?:er|sie|es|ihn|ihm|ihr|ihre[nmrs]?|ihnen|sein(?:e[nmrs]?)?|das|dies\w*|jene\w*"
    r"|da(?:für|mit|von|zu|bei|gegen|nach|rauf|ran|rin|rüber|durch|hin|raus)|dort|solche\w*)\b"
    r"|它|他|她|这|那|此|该|其|也|呢",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<![.?!:]\s)(?<!^)\b(?:[A-ZА-ЯЁÄÖÜ]\w+|[A-ZА-Я]{2,}\w*|\w*\d\w*)")  # German nouns count too
POINTED = re.compile(
    r"\b(?:this|that|these|those|the|such)\s+(?:[\w'’-]+\s+){0,2}?(?P<en>[\w-]{3,})"
    r"|\b(?:эт(?:от|а|о|и|ого|ой|ому|ом|у|их|им|ими)|данн\w+|так(?:ой|ая|ое|ие|их))\s+(?P<ru>[\w-]{3,})"
    r"|\b(?:dies\w*|jene\w*|der|die|das|den|dem|des)\s+(?:[a-zäöüß]+\s+)?(?P<de>(?-i:[A-ZÄÖÜ])\w{2,})"
    r"|(?:这|那|该|此)[个家位部本座条种些只名所面首场次艘支]?(?P<zh>[\u4e00-\u9fff]{2})",
    re.IGNORECASE,
)


def opens_as_a_follow_up(text: str) -> bool:
    """Whether a text begins as one goes on: "and", "what about", "а", "und", "那"."""
    return bool(OPENING.match(text))


def points_back(text: str) -> bool:
    """Whether a text holds a pronoun, or a word like one, that stands for something said before."""
    return bool(PRONOUN.search(text))


def content(text: str, language: Language) -> frozenset[str]:
    """The index terms of a text that carry what it is about."""
    return frozenset(term for term in terms(text, language) if len(term) > 2 or not term.isascii() or term.isdigit())


def names(text: str) -> int:
    """How many words of a text, but for its first, look like a name, an abbreviation or a number."""
    return len(NAME.findall(text))


def names_what_nothing_before_does(text: str, before: str) -> bool:
    """Whether a text speaks of "the", "this" or "that" thing, and `before` holds no word for one of these."""
    pointed = [(language, found[language]) for found in POINTED.finditer(text) for language in LANGUAGES if found[language]]
    return not all(content(thing, language) & content(before, language) for language, thing in pointed)
