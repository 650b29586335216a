"""Which law a text names, and what that does to what is quoted."""

from __future__ import annotations

import pytest

from bot.dialogue.jurisdictions import named
from bot.dialogue.quotes import readable, under
from bot.vocabulary import Document, Hit, Passage


@pytest.mark.parametrize(
    ("text", "laws"),
    [
        ("Which Russian approvals does an EU owner need to sell a company?", ("EU", "RU")),
        ("What do EU sanctions on Russia say?", ("EU",)),
        ("does ofac's rule add shares, OFAC?", ("US",)),
        ("tell us what changed", ()),
        ("санкции против России", ()),
        ("налоги в России", ("RU",)),
        ("对俄罗斯制裁", ()),
        ("在俄罗斯注册公司", ("RU",)),
        ("Sanktionen der Schweiz gegen Russland", ("CH",)),
        ("unsere russische Tochter", ("RU",)),
        ("Article 5n of Regulation 833/2014", ("EU",)),
        ("Лицензия OFSI", ("UK",)),
    ],
)
def test_a_law_is_named_by_its_regulator_its_acts_or_its_country(text: str, laws: tuple[str, ...]) -> None:
    assert set(named(text)) == set(laws)


def hit(identity: str, *laws: str, language: str = "en") -> Hit:
    document = Document(identity, identity, "x", jurisdictions=laws, language=language)
    return Hit(Passage(f"{identity}#0", identity, 0, 1, "x"), document, 1.0, 0.8, 1.0)


def test_a_named_law_keeps_the_others_out_where_there_is_something_under_it() -> None:
    american, european, general = hit("us", "US"), hit("eu", "EU", "RU"), hit("policy")
    assert under([american, european, general], ("EU",)) == [european, general]
    assert under([american, european], ("UK",)) == [american, european]
    assert under([american, european], ()) == [american, european]
    assert under([american, european], ("RU",)) == [american, european]


def test_quotes_are_in_a_language_the_visitor_reads() -> None:
    english, chinese, german = hit("a"), hit("b", language="zh"), hit("c", language="de")
    assert readable([chinese, english, german], "de") == [english, german]
    assert readable([chinese], "de") == [chinese]
