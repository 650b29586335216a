"""A lead that is posted reaches desk, visitor and webhook while the server runs, and staff see how letters stand."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier
from starlette.testclient import TestClient

from bot import wiring
from bot.server.app import create_app
from bot.settings import Settings
from bot.store.keys import new_secret
from bot.store.opening import open_store
from tests.conftest import NewSettings
from tests.leads.post_office import PostOffice, opened
from tests.leads.receiver import Receiver, receiving, reply
from tests.server.conftest import Absent

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
LEAD: dict[str, Any] = {
    "name": "Anna Nováková",
    "email": "anna@novak-pumps.example",
    "company": "Novák Pumps s.r.o.",
    "country": "CZ",
    "message": "We make pumps in Brno and would like to know whether we may service machines that we sold to Russia in 2019.",
    "consent": {"accepted": True, "version": "2026-01"},
}


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server."""
    with opened(PostOffice()) as found:
        yield found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The firm's own system."""
    with receiving(reply(200)) as found:
        yield found


@pytest.fixture
def chosen(new_settings: NewSettings, office: PostOffice, receiver: Receiver) -> Settings:
    """Settings under which letters leave to both."""
    mail = {"smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_security": "none", "mail_from": "Desk <desk@firm.example>"}
    hook = {"webhook_url": f"http://127.0.0.1:{receiver.port}/", "webhook_secret": SECRET, "webhook_private": True}
    return new_settings(**mail, **hook)


def made(settings: Settings) -> tuple[wiring.Bot, dict[str, str]]:
    bot = wiring.Bot(settings, Absent(), open_store(settings))
    secret = new_secret()
    bot.keys.create("tests", ["leads"], datetime.now(UTC), secret)
    return bot, {"Authorization": f"Bearer {secret}"}


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_lead_reaches_desk_visitor_and_webhook(chosen: Settings, office: PostOffice, receiver: Receiver) -> None:
    bot, staff = made(chosen)
    with TestClient(create_app(bot)) as client:
        told = client.post("/api/v1/leads", json=LEAD).json()
        until(lambda: len(office.taken) == 2 and len(receiver.heard) == 1)
        until(lambda: client.get("/api/v1/outbox", headers=staff).json()["letters"] == [])
        shown = client.get("/api/v1/outbox", headers=staff).json()
        measures = client.get("/metrics").text
    letters = {to: message for (to, _), message in zip(office.taken, office.messages, strict=True)}
    desk, visitor = letters["russia@dezshira.com"], letters[LEAD["email"]]
    assert desk["Reply-To"] == LEAD["email"] and LEAD["message"] in desk.get_content() and "Nováková" in desk.get_content()
    assert told["lead_id"] in visitor["Subject"] and "Nov" not in visitor.get_content()
    assert all(str(message["Message-ID"]).endswith("@firm.example>") for message in office.messages)
    headers, body = receiver.heard[0]
    assert Verifier(SECRET).verify(body, headers)["data"]["lead_id"] == told["lead_id"]
    assert shown["ways"] == {"mail": "smtp", "webhook": "set"}
    assert shown["counts"] == {sort: {"delivered": 1} for sort in ("acknowledgement", "desk", "webhook")}
    assert 'bot_leads{place="received"} 1.0' in measures and 'bot_leads{place="delivered"} 1.0' in measures
    assert 'bot_delivery_attempts_total{channel="mail",outcome="delivered"} 2.0' in measures


def test_what_sticks_is_shown_without_anybodys_address(chosen: Settings, office: PostOffice) -> None:
    office.refuse = {LEAD["email"]: "550 unknown"}
    bot, staff = made(chosen)
    with TestClient(create_app(bot)) as client:
        told = client.post("/api/v1/leads", json=LEAD).json()
        until(lambda: client.get("/api/v1/outbox", headers=staff).json()["errors"] == {"rcpt_550": 1})
        shown, measures = client.get("/api/v1/outbox", headers=staff).json(), client.get("/metrics").text
        assert client.get("/api/v1/outbox").status_code == 401
        assert client.get("/api/v1/outbox?limit=0", headers=staff).status_code == 422
    row = next(one for one in shown["letters"] if one["last_error"])
    assert (row["lead_id"], row["sort"], row["state"]) == (told["lead_id"], "acknowledgement", "attention")
    assert [one["name"] for one in shown["concerns"]] == ["attention"]
    assert 'bot_letters{sort="acknowledgement",state="attention"} 1.0' in measures
    assert not any(word in json.dumps(shown) + measures for word in ("novak", "Nov", "dezshira", "firm.example"))


def test_apart_the_server_sends_nothing(chosen: Settings, office: PostOffice) -> None:
    bot, staff = made(chosen.model_copy(update={"deliver": "apart"}))
    with TestClient(create_app(bot)) as client:
        client.post("/api/v1/leads", json=LEAD)
        time.sleep(2)
        assert {row["state"] for row in client.get("/api/v1/outbox", headers=staff).json()["letters"]} == {"pending"}
    assert office.taken == []
