"""POST /api/v1/leads as programs use it, and the leads as staff see them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot import wiring
from bot.errors import BotError, StorageFull
from bot.intake import Conservation
from bot.knowledge.embedder import Embedder
from bot.leads import proof
from bot.server.app import create_app
from bot.server.schemas import LeadBody, ProblemBody
from bot.settings import Settings
from bot.store.conservation import conservation
from bot.store.keys import new_secret

LEADS = "/api/v1/leads"
LEAD: dict[str, Any] = {
    "name": "Anna Nováková",
    "email": "Anna@novak-pumps.example",
    "company": "Novák Pumps s.r.o.",
    "country": "Czechia",
    "message": "We make pumps in Brno and would like to know whether we may service machines that we sold to Russia in 2019.",
    "consent": {"accepted": True, "version": "2026-01"},
}


def key_for(bot: wiring.Bot, *scopes: str) -> dict[str, str]:
    secret = new_secret()
    bot.keys.create("test", scopes, datetime.now(UTC), secret)
    return {"Authorization": f"Bearer {secret}"}


def test_a_lead_is_kept_before_it_is_acknowledged(visitor: TestClient, desk: wiring.Bot) -> None:
    response = visitor.post(LEADS, json=LEAD)
    assert response.status_code == 201
    told = LeadBody.model_validate(response.json())
    kept = desk.receive.leads.get(told.lead_id)
    assert (kept.status, kept.desk, kept.country, kept.email) == ("received", told.desk, "CZ", "Anna@novak-pumps.example")
    assert kept.consent.version == "2026-01"
    assert kept.received_at.isoformat() == told.received_at
    sorts = {letter.sort: letter.recipient for letter in desk.receive.letters.of_lead(told.lead_id)}
    assert sorts == {"desk": "russia@dezshira.com", "acknowledgement": kept.email}
    assert conservation(desk.store) == Conservation(1, 0, 1, 0, 0, 0)


def test_a_key_gives_the_same_bytes_and_refuses_another_body(visitor: TestClient) -> None:
    first = visitor.post(LEADS, json=LEAD, headers={"Idempotency-Key": '"8e03-97"'})
    again = visitor.post(LEADS, content=json.dumps(LEAD, indent=3), headers={"Idempotency-Key": "8e03-97"})
    assert (first.status_code, first.content) == (201, again.content)
    other = visitor.post(LEADS, json=LEAD | {"goods": "pumps"}, headers={"Idempotency-Key": "8e03-97"})
    assert other.status_code == 422
    assert other.headers["content-type"] == "application/problem+json"
    assert visitor.post(LEADS, json=LEAD, headers={"Idempotency-Key": "x" * 300}).status_code == 422


def test_a_key_in_flight_is_told_to_wait(visitor: TestClient, desk: wiring.Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    inner: list[int] = []
    keep = desk.receive.leads.keep

    def slow(*args: Any, **named: Any) -> Any:
        if not inner:
            inner.append(0)
            inner[0] = visitor.post(LEADS, json=LEAD, headers={"Idempotency-Key": "k"}).status_code
        return keep(*args, **named)

    monkeypatch.setattr(desk.receive.leads, "keep", slow)
    assert visitor.post(LEADS, json=LEAD, headers={"Idempotency-Key": "k"}).status_code == 201
    assert inner == [409]


def test_many_posts_with_one_key_make_one_lead(visitor: TestClient, desk: wiring.Bot) -> None:
    def post(_: int) -> tuple[int, str]:
        response = visitor.post(LEADS, json=LEAD, headers={"Idempotency-Key": "one"})
        return response.status_code, response.text if response.status_code == 201 else ""

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(post, range(100)))
    assert {status for status, _ in found} <= {201, 409}
    assert len({text for _, text in found if text}) == 1
    assert conservation(desk.store).received == 1


def test_a_double_click_makes_one_lead(visitor: TestClient, desk: wiring.Bot) -> None:
    first, second = (visitor.post(LEADS, json=LEAD) for _ in range(2))
    assert first.json() == second.json()
    assert conservation(desk.store).received == 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "Marker\nBcc: x@example.com"}, ["name"]),
        ({"name": None, "company": 7}, ["company", "name"]),
        ({"email": "marker"}, ["email"]),
        ({"email": "marker@x"}, ["email"]),
        ({"email": "marker@example.com\r\nBcc: a@example.com"}, ["email"]),
        ({"country": "Marker"}, ["country"]),
        ({"message": "Marker " * 800}, ["message"]),
        ({"message": "Marker\u0000"}, ["message"]),
        ({"message": ["Marker"]}, ["message"]),
        ({"topic": "Marker"}, ["topic"]),
        ({"language": "Marker"}, ["language"]),
        ({"countries": {"Marker": 1}}, ["countries"]),
        ({"countries": 7}, ["countries"]),
        ({"countries": ["DE", 7]}, ["countries"]),
        ({"urgent": "Marker"}, ["urgent"]),
        ({"consent": {"accepted": False, "version": "1"}}, ["consent"]),
        ({"consent": True}, ["consent"]),
        ({"consent": {"accepted": True}}, ["consent"]),
        ({"conversation_id": "Marker !"}, ["conversation_id"]),
        ({"listed_party": "Marker"}, ["listed_party"]),
    ],
)
def test_each_field_is_named_and_nothing_repeated(
    changes: dict[str, object], wrong: list[str], visitor: TestClient, desk: wiring.Bot
) -> None:
    response = visitor.post(LEADS, json=LEAD | changes)
    assert response.status_code == 422
    problem = ProblemBody.model_validate(response.json())
    assert sorted(one["field"] for one in problem.errors) == wrong
    assert "marker" not in response.text.lower()
    assert problem.desk
    assert conservation(desk.store).received == 0


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Bitte füllen"), ("ru", "Заполните"), ("zh", "请填写"), ("en", "Please fill")]
)
def test_errors_are_in_the_visitors_language(language: str, words: str, visitor: TestClient) -> None:
    by_field = visitor.post(LEADS, json=LEAD | {"name": "", "language": language}).json()
    by_browser = visitor.post(LEADS, json=LEAD | {"name": ""}, headers={"Accept-Language": language}).json()
    assert by_field["errors"][0]["problem"].startswith(words)
    assert by_browser["errors"] == by_field["errors"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"a": ' * 5000, b"\xff"])
def test_what_is_no_object_is_refused(body: bytes, visitor: TestClient) -> None:
    assert visitor.post(LEADS, content=body).status_code == 422


@pytest.mark.parametrize("error", [StorageFull("the disk is full"), BotError("the database cannot be used")])
def test_where_the_store_fails_one_may_come_back_or_write(
    error: BotError, visitor: TestClient, desk: wiring.Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(desk.receive.leads, "keep", fail)
    response = visitor.post(LEADS, json=LEAD)
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert response.json()["desk"]["email"] == "russia@dezshira.com"
    assert "russia@dezshira.com" in response.json()["detail"]


@pytest.mark.parametrize(
    "changes",
    [
        {"listed_party": "yes"},
        {"listed_party": "unsure"},
        {"email": "ivanov@minprom.gov.ru"},
        {"company": "ФГУП Заря", "country": "RU"},
        {"on_behalf": "the Ministry of Trade", "countries": ["Russia"]},
    ],
)
def test_doubtful_intakes_go_to_compliance_first(changes: dict[str, object], visitor: TestClient, desk: wiring.Bot) -> None:
    told = visitor.post(LEADS, json=LEAD | changes)
    assert told.status_code == 201
    assert set(told.json()) == {"lead_id", "desk", "received_at"}
    kept = desk.receive.leads.get(told.json()["lead_id"])
    assert (kept.desk, kept.status) == ("compliance", "received")
    assert kept.reasons


def test_an_urgent_lead_has_priority(visitor: TestClient, desk: wiring.Bot) -> None:
    kept = desk.receive.leads.get(visitor.post(LEADS, json=LEAD | {"urgent": True}).json()["lead_id"])
    assert (kept.priority, kept.kind) == (1, "urgent")


def test_with_a_snapshot_a_lead_goes_where_its_words_belong(client: TestClient, bot: wiring.Bot) -> None:
    screening = LEAD | {"message": "Is Sovcomflot sanctioned, and may we charter a ship of theirs? Please check for us."}
    told = client.post(LEADS, json=screening).json()
    assert told["desk"] == "compliance"
    shanghai = "How long does it take to set up a trading company in Shanghai, and what does it cost?"
    asia = LEAD | {"topic": "asia_expansion", "message": shanghai}
    assert client.post(LEADS, json=asia).json()["desk"] == "asia"
    assert bot.receive.leads.get(told["lead_id"]).kind == "screening"


def test_a_conversation_travels_along_where_the_visitor_agreed(client: TestClient, bot: wiring.Bot) -> None:
    asked = client.post("/api/v1/ask", json={"question": "How does OFAC's 50 percent rule work?"}).json()
    message = "Following what I read here I would like to have our shareholders checked under the OFAC rule."
    sent = LEAD | {"conversation_id": asked["conversation_id"], "transcript": True, "message": message}
    kept = bot.receive.leads.get(client.post(LEADS, json=sent).json()["lead_id"])
    assert (kept.conversation_id, kept.transcript) == (asked["conversation_id"], True)


def test_spam_and_bait_are_quarantined_and_told_the_same(visitor: TestClient, desk: wiring.Bot) -> None:
    spam = visitor.post(LEADS, json=LEAD | {"message": "Buy 1000 backlinks and rank first on Google for $99, act now!"})
    bait = visitor.post(LEADS, json=LEAD | {"website": "http://x.example"})
    assert [spam.status_code, bait.status_code] == [201, 201]
    assert set(spam.json()) == {"lead_id", "desk", "received_at"}
    found = [desk.receive.leads.get(told.json()["lead_id"]) for told in (spam, bait)]
    assert [(one.status, one.suspicions) for one in found] == [("quarantined", ("content",)), ("quarantined", ("bait",))]
    assert conservation(desk.store).quarantined == 2


def test_a_proof_serves_once_and_a_wrong_one_is_suspicious(visitor: TestClient, desk: wiring.Bot) -> None:
    solution = proof.solve(proof.Challenge(**visitor.get(f"{LEADS}/challenge").json()))
    sent = [LEAD | {"proof": one, "goods": f"pump {n}"} for n, one in enumerate((solution, solution, "eA"))]
    told = [visitor.post(LEADS, json=one) for one in sent]
    found = [desk.receive.leads.get(one.json()["lead_id"]).suspicions for one in told]
    assert found == [(), ("challenge_spent",), ("wrong_proof",)]


def test_a_network_that_floods_is_held_and_then_turned_away(desk: wiring.Bot, encoder: Embedder) -> None:
    settings = Settings.model_validate(desk.settings.model_dump() | {"leads_per_hour": 1})
    bot = wiring.Bot(settings, encoder, desk.store)
    statuses, held = [], 0
    for n in range(12):
        client = TestClient(create_app(bot), raise_server_exceptions=False, client=(f"45.12.7.{n + 1}", 1))
        response = client.post(LEADS, json=LEAD | {"goods": f"pump {n}"})
        statuses.append(response.status_code)
        held += response.status_code == 201 and bot.receive.leads.get(response.json()["lead_id"]).suspicions == ("rate",)
    assert (statuses, held) == ([201] * 10 + [429] * 2, 9)
    assert int(response.headers["retry-after"]) > 0
    assert response.json()["desk"]["email"]


def test_the_text_that_is_agreed_to_is_kept_with_the_lead(visitor: TestClient, desk: wiring.Bot) -> None:
    consent = visitor.get(f"{LEADS}/consent?language=de").json()
    assert "24 Monate" in consent["text"]
    sent = LEAD | {"language": "de", "consent": {"accepted": True, "version": consent["version"]}}
    kept = desk.receive.leads.get(visitor.post(LEADS, json=sent).json()["lead_id"])
    assert (kept.consent.version, kept.consent.text) == (consent["version"], consent["text"])


def test_staff_page_read_and_release(visitor: TestClient, desk: wiring.Bot) -> None:
    ids = [visitor.post(LEADS, json=LEAD | {"goods": f"pump {n}", "website": "x"}).json()["lead_id"] for n in range(5)]
    assert visitor.get(LEADS).status_code == 401
    assert visitor.get(LEADS, headers=key_for(desk, "search")).status_code == 401
    staff = key_for(desk, "leads")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = visitor.get(LEADS, params={"limit": 2, **({"cursor": cursor} if cursor else {})}, headers=staff).json()
        seen += [one["lead_id"] for one in page["leads"]]
        cursor = page["next_cursor"]
    assert seen == ids[::-1]
    assert visitor.get(LEADS, params={"cursor": "x"}, headers=staff).status_code == 422
    assert visitor.get(f"{LEADS}/nobody", headers=staff).status_code == 404
    freed = visitor.post(f"{LEADS}/{ids[0]}/release", headers=staff).json()
    assert freed == {"lead_id": ids[0], "released": True, "status": "received"}
    assert {one["state"] for one in visitor.get(f"{LEADS}/{ids[0]}", headers=staff).json()["letters"]} == {"pending"}
    waiting = visitor.get(LEADS, params={"status": "quarantined"}, headers=staff).json()["leads"]
    assert len(waiting) == 4


def test_a_challenge_lapses() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    made = proof.challenge(b"s", now, "ab", 77)
    solution = proof.solve(made)
    assert proof.check(b"s", solution, now + timedelta(hours=2))
    assert proof.check(b"s", solution, now + timedelta(hours=2, seconds=1)) is None
    assert proof.check(b"other", solution, now) is None
    assert proof.check(b"s", proof.solve(replace(made, signature="00")), now) is None
