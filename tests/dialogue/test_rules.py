"""The plain rules: sure where they speak, silent elsewhere. Checked over all labelled inquiries and real-sounding others."""

from __future__ import annotations

import pytest

from bot import shipped
from bot.dialogue import examples
from bot.dialogue.rules import wants_evasion

SHIPPED = examples.parse((shipped.folder("corpus") / examples.FILE).read_bytes())


def test_no_shipped_inquiry_of_another_kind_is_taken_for_evasion() -> None:
    wrong = [
        example.text for example in SHIPPED if example.kind not in ("circumvention", "abuse") and wants_evasion(example.text)
    ]
    assert wrong == []


def test_the_rule_speaks_for_a_good_part_of_the_shipped_evasion_requests() -> None:
    evasion = [example.text for example in SHIPPED if example.kind == "circumvention"]
    assert sum(map(wants_evasion, evasion)) >= len(evasion) / 3


@pytest.mark.parametrize(
    "text",
    [
        "What are red flags that a buyer wants to hide the end user?",
        "How do regulators detect goods that bypass the sanctions?",
        "What penalties follow if somebody conceals a beneficial owner?",
        "Is it illegal to get around a bank's refusal?",
        "Как регуляторы выявляют попытки обойти санкции?",
        "监管机构如何发现规避制裁的行为？",
        "Woran erkennen Behörden, dass jemand Sanktionen umgehen will?",
        "How can we register a company in Russia?",
    ],
)
def test_questions_about_evasion_are_questions(text: str) -> None:
    assert not wants_evasion(text)
