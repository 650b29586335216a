"""Countries: their names in the languages spoken here, and the code of what a visitor calls one. The only door to their names."""

from __future__ import annotations

import unicodedata
from functools import cache

from babel import Locale

from bot.vocabulary import LANGUAGES

# CLDR has codes for unions, test data and parts of countries too.
_NO_COUNTRIES = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"))
# What people write beside CLDR's names.
_ALSO = {
    "AE": ("uae", "u.a.e.", "оаэ", "vae"),
    "CN": ("prc", "кнр", "中国大陆"),
    "CZ": ("czech republic",),
    "GB": ("uk", "great britain", "england", "u.k."),
    "HK": ("hong kong", "香港"),
    "KR": ("korea", "корея"),
    "RU": ("russian federation", "российская федерация", "рф", "russische föderation", "俄罗斯联邦"),
    "TR": ("turkey",),
    "US": ("usa", "u.s.", "u.s.a.", "сша"),
}


@cache
def names(language: str) -> tuple[tuple[str, str], ...]:
    """Every country as (ISO 3166 code, name in a language), by name."""
    found = Locale(language).territories
    rows = [(code, name) for code, name in found.items() if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES]
    return tuple(sorted(rows, key=lambda row: _folded(row[1])))


def name(code: str, language: str) -> str:
    """The name of a code in a language; what is no code stays as it is."""
    return _by_code(language).get(code, code)


def code(given: str) -> str | None:
    """The code of a country that is named by its code or by its name in any language spoken here."""
    wanted = given.strip()
    if wanted.upper() in _by_code("en"):
        return wanted.upper()
    return _by_name().get(_folded(wanted))


@cache
def _by_code(language: str) -> dict[str, str]:
    return dict(names(language))


@cache
def _by_name() -> dict[str, str]:
    named = {_folded(name): code for language in LANGUAGES for code, name in names(language)}
    return named | {_folded(name): code for code, other in _ALSO.items() for name in other}


def _folded(text: str) -> str:
    """For comparing and ordering: without accents, so that Österreich stands beside Oman."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter) or letter == "\u0306")
