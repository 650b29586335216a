"""Asking back, and what replies to it."""

from __future__ import annotations

import json
import re

import pytest

from bot import shipped, wiring
from bot.dialogue import clarify
from bot.dialogue.followup import Before, stand_alone
from bot.dialogue.turns import turn
from bot.quality import gold
from bot.vocabulary import Document, Hit, Judgement, Language, Passage, Turn
from bot.wiring import answer_of
from tests.conftest import DATA

WAITING = Before("Is it still allowed?", ("Payments with Russia", "Leaving Russia"), waiting=True)
GOLD = gold.read(shipped.folder("corpus") / "gold.toml")
LAWS = {"european union": "EU", "欧盟": "EU"}
ASKED_BACK = {
    "en": "Is it still allowed?",
    "ru": "А это вообще ещё разрешено?",
    "zh": "现在还可以吗？",
    "de": "Gilt das auch für uns?",
}


def law_names(bot: wiring.Bot, language: Language) -> dict[str, str]:
    names: dict[str, str] = bot.live().wording[language].words["jurisdictions"]
    return names


def hit(identity: str, topic: str, language: str = "en") -> Hit:
    document = Document(identity, f"On {identity}", "x", topics=(topic,), language=language)
    return Hit(Passage(f"{identity}#0", identity, 0, 1, "x"), document, 1.0, 0.8, 1.0)


@pytest.mark.parametrize("reply", ["Payments with Russia", "payments with russia", "spare parts for lathes"])
def test_a_reply_is_joined_to_the_question_it_answers(reply: str) -> None:
    joined = stand_alone(Turn(reply), WAITING, LAWS)
    assert (joined.question, joined.text, joined.language) == (reply, f"Is it still allowed? {reply}", "en")


def test_a_law_that_is_chosen_becomes_the_visitors_wish() -> None:
    before = Before("Welche Fristen gelten?", ("European Union", "Switzerland"), waiting=False)
    joined = stand_alone(Turn("European Union"), before, LAWS)
    assert (joined.text, joined.jurisdictions, joined.language) == ("Welche Fristen gelten?", ("EU",), "de")


@pytest.mark.parametrize(
    ("said", "before"),
    [
        ("What is the 50 percent rule?", WAITING),
        (
            "We sell machine tools from Italy and have had a customer in Kazan since 2015 who now wants us to come for repairs.",
            WAITING,
        ),
        ("spare parts for lathes", Before("How long?", ("European Union", "Switzerland"), waiting=False)),
        ("spare parts for lathes", Before("How long?", (), waiting=False)),
        ("spare parts for lathes", None),
    ],
)
def test_what_asks_something_of_its_own_stays_as_it_is(said: str, before: Before | None) -> None:
    assert stand_alone(Turn(said), before, LAWS) == Turn(said)


def test_choices_are_of_different_topics_unless_the_topic_is_known() -> None:
    hits = [hit("a", "sanctions"), hit("b", "sanctions"), hit("c", "logistics"), hit("d", "firm", "ru"), hit("e", "firm", "ru")]
    assert clarify.subjects(hits, Judgement({}, {"sanctions": 0.3, "logistics": 0.3}), "en") == ("On a", "On c")
    assert clarify.subjects(hits, Judgement({}, {"sanctions": 0.9}), "en") == ("On a", "On b")
    assert clarify.subjects(hits, Judgement({}, {"firm": 0.9}), "ru") == ("On d", "On e")
    assert clarify.subjects(hits, Judgement({}, {"logistics": 0.9}), "en") == ("On a", "On c")
    assert clarify.subjects(hits[:2], Judgement({}, {"logistics": 0.9}), "en") == ()


@pytest.mark.parametrize("language", ASKED_BACK)
def test_a_question_without_a_subject_is_asked_back_once_and_goes_on(bot: wiring.Bot, language: str) -> None:
    receipt, draft = bot.ask(turn(ASKED_BACK[language]))
    answer = answer_of(draft)
    assert (answer.status, answer.reason, answer.citations) == ("clarify", "unclear", ())
    assert answer.inquiry.language == language
    assert 2 <= len(answer.suggestions) <= 4
    assert answer.route.desk.email in answer.text
    for choice in answer.suggestions:
        after, draft = bot.ask(turn(choice, receipt.conversation_id))
        assert answer_of(draft).status != "clarify"
        assert after.conversation_id == receipt.conversation_id
        assert after.turn.text == f"{ASKED_BACK[language]} {choice}"
        assert bot.replay(after.answer_id).same
        receipt, draft = bot.ask(turn(ASKED_BACK[language]))


def test_choosing_a_subject_mostly_leads_to_quotes(bot: wiring.Bot) -> None:
    receipt, draft = bot.ask(turn(ASKED_BACK["en"]))
    titles = answer_of(draft).suggestions
    cited = []
    for title in titles:
        _, draft = bot.ask(turn(title, receipt.conversation_id))
        cited += [any(citation.title == title for citation in answer_of(draft).citations)]
        bot.ask(turn(ASKED_BACK["en"], receipt.conversation_id))
    assert sum(cited) >= len(cited) / 2


def test_laws_to_choose_from_are_known_by_their_names(bot: wiring.Bot) -> None:
    known = bot.live().hearing.laws
    for words in bot.live().wording.values():
        for code, name in words.words["jurisdictions"].items():
            assert known[name.casefold()] == code


def test_answers_under_several_laws_offer_to_choose_one(bot: wiring.Bot) -> None:
    several = 0
    for labelled_question in GOLD:
        question = labelled_question.question
        answer = answer_of(bot.draft(question))
        laws = {citation.jurisdictions for citation in answer.citations}
        if len(laws) > 1:
            several += 1
            names = law_names(bot, answer.inquiry.language)
            for citation in answer.citations:
                label = ", ".join(names[code] for code in citation.jurisdictions)
                assert re.search(f"^{re.escape(label)}.*“{re.escape(citation.quote)}”", answer.text, flags=re.MULTILINE), question
            assert answer.inquiry.jurisdictions or len({code for law in laws for code in law}) < 2 or answer.suggestions
    assert several


def test_what_is_clear_is_not_asked_back_and_most_of_what_is_not_is(bot: wiring.Bot) -> None:
    rows = [json.loads(line) for line in (DATA / "unclear.jsonl").read_text("utf-8").splitlines()]
    asked = {row["text"]: answer_of(bot.draft(row["text"])).status == "clarify" for row in rows}
    clear = [asked[row["text"]] for row in rows if not row["unclear"]]
    unclear = [asked[row["text"]] for row in rows if row["unclear"]]
    assert len(clear) == len(unclear) == 60
    assert sum(clear) <= 3
    assert sum(unclear) >= 33
