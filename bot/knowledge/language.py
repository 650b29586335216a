"""Which of the product's languages a text is written in. By script where that decides, else by py3langid."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.vocabulary import Language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
UMLAUT = re.compile(r"[äöüßÄÖÜẞ]")
GERMAN_WORDS = re.compile(
    r"\b(?:der|die|das|den|dem|und|oder|ist|sind|wir|ich|wie|was|wer|welche[rsn]?|für|mit|nach|von|bei|nicht|kann|können|darf|dürfen|"
    r"muss|müssen|eine[rnms]?|unsere?[nrms]?|gibt|gilt|zum|zur|im|auf|aus|Sie|Ihre?[nrms]?)\b",
    re.IGNORECASE,
)


def detect(text: str, otherwise: Language = "en") -> Language:
    """The language of a text; of a mixed one that with the most words (a Han character counts as half a word's letters).

    `otherwise` is given for a text that has no letters.
    """
    han, cyrillic, latin = len(HAN.findall(text)) * 3, len(CYRILLIC.findall(text)), len(LATIN.findall(text))
    if not han + cyrillic + latin:
        return otherwise
    if han >= cyrillic and han * 2 >= latin:
        return "zh"
    if cyrillic * 2 >= latin:
        return "ru"
    return _english_or_german(text)


def _english_or_german(text: str) -> Language:
    if UMLAUT.search(text):
        return "de"
    words = text.split()
    if len(words) < 4:
        return (
            "de"
            if GERMAN_WORDS.search(text) and not re.search(r"\b(?:the|is|are|what|how|who|die of)\b", text, re.IGNORECASE)
            else "en"
        )
    language, _ = _identifier().classify(text)
    return "de" if language == "de" else "en"


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["en", "de"])
    return identifier
