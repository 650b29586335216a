"""Letters: every field is in them, in four languages, and nothing that a visitor typed is more than a value."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from bot import shipped
from bot.leads.letters import Dossier, House, Writer, payload
from bot.leads.message import encoded
from bot.vocabulary import LANGUAGES
from tests.leads.dossiers import AT, LEAD, dossier, letter

FOLDER = shipped.folder("web") / "letters"
FIRM = House("Desk <desk@firm.example>", "The Firm", "https://desk.example")
WRITER = Writer(FOLDER, FIRM)
EVIL = "{{ 7 * 7 }}{% for x in [1] %}<b>\r\nWhy it came to this desk:\n- trust me"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desks_letter_has_every_field(language: str) -> None:
    mail = WRITER.to_desk(letter(), dossier(speaks=(language,), language="de"))
    assert mail.language == language
    for name in ("id", "name", "email", "company", "goods", "topic", "preferred_time", "on_behalf", "kind"):
        assert getattr(LEAD, name) in mail.text, name
    assert [line for line in mail.text.splitlines() if line.startswith("> ")][:2] == [
        "> Wir liefern Ventile.",
        "> Dürfen wir das?",
    ]
    assert "> 50 percent rule?" in mail.text and "“An entity is blocked …” [1]" in mail.text
    assert "[1] OFAC's 50 Percent Rule › How it works" in mail.text and "https://desk.example/library/a" in mail.text
    assert all(f"- {reason}" in mail.text for reason in LEAD.reasons)
    assert "2026-11" in mail.text and "2026-03-01 12:00 UTC" in mail.text
    assert LEAD.id in mail.subject and LEAD.subject in mail.subject
    assert (mail.reply_to, mail.recipient, mail.message_id, mail.date) == (
        LEAD.email,
        "russia@firm.example",
        "<l1@firm.example>",
        AT,
    )
    assert "listed" not in mail.text or language == "en"
    assert "\n\n\n" not in mail.text
    assert b"Importance: high" in encoded(mail)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Germany", "Austria", "Kazakhstan, Russia", "not sure", "Urgent: yes", "URGENT"]),
        ("de", ["Deutschland", "Österreich", "Kasachstan, Russland", "nicht sicher", "DRINGEND"]),
        ("ru", ["Германия", "Австрия", "Казахстан, Россия", "не уверен", "СРОЧНО"]),
        ("zh", ["德国", "奥地利", "哈萨克斯坦, 俄罗斯", "不确定", "紧急"]),
    ],
)
def test_codes_are_words_of_the_desks_language(language: str, words: list[str]) -> None:
    mail = WRITER.to_desk(letter(), dossier(speaks=(language,)))
    assert all(word in f"{mail.subject}\n{mail.text}" for word in words)


@pytest.mark.parametrize(
    ("speaks", "wished", "written"),
    [(("en", "de"), "de", "de"), (("en",), "ru", "en"), (("zh",), "ru", "zh"), ((), "ru", "en"), (("fr",), "ru", "en")],
)
def test_the_desk_is_written_to_in_a_language_it_speaks(speaks: tuple[str, ...], wished: str, written: str) -> None:
    assert WRITER.to_desk(letter(), dossier(speaks=speaks, language=wished)).language == written


def test_no_conversation_is_passed_on_without_consent() -> None:
    apart = WRITER.to_desk(letter(), dossier(turns=()))
    assert "nicht zugestimmt" in apart.text and "50 percent" not in apart.text
    assert "ging nicht voraus" in WRITER.to_desk(letter(), dossier(turns=(), conversation_id=None)).text


def test_empty_fields_and_suspicions_are_said() -> None:
    bare: dict[str, Any] = dict.fromkeys(
        ("company", "goods", "topic", "preferred_time", "on_behalf", "country", "established"), ""
    )
    mail = WRITER.to_desk(letter(), dossier(speaks=("en",), suspicions=("no_proof", "content"), countries=(), reasons=(), **bare))
    assert "Company: –" in mail.text and "Countries concerned: –" in mail.text and "Country: –" in mail.text
    assert "no_proof, content" in mail.text and "no reason was recorded" in mail.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_is_neither_executed_nor_takes_a_fields_place(language: str) -> None:
    names = ("name", "company", "goods", "message", "preferred_time", "on_behalf", "topic", "email", "country", "listed_party")
    evil: dict[str, Any] = dict.fromkeys(names, EVIL)
    found = dossier(speaks=(language,), language=language, **evil)
    mail = WRITER.to_desk(letter(), found)
    assert "49" not in mail.text and "{{ 7 * 7 }}" in mail.text
    assert "- trust me" not in mail.text.splitlines()
    assert "> - trust me" in mail.text.splitlines()
    assert "\n" not in mail.subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_acknowledgement_tells_the_reference_and_nothing_that_was_typed(language: str) -> None:
    mail = WRITER.to_visitor(letter(sort="acknowledgement", recipient=LEAD.email), dossier(language=language))
    assert (mail.language, mail.recipient, mail.reply_to) == (language, LEAD.email, "russia@firm.example")
    assert mail.automatic == "auto-replied"
    assert LEAD.id in mail.text and LEAD.id in mail.subject and "The Firm" in mail.text and "russia@firm.example" in mail.text
    typed = (LEAD.name, LEAD.company, LEAD.message, LEAD.goods, LEAD.on_behalf, LEAD.preferred_time, LEAD.email)
    assert not any(word in f"{mail.subject}{mail.text}" for word in typed)


def test_no_word_is_left_from_another_language() -> None:
    for sort in ("desk", "acknowledgement"):
        for path in FOLDER.glob(f"{sort}.*.txt"):
            text = re.sub(r"{[{%].*?[%}]}", "", path.read_text("utf-8"))
            cyrillic, han = bool(re.search("[а-яё]", text)), bool(re.search("[一-龥]", text))
            assert (cyrillic, han) == (path.name.endswith(".ru.txt"), path.name.endswith(".zh.txt")), path.name


def test_letters_are_the_same_at_every_attempt() -> None:
    first, second = (encoded(WRITER.to_desk(letter(attempts=n), dossier())) for n in (1, 9))
    assert first == second


def test_the_payload_holds_every_field_and_is_json() -> None:
    found: Dossier = dossier(message=EVIL, name="\ud800")
    row = json.loads(payload(found))
    assert (row["type"], row["timestamp"]) == ("lead.received", AT.isoformat())
    assert row["data"]["message"] == EVIL
    assert row["data"]["name"] == "?"
    assert row["data"]["conversation"][0]["citations"][0]["quote"] == "An entity is blocked …"
    assert row["data"]["intake"] == {"established": "AT", "on_behalf": "Müller Holding", "listed_party": "unsure"}
    assert "suspicions" not in row["data"] and payload(found) == payload(found)


def test_an_alarm_says_how_much_waits_and_names_nobody() -> None:
    values = {"concerns": ["3 letters wait"], "counts": "desk: 3 pending", "errors": ""}
    mail = WRITER.alarm("<a@x>", "ops@firm.example", AT, values)
    assert "3 letters wait" in mail.subject and "desk: 3 pending" in mail.text and "none" in mail.text
