"""Staff endpoints: nothing without a key of the right scope, and the wire with one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from bot import wiring
from bot.store.keys import new_secret


@pytest.fixture
def staff(bot: wiring.Bot) -> dict[str, str]:
    """The header of a key that may do everything."""
    secret = new_secret()
    bot.keys.create("tests", ["search", "route", "answers", "documents"], datetime.now(UTC), secret)
    return {"Authorization": f"Bearer {secret}"}


PLACES = [
    ("POST", "/api/v1/search", {"question": "exit contribution"}),
    ("POST", "/api/v1/route", {"text": "Is Sberbank sanctioned?"}),
    ("GET", "/api/v1/documents", None),
    ("GET", "/api/v1/answers/x", None),
]


@pytest.mark.parametrize(("method", "path", "body"), PLACES)
@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic eDp5", "Bearer bot_x_y"])
def test_no_key_no_answer(method: str, path: str, body: dict[str, str] | None, header: str | None, client: TestClient) -> None:
    response = client.request(method, path, json=body, headers={"Authorization": header} if header else {})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_key_without_the_scope_is_refused(client: TestClient, bot: wiring.Bot) -> None:
    secret = new_secret()
    bot.keys.create("narrow", ["route"], datetime.now(UTC), secret)
    header = {"Authorization": f"Bearer {secret}"}
    assert client.post("/api/v1/route", json={"text": "hello"}, headers=header).status_code == 200
    assert client.get("/api/v1/documents", headers=header).status_code in (401, 403)


def test_search_gives_passages_with_scores(client: TestClient, staff: dict[str, str]) -> None:
    response = client.post("/api/v1/search", json={"question": "exit contribution percent", "k": 5}, headers=staff)
    rows = response.json()["passages"]
    assert len(rows) == 5
    assert rows[0]["document_id"] == "articles/leaving-russia-approvals-contribution"
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    assert set(rows[0]["scores"]) == {"dense", "sparse"}
    assert client.post("/api/v1/search", json={"question": "x", "k": 0}, headers=staff).status_code == 422


def test_route_tells_kind_desk_and_reasons(client: TestClient, staff: dict[str, str]) -> None:
    row = client.post("/api/v1/route", json={"text": "Is Sberbank sanctioned?"}, headers=staff).json()
    assert (row["kind"], row["desk"], row["language"]) == ("screening", "compliance", "en")
    assert row["reasons"]
    assert 0 <= row["confidence"] <= 1


def test_documents_and_receipts_are_listed(client: TestClient, staff: dict[str, str]) -> None:
    assert len(client.get("/api/v1/documents", headers=staff).json()["documents"]) >= 22
    asked = client.post("/api/v1/ask", json={"question": "What is the profit tax in Russia?"}).json()
    receipt = client.get(f"/api/v1/answers/{asked['answer_id']}", headers=staff).json()
    assert receipt["answer"] == asked
    assert receipt["question"] == "What is the profit tax in Russia?"
    assert receipt["steps"]
    assert client.get("/api/v1/answers/unknown", headers=staff).status_code == 404


def test_measures_hold_no_words_of_a_visitor(client: TestClient) -> None:
    client.post("/api/v1/ask", json={"question": "What about Quetzalcoatl Trading of Zanzibar?"})
    text = client.get("/metrics").text
    assert "bot_answers_total" in text
    assert "Quetzalcoatl" not in text
