"""Gaps: what visitors asked and the bot could not answer, over the wire, in the console and in a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot import wiring
from bot.dialogue.turns import turn
from bot.errors import NoSnapshot
from bot.server.app import create_app
from bot.settings import Settings
from bot.store.keys import new_secret
from bot.store.people import People
from bot.vocabulary import Opinion, Receipt
from tests.conftest import NewSettings, quiet
from tests.server.test_console import found, harmless, signed_in, words
from tests.shell import run

GAPS = "/api/v1/gaps"
BANANAS = "What is the import duty for bananas in Ecuador?"
QUESTIONS = (
    "What is the profit tax in Russia?",  # answered
    BANANAS,
    "what is the import duty  for bananas in Ecuador",
    "What is the import duty for bananas in Vietnam?",
    "What import duty applies to bananas in Ecuador?",
    "How many moons does Jupiter have?",
    "Is Sberbank sanctioned?",  # stopped by its kind: no gap
    "Сколько стоит аренда гаража в Магадане?",
)


@pytest.fixture(scope="module")
def settings(starter: Settings, new_settings: NewSettings) -> Settings:
    """A data folder of its own over the starter corpus."""
    made = new_settings()
    made.snapshots.symlink_to(starter.snapshots)
    return made


@pytest.fixture(scope="module")
def bot(settings: Settings) -> Iterator[wiring.Bot]:
    """A bot of whom this was asked, an hour after each other, and what it asked back: left, taken up, passed over."""
    made = wiring.build(settings, quiet)
    moment = [datetime.now(UTC).replace(minute=30) - timedelta(hours=len(QUESTIONS) + 4)]
    made._clock = lambda: moment[0]
    for question in QUESTIONS:
        made.ask(turn(question))
        moment[0] += timedelta(hours=1)
    for reply in ("", "sanctions", "How many moons does Jupiter have?"):
        receipt, _ = made.ask(turn("Is a licence needed?"))
        moment[0] += timedelta(minutes=1)
        if reply:
            made.ask(turn(reply, receipt.conversation_id))
            moment[0] += timedelta(minutes=1)
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(bot: wiring.Bot) -> TestClient:
    """A program's client with a key."""
    secret = new_secret()
    bot.keys.create("tests", ["answers"], datetime.now(UTC), secret)
    return TestClient(create_app(bot), raise_server_exceptions=False, headers={"Authorization": f"Bearer {secret}"})


