"""What a turn takes over from the ones before it, and what it replaces."""

from __future__ import annotations

import pytest

from bot.dialogue.carrying import LONGEST, write_out

REPLACED = [
    (["How does OFAC's 50 Percent Rule work?"], "and for the UK?", "How does UK's 50 Percent Rule work?"),
    (["Has the EU banned such exports to Russia?"], "and to Belarus?", "Has the EU banned such exports to Belarus?"),
    (["Has the EU banned such exports to Russia?"], "and the US?", "Has the US banned such exports to Russia?"),
    (
        ["Can Russian owners open an account in China?"],
        "what about Kazakhstan?",
        "Can Russian owners open an account in Kazakhstan?",
    ),
    (["What is the VAT rate in Russia?"], "and in Kazakhstan?", "What is the VAT rate in Kazakhstan?"),
    (
        ["Do banks in China pay out transfers from Russia?"],
        "and in Turkey?",
        "Do banks in Turkey pay out transfers from Russia?",
    ),
    (["What did the EU ban in 2023?"], "and after 2024?", "What did the EU ban in 2024?"),
    (["Какие услуги запрещены в ЕС в 2023 году?"], "а в Швейцарии?", "Какие услуги запрещены в Швейцарии в 2023 году?"),
    (["Можно ли поставлять станки в Россию?"], "а в Беларусь?", "Можно ли поставлять станки в Беларусь?"),
    (["2023年欧盟禁止了什么服务？"], "2025年呢？", "2025年欧盟禁止了什么服务？"),
    (["俄罗斯公司在中国可以设立什么公司？"], "那在印度呢？", "俄罗斯公司在印度可以设立什么公司？"),
    (["可以向俄罗斯出口机床吗？"], "白俄罗斯呢？", "可以向白俄罗斯出口机床吗？"),
    (["Darf man Maschinen nach Russland liefern?"], "und nach Belarus?", "Darf man Maschinen nach Belarus liefern?"),
    (["Was verbietet die EU?"], "und die Schweiz?", "Was verbietet die Schweiz?"),
]
KEPT = [
    (["Which banks in China returned payments?"], "why?"),
    (["How long must records be kept under 31 CFR 501.2019?"], "and after 2024?"),
    (["What does Regulation 833/2014 forbid?"], "and in 2025?"),
    (["Must a payment from China be reported to the EU?"], "and which EU office is that?"),
    (["Has the EU put sanctions on Russia?"], "and on Iran as well, by what year?"),
]


@pytest.mark.parametrize(("before", "turn", "over"), REPLACED)
def test_a_place_or_year_takes_the_place_of_the_one_named_before(before: list[str], turn: str, over: str) -> None:
    carried = write_out(turn, before)
    assert (carried.over, carried.text) == (over, f"{over} {turn}")
    assert carried.replaced


@pytest.mark.parametrize(("before", "turn"), KEPT[:4])
def test_what_the_turn_does_not_name_stays(before: list[str], turn: str) -> None:
    carried = write_out(turn, before)
    assert (carried.text, carried.replaced) == (f"{before[0]} {turn}", ())


def test_who_makes_the_law_is_not_replaced_by_a_place_it_is_made_for() -> None:
    before, turn = KEPT[4]
    assert write_out(turn, before).over == "Has the EU put sanctions on Iran?"


def test_a_chain_keeps_its_subject_and_the_last_place() -> None:
    before = ["How does OFAC's 50 Percent Rule work?", "and for the UK?", "is control enough?"]
    assert write_out("since when?", before).text == "How does UK's 50 Percent Rule work? is control enough? since when?"
    assert write_out("and the EU?", before).text == "How does EU's 50 Percent Rule work? is control enough? and the EU?"


def test_what_only_named_a_place_is_not_carried_over_once_it_was_put_in() -> None:
    assert write_out("它看控制权吗？", ["OFAC的50%规则是怎么运作的？", "那英国呢？"]).over == "英国的50%规则是怎么运作的？"
    assert (
        write_out("с какого года?", ["Как работает правило OFAC?", "а в Великобритании?"]).over
        == "Как работает правило Великобритании?"
    )


def test_what_is_carried_over_is_bounded() -> None:
    chain = ["What is an HQS?", *(f"and what about their document number{n}?" for n in range(9))]
    carried = write_out("how long?", chain)
    assert carried.over == "What is an HQS? and what about their document number7? and what about their document number8?"
    assert len(write_out("how long?", ["x" * 990]).over) == LONGEST
    assert write_out("how long?", []).text == "how long?"
