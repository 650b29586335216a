"""Text to index terms: lower case, acronyms joined, stop words left out, stemmed per language, Chinese as character pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import Stemmer
from bm25s import stopwords

JOINT = " "
ALGORITHMS = {"en": "english", "de": "german", "ru": "russian"}
ACRONYM = re.compile(r"\b(?:[^\W\d_]\.){2,}")
WORD = re.compile(r"[^\W_]+")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
QUESTION_WORDS = {
    "en": "what which who whom whose when where why how do does did can could may might must shall should would will please any",
    "de": "was wer wie wo wann warum welche welcher welches kann können darf dürfen muss müssen soll sollen bitte gibt",
    "ru": "что кто как где когда почему зачем какой какая какие каков можно нужно надо ли пожалуйста",
}


def terms(text: str, language: str) -> list[str]:
    """The index terms of a text, in order, with repeats."""
    joined = ACRONYM.sub(lambda found: found[0].replace(".", "") + " ", text)
    stop = _stop_words(language)
    words = [word for word in _words(joined.lower()) if word not in stop]
    stemmer = _stemmer(language)
    return stemmer(words) if stemmer else words


def phrases(words: Sequence[str]) -> list[str]:
    """Every two index terms that follow each other, as one term: "E.O. 14071", "Article 5n" and "833/2014" are such."""
    return [f"{first}{JOINT}{second}" for first, second in pairwise(words)]


def is_phrase(term: str) -> bool:
    """Whether a term is of two words."""
    return JOINT in term


def _words(text: str) -> Iterator[str]:
    for found in WORD.finditer(text):
        word = found[0]
        if not HAN.search(word):
            yield word
            continue
        for part in re.split(f"({HAN.pattern})", word):
            if HAN.fullmatch(part):
                yield from (part[i : i + 2] for i in range(len(part) - 1)) if len(part) > 1 else (part,)
            elif part:
                yield part


@lru_cache(maxsize=8)
def _stop_words(language: str) -> frozenset[str]:
    lists = {"en": stopwords.STOPWORDS_EN_PLUS, "de": stopwords.STOPWORDS_GERMAN, "ru": stopwords.STOPWORDS_RUSSIAN}
    return frozenset(lists.get(language, ())) | frozenset(QUESTION_WORDS.get(language, "").split())


def _stemmer(language: str) -> Stemmer.Stemmer | None:
    if language not in ALGORITHMS:
        return None
    # a Stemmer keeps state while it works and must not be shared by threads
    return Stemmer.Stemmer(ALGORITHMS[language], 0).stemWords
