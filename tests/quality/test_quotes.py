"""How quotes are measured, by hand; and what is reached on questions that nothing was chosen on, over the starter corpus."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bot import wiring
from bot.dialogue.jurisdictions import named
from bot.dialogue.quotes import Quote, choose
from bot.dialogue.quoting.ranking import work
from bot.dialogue.reply import HITS
from bot.errors import BadData
from bot.knowledge.language import detect
from bot.quality import quotes
from bot.quality.quotes import Wanted, evaluate, judge
from bot.vocabulary import Document, Hit, Passage, Span
from tests.conftest import DATA

KEPT_APART, DEVELOPMENT = DATA / "quotes.jsonl", DATA / "quotes_development.jsonl"


def quote(text: str, identity: str = "d") -> Quote:
    passage = Passage(f"{identity}#0", identity, 0, len(text), text, sentences=(Span(0, len(text)),))
    return Quote(Hit(passage, Document(identity, identity, text), 1.0, 0.9, 1.0), 0, len(text), 0.2)


def chosen(bot: wiring.Bot, question: str) -> list[Quote]:
    return choose(question, bot.search(question, HITS), detect(question), named(question))


def test_a_quote_counts_if_it_is_from_a_right_document_and_holds_a_deciding_part() -> None:
    wanted = Wanted("?", ("d",), ("three years", "drei Jahre"), ("It is a permit.", "three years"))
    right = quote("It is a permit. It lasts three years.")
    assert judge(wanted, [right]) == quotes.Found(True, True, len(right.text), True)
    assert judge(wanted, [quote("three years", "other"), right]).first is False
    assert judge(wanted, [quote("three years", "other"), right]).any is True
    assert judge(wanted, [quote("three years")]).whole is False
    assert judge(wanted, []) == quotes.Found(False, False, 0, False)


def test_measures_are_shares_with_intervals_by_sort_and_language() -> None:
    rows = [Wanted("a", ("d",), ("x",), (), "who", "en"), Wanted("b", ("d",), ("y",), ("y", "z"), "list", "de")]
    result = evaluate(rows, lambda _: [quote("x")])
    assert (result["questions"], result["quote@1"], result["quoted"], result["whole"], result["to be whole"]) == (
        2,
        0.5,
        0.5,
        0,
        1,
    )
    low, high = result["quote@1 interval"]
    assert low <= 0.5 <= high and low < high
    assert result["by_sort"]["who"]["quote@1"] == 1 and result["by_language"]["de"]["quote@1"] == 0
    assert result["by_sort"]["who"]["whole"] is None


@pytest.mark.parametrize(
    "line",
    ["[]", "no", '{"question": "a"}', '{"question": "a", "documents": "d", "must": ["x"]}', '{"question": "a", "must": []}'],
)
def test_a_bad_row_is_named_by_its_line(line: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"question": "a", "documents": ["d"], "must": ["x"]}\n' + line + "\n", "utf-8")
    with pytest.raises(BadData, match=r"rows\.jsonl:2"):
        quotes.read(path)


@pytest.mark.parametrize("path", [KEPT_APART, DEVELOPMENT], ids=lambda path: path.stem)
def test_the_labelled_parts_stand_in_their_documents(path: Path, bot: wiring.Bot) -> None:
    documents = bot.live().snapshot.documents
    for row in quotes.read(path):
        for part in (*row.must, *row.whole):
            assert any(part in documents[identity].text for identity in row.documents), (row.question, part)


def test_what_is_kept_apart_was_not_chosen_on() -> None:
    apart, development = (
        [json.loads(line) for line in path.read_text("utf-8").splitlines()] for path in (KEPT_APART, DEVELOPMENT)
    )
    assert not {row["question"] for row in apart} & {row["question"] for row in development}
    assert min(Counter(row["language"] for row in apart).values()) >= 60


def test_quotes_answer_questions_that_nothing_was_chosen_on(bot: wiring.Bot) -> None:
    result = evaluate(quotes.read(KEPT_APART), lambda question: chosen(bot, question))
    assert result["quote@1"] >= 0.58
    assert result["quoted"] >= 0.73
    assert result["whole"] >= 0.3  # 35 rows: the interval is as wide as from 0.29 to 0.63
    assert result["characters"] <= 330


def test_a_translation_for_the_visitor_is_quoted_before_the_english(bot: wiring.Bot) -> None:
    translated = {(work(d), d.language) for d in bot.live().snapshot.documents.values() if d.language != "en"}
    first = own = 0
    for row in quotes.read(KEPT_APART):
        found = chosen(bot, row.question)
        if found and (work(found[0].hit.document), row.language) in translated:
            first += 1
            own += found[0].hit.document.language == row.language
    assert first >= 60
    assert own / first >= 0.95
