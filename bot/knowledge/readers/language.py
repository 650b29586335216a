"""The language a document is written in, by all its words: a name like Türkiye makes no English text German."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.vocabulary import LANGUAGES

LOOKED_AT = 2_000


def detect(text: str) -> str:
    """One of LANGUAGES, from the first 2,000 characters; "en" where there are no letters."""
    start = text[:LOOKED_AT]
    if not any(map(str.isalpha, start)):
        return "en"
    return str(_identifier().classify(start)[0])


def known(code: str) -> str:
    """A language tag as a page gives it ("de-CH", "ru_RU") as one of LANGUAGES; "en" for any other; "" stays."""
    short = code.strip().replace("_", "-").partition("-")[0].lower()
    return short if short in LANGUAGES or not short else "en"


@lru_cache(maxsize=1)
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