def asked(client: TestClient, **query: str | int) -> list[dict[str, Any]]:
    """The gaps of every page, one after the other."""
    rows: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get(GAPS, params=query | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        rows, cursor = rows + answer.json()["gaps"], answer.json()["next_cursor"]
    return rows


def test_like_questions_stand_together_newest_first(client: TestClient) -> None:
    rows = {row["question"]: row for row in asked(client)}
    assert list(rows) == [
        "How many moons does Jupiter have?",
        "Is a licence needed?",
        "Сколько стоит аренда гаража в Магадане?",
        "What import duty applies to bananas in Ecuador?",
        "What is the import duty for bananas in Vietnam?",
    ]
    ecuador = rows["What import duty applies to bananas in Ecuador?"]
    assert (ecuador["count"], ecuador["conversations"], ecuador["reasons"]) == (3, 3, {"no_evidence": 3})
    assert ecuador["wordings"] == [QUESTIONS[2], BANANAS]
    assert sum(ecuador["days"].values()) == 3 and len(ecuador["answer_ids"]) == 3
    assert ecuador["first"] < ecuador["last"]
    jupiter = rows["How many moons does Jupiter have?"]
    assert (jupiter["count"], jupiter["reasons"], jupiter["kinds"]) == (2, {"off_topic": 2}, {"off_topic": 2})
    assert rows["Сколько стоит аренда гаража в Магадане?"]["languages"] == {"ru": 1}


def test_what_was_asked_back_is_a_gap_unless_it_was_taken_up(client: TestClient) -> None:
    (row,) = asked(client, reason="unclear")
    assert (row["question"], row["count"], row["reasons"]) == ("Is a licence needed?", 2, {"unclear": 2})


def test_gaps_are_narrowed_and_paged(client: TestClient, bot: wiring.Bot) -> None:
    whole = asked(client)
    assert asked(client, limit=1) == whole and asked(client, limit=2) == whole
    assert [row["languages"] for row in asked(client, language="ru")] == [{"ru": 1}]
    late = (bot.now() - timedelta(minutes=30)).isoformat()
    assert [row["question"] for row in asked(client, since=late)] == [row["question"] for row in whole[:2]]
    assert asked(client, since="2999-01-01") == []
    first = client.get(GAPS, params={"limit": 1}).json()
    bot.ask(turn("When does the ferry from Sochi to Tuapse leave?"))
    assert client.get(GAPS, params={"limit": 10, "cursor": first["next_cursor"]}).json()["gaps"] == whole[1:]


@pytest.mark.parametrize("field", ["since", "language", "reason", "cursor", "limit"])
def test_a_wish_that_does_not_fit_is_named(field: str, client: TestClient) -> None:
    answer = client.get(GAPS, params={field: "Quetzalcoatl"})
    assert answer.status_code == 422 and "Quetzalcoatl" not in answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_gaps_need_the_scope_answers(bot: wiring.Bot) -> None:
    secret = new_secret()
    bot.keys.create("narrow", ["leads", "search"], datetime.now(UTC), secret)
    plain = TestClient(create_app(bot), raise_server_exceptions=False)
    assert plain.get(GAPS).status_code == 401
    assert plain.get(GAPS, headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_the_console_lists_gaps_and_leads_to_their_receipts(bot: wiring.Bot) -> None:
    staff = signed_in(bot, "answers")
    page = staff.get("/console/gaps?language=en&reason=no_evidence")
    shown = words(page)
    assert "3 times What import duty applies to bananas in Ecuador? Nothing in the corpus answers it" in shown
    assert "Jupiter" not in shown and "2 other wordings" in shown
    receipt = staff.get(found(page, "//ol[@class='gaps']//a/@href")[-1])
    assert receipt.status_code == 200 and "refused: no_evidence" in words(receipt)
    assert words(staff.get("/console/gaps?since=2999-01-01")).count("Every question that fits this had an answer.") == 1
    wrong = staff.get("/console/gaps?since=%3Cb%3Eyesterday")
    assert wrong.status_code == 422 and "takes a day or a time" in words(wrong)
    harmless(wrong)
    assert staff.get("/console/gaps?cursor=x").status_code == 422


def test_a_receipt_is_read_by_a_person(bot: wiring.Bot) -> None:
    staff = signed_in(bot, "answers", "leads")
    receipt, draft = bot.ask(turn("How does OFAC's 50 percent rule work?"))
    bot.feedback.keep(Opinion(receipt.answer_id, False, "<b>too short</b>", bot.now()))
    page = staff.get(f"/console/answers/{receipt.answer_id}")
    shown, answer = words(page), json.loads(receipt.body)
    assert draft.inquiry and draft.probability is not None
    assert "The same to the byte." in shown and receipt.snapshot in shown and receipt.version in shown
    assert all(one["quote"] in shown and one["passage_id"] in shown for one in answer["citations"]) and answer["citations"]
    assert all(reason in shown for reason in (*draft.inquiry.reasons, *answer["route"]["reasons"]))
    assert f"{draft.probability:.3f} likely to answer" in shown and "best cosine" in shown
    assert all(f"{step} {took:.2f} ms" in shown for step, took in receipt.steps.items())
    assert "The visitor found it not helpful" in shown and "<b>too short</b>" in shown
    harmless(page)
    follow, _ = bot.ask(turn("and for the UK?", receipt.conversation_id))
    assert follow.turn.meant and f"Meant: {follow.turn.meant}" in words(staff.get(f"/console/answers/{follow.answer_id}"))
    stopped, _ = bot.ask(turn("Is Sberbank sanctioned?"))
    assert "this is what it would have been" in words(staff.get(f"/console/answers/{stopped.answer_id}"))


def test_a_receipt_that_does_not_replay_says_so(bot: wiring.Bot) -> None:
    staff = signed_in(bot, "answers")
    receipt, _ = bot.ask(turn("<script>alert('x')</script> What is the profit tax in Russia?"))
    body = json.loads(receipt.body)
    keep(bot, receipt, "changed", body=json.dumps(body | {"text": "Another text", "answer_id": "changed"}))
    assert "It differs from what was sent." in words(staff.get("/console/answers/changed"))
    keep(bot, receipt, "older", snapshot="20200101T000000000000-00000000")
    page = staff.get("/console/answers/older")
    assert "Its snapshot is not the live one" in words(page) and "Make it again" in words(page)
    again = staff.get("/console/answers/older?replay=1")
    assert again.status_code == 200 and "It cannot be made again" in words(again)
    harmless(again)
    assert "<script>alert('x')</script>" in words(page)


def keep(bot: wiring.Bot, receipt: Receipt, name: str, **changes: str) -> None:
    """Keeps a receipt under another name, with changes."""
    made = replace(receipt, answer_id=name, **changes)  # type: ignore[arg-type]
    bot.answers.keep(made, status="answered", kind="question", language="en", citations=[])


def test_without_a_live_snapshot_a_receipt_is_made_again_at_a_click(bot: wiring.Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> wiring.Engine:
        raise NoSnapshot("nothing was ingested yet")

    receipt, _ = bot.ask(turn("What is the profit tax in Russia?"))
    staff = signed_in(bot, "answers")
    monkeypatch.setattr(bot, "live", absent)
    page = f"/console/answers/{receipt.answer_id}"
    assert "Make it again" in words(staff.get(page))
    assert "The same to the byte." in words(staff.get(f"{page}?replay=1"))


def test_a_terminal_lists_gaps_too(settings: Settings, client: TestClient) -> None:
    rows = json.loads(run(settings, "gaps", "--json").stdout)["gaps"]
    assert rows == asked(client)
    (row,) = json.loads(run(settings, "gaps", "--json", "--language", "ru", "--since", "2020-01-01").stdout)["gaps"]
    assert row["question"] == QUESTIONS[-1]
    shown = run(settings, "gaps", "--limit", "2")
    assert "Ecuador" not in shown.stdout and "--limit shows more" in shown.stderr


def test_whoever_is_erased_leaves_no_gap(bot: wiring.Bot, client: TestClient) -> None:
    bot.ask(turn("When does the funicular at Dombai close? Write to carl@cable.example"))
    assert any("carl@cable" in row["question"] for row in asked(client))
    People(bot.store).erase("carl@cable.example", bot.now())
    assert not any("carl@cable" in row["question"] for row in asked(client))
