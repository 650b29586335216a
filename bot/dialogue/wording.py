"""The reviewed template words of each language; the bot writes no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.dialogue import toml_lines
from bot.errors import BadDirectory
from bot.vocabulary import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's words, by section and key."""

    language: Language
    words: Mapping[str, Any]

    def text(self, *path: str, **values: object) -> str:
        """The words at a path, such as `("answer", "intro")`, with `{placeholders}` filled. Raises KeyError if missing."""
        found: Any = self.words
        for key in path:
            found = found[key]
        return str(found).format(**values) if values else str(found)

    def texts(self, *path: str) -> tuple[str, ...]:
        """A list of words at a path."""
        found: Any = self.words
        for key in path:
            found = found[key]
        return tuple(found)

    def day(self, when: date) -> str:
        """A date as it is written out."""
        row = self.words["date"]
        return str(row["pattern"].format(day=when.day, month=row["months"][when.month - 1], year=when.year))


def file(language: Language) -> str:
    """The name of a language's file."""
    return f"wording/{language}.toml"


def load(read: Callable[[str], bytes]) -> dict[Language, Wording]:
    """All languages; `read(name)` gives a file's bytes. Raises BadDirectory if one is broken or lacks a key that English has."""
    loaded: dict[Language, Wording] = {}
    for language in LANGUAGES:
        _, words = toml_lines.read(read(file(language)), file(language))
        loaded[language] = Wording(language, words)
    expected = set(_paths(loaded["en"].words))
    for language, wording in loaded.items():
        lacking = sorted(expected - set(_paths(wording.words)))
        if lacking:
            raise BadDirectory(file(language), f"lacks {lacking[0]!r}, which {file('en')} has")
    return loaded


def _paths(words: Mapping[str, Any], above: str = "") -> list[str]:
    paths: list[str] = []
    for key, value in words.items():
        paths += _paths(value, f"{above}{key}.") if isinstance(value, Mapping) else [above + key]
    return paths
