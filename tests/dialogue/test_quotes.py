"""What is quoted, with plain numbers: lists whole, leaning sentences with the one before, the visitor's language, rules first."""

from __future__ import annotations

import re

import pytest

from bot.dialogue.quotes import MOST_QUOTES, Quote, choose
from bot.dialogue.quoting.asking import wants
from bot.dialogue.quoting.leaning import leans
from bot.dialogue.quoting.ranking import work
from bot.dialogue.quoting.stating import states
from bot.knowledge.passages import passages
from bot.vocabulary import Document, Heading, Hit

MARKED = re.compile(r"^## (.+)$", re.MULTILINE)


def hits(
    text: str, near: dict[str, float], identity: str = "d", language: str = "en", limit: int = 1000, other: float = 0.0
) -> list[Hit]:
    """The passages of a document whose headings are marked by ##; a sentence is as near as the part in it that `near` names."""
    plain = MARKED.sub(r"\1", text)
    headings, gone = [], 0
    for found in MARKED.finditer(text):
        headings.append(Heading(found.start() - gone, 2, found[1]))
        gone += len("## ")
    document = Document(identity, identity, plain, language=language, headings=tuple(headings))
    made = []
    for passage in passages(document, limit, lambda texts: [len(one.split()) for one in texts]):
        parts = [plain[span.start : span.end] for span in passage.sentences]
        values = tuple(next((value for part, value in near.items() if part in one), other) for one in parts)
        made.append(Hit(passage, document, max(values) * 10, 0.8, 1.0, max(values), values))
    return sorted(made, key=lambda hit: -hit.score)


def texts(question: str, found: list[Hit], language: str = "en") -> list[str]:
    quotes = choose(question, found, language)
    assert len(quotes) <= MOST_QUOTES
    for quote in quotes:
        assert quote.text == quote.hit.document.text[quote.start : quote.end]
    return [quote.text for quote in quotes]


LIST = """## Papers
The bank opens accounts for companies. The bank asks for these papers:

- The company shows its licence.
- The company brings three seals.
- The director shows a passport.

## Fees
The fee is ten."""


@pytest.mark.parametrize("near", ["asks for these papers", "three seals"])
@pytest.mark.parametrize("limit", [1000, 6])
def test_a_list_is_quoted_whole_with_its_lead_in_also_across_passages(near: str, limit: int) -> None:
    first = texts("Which papers does the bank ask for?", hits(LIST, {near: 0.4}, limit=limit))[0]
    assert first == (
        "The bank asks for these papers:\n\n"
        "- The company shows its licence.\n- The company brings three seals.\n- The director shows a passport."
    )


def test_a_list_that_is_too_long_gives_its_item_alone() -> None:
    items = "\n".join(f"- Paper number {n} is asked for by the bank and must be brought in two signed copies." for n in range(40))
    found = hits(f"The bank asks for these papers:\n\n{items}", {"number 7 ": 0.4})
    quoted = texts("Is paper 7 needed?", found)
    assert "Paper number 7 " in quoted[0]
    assert max(map(len, quoted)) < 600


def test_a_heading_is_no_lead_in_and_a_list_ends_where_its_section_does() -> None:
    text = "## Steps:\n- Ask the bank.\n- Tell the office.\n\n## Costs\n- It is free of charge."
    assert texts("Which steps are there?", hits(text, {"Ask the bank": 0.4}))[0] == "- Ask the bank.\n- Tell the office."


