"""Countries by name in four languages, and not by words that look like one."""

from __future__ import annotations

import pytest

from bot.dialogue.places import missing, places


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Can I export to Iran?", {"IR"}),
        ("Можно ли поставлять в Турцию и Казахстан?", {"TR", "KZ"}),
        ("加拿大对进口俄罗斯木材有什么禁令？", {"CA"}),
        ("Was gilt in der Schweiz und im Vereinigten Königreich, laut OFSI?", {"CH", "UK"}),
        ("May US persons and BIS licensees do so?", {"US"}),
        ("Please tell us what to do bis Freitag", set()),
        ("Russian rules on indivisible goods", set()),
    ],
)
def test_countries_are_known_by_their_names(text: str, codes: set[str]) -> None:
    assert places(text) == codes


def test_what_a_text_does_not_name_is_missing() -> None:
    assert missing(["IR", "TR"], "Exports to Turkey are free.") == ["IR"]
