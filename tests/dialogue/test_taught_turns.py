"""followups.toml: what is read, and what is refused with its line."""

from __future__ import annotations

from collections import Counter

import pytest

from bot import shipped
from bot.dialogue import taught_turns
from bot.errors import BadDirectory
from bot.vocabulary import LANGUAGES

GOOD = """[[conversation]]
language = "en"
earlier = "How long?"
leaning = ["why?", "and then?"]
standing = ["What is VAT?", "Where is Baku?"]
open = ["Is the bank old?", "Who is he?"]
"""


def test_what_ships_holds_turns_of_every_sort_in_every_language() -> None:
    turns = taught_turns.parse((shipped.folder("corpus") / taught_turns.FILE).read_bytes())
    found = Counter((turn.language, turn.label) for turn in turns)
    assert len(turns) >= 600
    assert all(found[language, label] >= 20 for language in LANGUAGES for label in taught_turns.LABELS)


def test_a_turn_knows_the_question_before_it_and_its_line() -> None:
    turns = taught_turns.parse(f"# remark\n{GOOD}".encode())
    assert [(turn.text, turn.label) for turn in turns[:3]] == [
        ("why?", "leaning"),
        ("and then?", "leaning"),
        ("What is VAT?", "standing"),
    ]
    assert {(turn.earlier, turn.language, turn.line) for turn in turns} == {("How long?", "en", 2)}


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("open =", "opened =", 1, "unknown key 'opened'"),
        ('"en"', '"fr"', 1, "`language` takes one of en, ru, zh, de"),
        ('"How long?"', '" "', 1, "needs `earlier`"),
        ('["why?", "and then?"]', '"why?"', 1, "`leaning` takes a list of texts"),
        ('["why?", "and then?"]', '["why?", 3]', 1, "`leaning` takes a list of texts"),
        ('["why?", "and then?"]', '["why?"]', None, "at least two turns that are `leaning`"),
        ("[[conversation]]", "[conversation]", None, "needs [[conversation]] entries"),
        ("language = ", "language ", 2, "not valid TOML"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(old: str, new: str, line: int | None, says: str) -> None:
    with pytest.raises(BadDirectory) as caught:
        taught_turns.parse(GOOD.replace(old, new).encode(), "c/followups.toml")
    assert says in str(caught.value)
    assert (caught.value.problem.file, caught.value.problem.line) == ("c/followups.toml", line)
