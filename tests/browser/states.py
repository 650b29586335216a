"""The states that the pages can be in, by language: where each is found, with what is asked for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote as percent

from bot import wiring
from bot.vocabulary import Language, Turn

# state: (status or reason or kind that the answer must have, question in en, ru, zh, de)
ASKED: Mapping[str, tuple[str, str, str, str, str]] = {
    "answered": (
        "answered",
        "How does OFAC's 50 percent rule work?",
        "Как работает правило 50 процентов OFAC?",
        "OFAC 的百分之五十规则是什么？",
        "Wie hoch ist die Gewinnsteuer in Russland?",
    ),
    "clarify": ("unclear", "What are the penalties?", "Какие штрафы?", "罚款是多少？", "Welche Strafen drohen?"),
    "no evidence": (
        "refused",
        "How do I bake a sourdough bread?",
        "Как испечь хлеб на закваске?",
        "如何烘焙酸面包？",
        "Wie backe ich ein Sauerteigbrot?",
    ),
    "screening": (
        "screening",
        "Is Sberbank sanctioned?",
        "Находится ли Сбербанк под санкциями?",
        "俄罗斯储蓄银行受制裁吗？",
        "Ist die Sberbank sanktioniert?",
    ),
    "urgent": (
        "urgent",
        "Our goods are held at customs in Hamburg today because of sanctions, what can we do?",
        "Наш товар сегодня задержан таможней из-за санкций, что делать?",
        "我们的货物今天因制裁被海关扣押，怎么办？",
        "Unsere Ware wird heute wegen Sanktionen vom Zoll in Hamburg festgehalten, was tun?",
    ),
    "smalltalk": ("smalltalk", "Hello, who are you?", "Здравствуйте, кто вы?", "你好，你是谁？", "Hallo, wer sind Sie?"),
}
LANGUAGES: tuple[Language, ...] = ("en", "ru", "zh", "de")
FOLLOWED = ("and for the UK?", "а в Великобритании?", "那英国呢？", "und im Vereinigten Königreich?")
SEARCHED = ("exit contribution", "санкции США", "制裁 银行", "50 Prozent OFAC")
ALONE = {
    "first": "/",
    "form": "/contact",
    "form after an answer": "/contact?topic=sanctions&urgent=1&conversation={conversation}",
    "received": "/contact/received?reference=2345-6789-ABCD",
    "library": "/library",
    "library limited": "/library?topic=sanctions&law=US",
    "nothing found": "/library?q=sourdough",
    "reading": "/library/articles/us-50-percent-rule?start=600&end=900",
    "privacy": "/privacy",
    "not found": "/nothing",
}


def addresses(bot: wiring.Bot, language: Language) -> dict[str, str]:
    """Every state with its address on the site, without the page language."""
    place = LANGUAGES.index(language)
    found, conversation = {}, ""
    for state, (expected, *questions) in ASKED.items():
        receipt, _ = bot.ask(Turn(questions[place]))
        row = json.loads(receipt.body)
        assert expected in (row["status"], row["reason"], row["kind"]), (state, language, row["status"], row["kind"])
        found[state] = f"/answers/{receipt.answer_id}"
        if state == "answered":
            assert row["citations"]
            conversation = receipt.conversation_id
            after, _ = bot.ask(Turn(FOLLOWED[place], conversation))
            found["followed up"] = f"/answers/{after.answer_id}"
    found["results"] = f"/library?q={percent(SEARCHED[place])}"
    found["guarded"] = f"/library?q={percent(ASKED['screening'][place + 1])}"
    return found | {state: path.format(conversation=conversation) for state, path in ALONE.items()}


def in_language(path: str, language: Language) -> str:
    """The address in a page language."""
    return f"{path}{'&' if '?' in path else '?'}lang={language}"