@pytest.mark.parametrize(
    ("language", "text", "near"),
    [
        ("en", "Firms report sales above ten. This rule binds branches too.", "This rule"),
        ("en", "Firms report to the bank or to the court. The latter keeps a register.", "The latter"),
        ("en", "Sales may be split. In that case two forms are due.", "In that case"),
        ("en", "A rule of 2020 caps the share. The rule stands in part 587.", "The rule"),
        ("ru", "Компании подают отчёт. При этом филиалы освобождены.", "При этом"),
        ("ru", "Срок может быть продлён. В этом случае подают заявление.", "В этом случае"),
        ("ru", "Лимит введён правилом 2020 года. Правило действует для филиалов.", "Правило"),
        ("ru", "Указ вводит лимит. Такие компании платят налог.", "Такие"),
        ("zh", "公司须提交报告。该规则也适用于分公司。", "该规则"),
        ("zh", "期限可以延长。此类申请须书面提出。", "此类"),
        ("de", "Firmen melden Verkäufe. Diese Regel gilt auch für Zweigstellen.", "Diese Regel"),
    ],
)
@pytest.mark.parametrize("gap", [" ", "\n\n"])
@pytest.mark.parametrize("limit", [1000, 1])
def test_a_leaning_sentence_brings_the_one_before(language: str, text: str, near: str, gap: str, limit: int) -> None:
    before, after = re.split(r"(?<=[.。]) ?", text, maxsplit=1)
    whole = f"{before}{gap if language != 'zh' or gap != ' ' else ''}{after}"
    assert texts("?", hits(whole, {near: 0.4}, language=language, limit=limit), language)[0] == whole


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Article 5n covers accounting."),
        ("en", "The Council decides."),
        ("en", "Italy has its own rule."),
        ("ru", "Компания подаёт отчёт."),
        ("zh", "其他公司须登记。"),
        ("de", "Die Firma meldet den Verkauf."),
    ],
)
def test_a_sentence_that_stands_alone_does_not_lean(language: str, sentence: str) -> None:
    assert not leans(sentence, language)
    assert (
        texts("?", hits(f"Something else comes first.\n\n{sentence}", {sentence: 0.4}, language=language), language)[0]
        == sentence
    )


def test_a_sentence_leans_on_nothing_beyond_its_heading() -> None:
    text = "## Sales\nFirms report sales.\n\n## Branches\nThis rule binds branches too."
    assert texts("?", hits(text, {"This rule": 0.4}))[0] == "This rule binds branches too."


def test_quotes_come_from_all_first_passages_also_two_of_one() -> None:
    text = "The duty is nine roubles. Forms are blue and kept in a box. Ships carry the salt from north to south."
    found = hits(text, {"nine": 0.4, "Ships": 0.39}, "a") + hits("The tax is due in May.", {"May": 0.39}, "b")
    assert {quote.hit.document.id for quote in choose("duty", found, "en")} == {"a", "b"}
    assert "The duty is nine roubles." in texts("duty", found)


def test_what_a_question_asks_for_decides_between_sentences_as_near() -> None:
    text = "Offices open early.\n\nThe permit is a paper.\n\nThe permit lasts three years.\n\nThe permit costs 900 roubles."
    found = hits(text, {"The permit": 0.4})
    assert texts("How long does it last?", found)[0] == "The permit lasts three years."
    assert texts("How much is it?", found)[0] == "The permit costs 900 roubles."
    assert texts("What is a permit?", found)[0] == "The permit is a paper."


def test_a_translation_in_the_visitors_language_is_quoted_instead() -> None:
    english = hits("## Fee\nThe fee is ten.\n\n## Term\nThe term is one year.", {"fee": 0.4}, "articles/fee")
    russian = hits("## Плата\nПлата равна десяти.\n\n## Срок\nСрок — один год.", {"Плата": 0.3}, "ru/articles/fee", "ru")
    assert work(english[0].document) == work(russian[0].document)
    assert texts("Сколько стоит?", english + russian, "ru")[0] == "Плата равна десяти."
    assert all(re.search("[а-я]", one) for one in texts("Сколько стоит?", english + russian, "ru"))
    assert texts("How much is it?", english + russian, "en")[0] == "The fee is ten."


def test_another_document_in_the_visitors_language_is_quoted_only_if_it_answers_as_well() -> None:
    english = hits("Fees are ten roubles. Ships sail. Trees grow.", {"Fees": 0.4}, "a")
    near = hits("Плата равна десяти рублям. Суда плывут.", {"Плата": 0.4}, "b", "ru")
    far = hits("Корабли плывут на юг. Растут леса.", {"Корабли": 0.1}, "b", "ru")
    assert texts("плата", english + near, "ru")[0] == "Плата равна десяти рублям."
    assert texts("плата", english + far, "ru")[0].startswith("Fees")


