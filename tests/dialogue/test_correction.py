"""Letters hold what was shown and template words, in every language, with a place for the correction."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import shipped
from bot.desks import Desk
from bot.dialogue import wording
from bot.dialogue.correction import Enclosure, letters
from bot.dialogue.wording import Wording
from bot.store.recall import Shown
from bot.vocabulary import LANGUAGES, Document, Language

FOLDER = shipped.folder("corpus")
WORDS = wording.load(lambda name: (FOLDER / name).read_bytes())
DESK = Desk("russia", "Russia desk", "russia@example.com")
PAGE = Document("articles/fees", "Fees now", "text")
NEWER = Document("articles/fees-2027", "Fees of 2027", "text", url="https://example.com/fees")
PLAIN = Enclosure(DESK, PAGE, NEWER, "https://desk.example.com/")
FIRST, LAST = datetime(2026, 3, 1, 23, 59, tzinfo=UTC), datetime(2026, 5, 31, tzinfo=UTC)


def shown(language: str, text: str = "The fee is {fifty} & <b>.", first: datetime = FIRST, last: datetime = LAST) -> Shown:
    return Shown(language, "articles/fees", "articles/fees#1", "Fees", "en", text, 3, first, last)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_a_template_or_was_shown(language: Language) -> None:
    words = WORDS[language]
    (letter,) = letters([shown(language), shown(language, "It is due at once.")], WORDS, PLAIN)
    values = {"title": "Fees", "first": words.day(FIRST.date()), "last": words.day(LAST.date())}
    left = letter.text.replace("“The fee is {fifty} & <b>.”", "", 1).replace("“It is due at once.”", "", 1)
    for key in ("greeting", "shown_between", "quotes", "correction", "place", "closing"):
        text = words.text("recall", key, **values)
        assert text in left
        left = left.replace(text, "", 1)
    for text in (
        words.text("recall", "page", address="https://desk.example.com/library/articles/fees"),
        words.text("recall", "newer", title="Fees of 2027", address="https://example.com/fees"),
        words.text("recall", "contact", name="Russia desk", email="russia@example.com"),
        "" if language == "en" else words.text("answer", "foreign"),
        words.text("page", "firm"),
    ):
        assert text in left
        left = left.replace(text, "", 1)
    assert left.strip() == ""
    assert letter.subject == words.text("recall", "subject", title="Fees")


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_places_to_fill(language: Language) -> None:
    def places(words: Wording) -> dict[str, set[str]]:
        return {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in words.words["recall"].items()}

    assert places(WORDS[language]) == places(WORDS["en"])
    place = WORDS[language].text("recall", "place")
    assert place.startswith("[…")
    assert place.endswith("…]")


def test_one_letter_a_language_with_its_own_dates_and_the_last_title() -> None:
    early = replace(shown("en", "Old words.", FIRST, FIRST), title="Old title")
    made = letters([early, shown("en"), shown("ru", first=LAST)], WORDS, PLAIN)
    assert [letter.language for letter in made] == ["en", "ru"]
    assert "Between 1 March 2026 and 31 May 2026" in made[0].text
    assert "31 мая 2026 г." in made[1].text
    assert "1 марта" not in made[1].text
    assert made[0].subject == WORDS["en"].text("recall", "subject", title="Fees")
    assert "Old words." in made[0].text
    assert "Old words." not in made[1].text


def test_a_document_that_is_gone_has_no_link() -> None:
    (letter,) = letters([shown("en")], WORDS, replace(PLAIN, document=None, newer=None))
    assert "://" not in letter.text
    assert "russia@example.com" in letter.text


def test_a_site_that_is_not_known_is_a_place_to_fill() -> None:
    (letter,) = letters([shown("en")], WORDS, replace(PLAIN, site_url=""))
    assert "The document: […]/library/articles/fees\n" in letter.text


def test_only_web_addresses_stand_in_for_the_page() -> None:
    odd = replace(PAGE, url="javascript:alert(1)")
    (letter,) = letters([shown("en")], WORDS, replace(PLAIN, document=odd))
    assert "javascript" not in letter.text


def test_nothing_shown_no_letter() -> None:
    assert letters([], WORDS, PLAIN) == []
