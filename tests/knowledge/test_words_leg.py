"""The words leg on real text: Russian in all its cases, Chinese without spaces, through the index itself."""

from __future__ import annotations

import pytest

from bot.knowledge.sparse import SparseIndex, Unit
from bot.knowledge.words import terms

RUSSIAN = (
    "Генеральная лицензия OFAC разрешает банкам закрывать счета.",
    "Взнос в российский бюджет уплачивается тремя частями.",
    "Оговорка о запрете реэкспорта нужна для авиационных товаров.",
    "Представительство в Казахстане не вправе вести торговлю.",
)
CHINESE = (
    "俄罗斯增值税税率为百分之二十二。",
    "外国银行可能失去其在美国的代理账户。",
    "北方海航道由俄罗斯国家原子能集团公司运营。",
    "出口商必须评估货物转移至俄罗斯的风险。",
)


def best(texts: tuple[str, ...], question: str, language: str) -> int | None:
    match = SparseIndex.build([Unit(text, language, 1) for text in texts]).match(question, language)
    return int(match.scores.argmax()) if match else None


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("без лицензий", 0),
        ("получить лицензию", 0),
        ("о генеральных лицензиях", 0),
        ("банком закрыт счёт или счетами", 0),
        ("размер взносов", 1),
        ("частями бюджета", 1),
        ("авиационным товаром", 2),
        ("об оговорке", 2),
        pytest.param("без оговорок", 2, marks=pytest.mark.xfail(strict=True, reason="the stemmer keeps the fleeting vowel")),
        ("представительства", 3),
        ("о торговле", 3),
    ],
)
def test_a_russian_word_is_found_in_any_case_and_number(question: str, place: int) -> None:
    assert best(RUSSIAN, question, "ru") == place


def test_a_russian_word_finds_all_its_forms() -> None:
    forms = ["лицензия", "лицензии", "лицензию", "лицензией", "лицензий", "лицензиям", "лицензиями", "лицензиях"]
    assert len({terms(form, "ru")[0] for form in forms}) == 1
    assert terms("лицо", "ru") != terms("лицензия", "ru")


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("增值税是多少", 0),
        ("请问税率", 0),
        ("代理账户会怎样", 1),
        ("谁运营北方海航道", 2),
        ("怎么评估转移风险", 3),
    ],
)
def test_chinese_is_found_without_spaces(question: str, place: int) -> None:
    assert best(CHINESE, question, "zh") == place


def test_words_that_no_text_has_find_nothing() -> None:
    assert best(RUSSIAN, "погода", "ru") is None
    assert best(CHINESE, "天气", "zh") is None