def test_a_rule_stands_before_its_exception_unless_that_is_asked_for() -> None:
    text = "Offices open early.\n\nSmall firms are exempt from the rule.\n\nFirms report all sales.\n\nShips sail."
    found = hits(text, {"exempt": 0.41, "report": 0.4})
    assert texts("Explain reports", found)[0].startswith("Firms report")
    assert texts("Explain exemptions", found)[0].startswith("Small firms")


def test_nothing_is_quoted_from_nothing() -> None:
    assert choose("What?", [], "en") == []


def test_a_quote_keeps_the_nearness_of_its_nearest_sentence() -> None:
    quote: Quote = choose("?", hits("Firms report sales. This binds branches.", {"This": 0.4, "Firms": 0.35}), "en")[0]
    assert quote.nearness == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("language", "question", "wanted"),
    [
        ("en", "May we pay in roubles?", "decision"),
        ("en", "How long must records be kept?", "duration"),
        ("en", "What's the fine for that?", "amount"),
        ("en", "Until when does it last?", "date"),
        ("en", "Which authority decides?", "actor"),
        ("en", "What is a transit ban?", "definition"),
        ("en", "Which goods are banned?", "items"),
        ("ru", "Можно ли платить в рублях?", "decision"),
        ("ru", "На какой срок выдают визу?", "duration"),
        ("ru", "Какой штраф за это?", "amount"),
        ("ru", "С какого числа действует запрет?", "date"),
        ("ru", "Кто принимает решение?", "actor"),
        ("ru", "Что такое офшор?", "definition"),
        ("ru", "Какие товары запрещены?", "items"),
        ("zh", "可以用卢布付款吗？", "decision"),
        ("zh", "签证有效期多久？", "duration"),
        ("zh", "罚款是多少？", "amount"),
        ("zh", "禁令何时生效？", "date"),
        ("zh", "由谁批准？", "actor"),
        ("zh", "什么是离岸公司？", "definition"),
        ("zh", "哪些商品被禁止？", "items"),
        ("de", "Darf man in Rubel zahlen?", "decision"),
        ("de", "Wie lange gilt das Visum?", "duration"),
        ("de", "Wie hoch ist die Strafe?", "amount"),
        ("de", "Ab wann gilt das Verbot?", "date"),
        ("de", "Wer entscheidet darüber?", "actor"),
        ("de", "Was ist ein Transitverbot?", "definition"),
        ("de", "Welche Waren sind verboten?", "items"),
    ],
)
def test_a_question_tells_by_its_form_what_it_asks_for(language: str, question: str, wanted: str) -> None:
    assert wanted in wants(question, language)


@pytest.mark.parametrize(
    ("language", "want", "states_it", "states_it_not"),
    [
        ("en", "duration", "Records are kept for 10 years.", "Records are kept since 2014."),
        ("en", "amount", "The fine is 6 million roubles.", "The fine is high."),
        ("en", "date", "It applies from 7 May 2022.", "It applies to all."),
        ("en", "decision", "Banks may not pay.", "Trains carry coal."),
        ("ru", "duration", "Документы хранят 10 лет.", "Документы хранят с 2014 года."),
        ("ru", "amount", "Штраф — 6 миллионов рублей.", "Штраф высок."),
        ("ru", "decision", "Банк не вправе платить.", "Поезда везут уголь."),
        ("zh", "duration", "记录须保存10年。", "自2014年起保存记录。"),
        ("zh", "amount", "罚款为600万卢布。", "罚款很高。"),
        ("zh", "decision", "银行不得付款。", "火车运煤。"),
        ("de", "duration", "Unterlagen bewahrt man zehn Jahre auf.", "Unterlagen gibt es seit 2014."),
        ("de", "decision", "Banken dürfen nicht zahlen.", "Züge fahren Kohle."),
    ],
)
def test_a_sentence_tells_by_its_form_what_it_states(language: str, want: str, states_it: str, states_it_not: str) -> None:
    assert states(states_it, want, language)
    assert not states(states_it_not, want, language)
