"""Staff endpoints: nothing without a key of the right scope, and the wire with one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from bot import wiring
from bot.store.keys import new_secret
from bot.vocabulary import Json


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
    ("GET", "/api/v1/recall?document_id=articles/us-50-percent-rule", None),
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


RULE = "articles/us-50-percent-rule"


def test_a_recall_lists_who_was_shown_a_document(client: TestClient, staff: dict[str, str]) -> None:
    asked = [client.post("/api/v1/ask", json={"question": "How does OFAC's 50 percent rule work?"}).json() for _ in range(3)]
    quote = next(one for one in asked[0]["citations"] if one["document_id"] == RULE)
    rows: list[Json] = []
    pages: list[Json] = []
    cursor = None
    while cursor or not pages:
        values = {"document_id": RULE, "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/v1/recall", params=values, headers=staff).json()
        rows, cursor, pages = rows + page["answers"], page["next_cursor"], [*pages, page]
    assert [row["answer_id"] for row in rows[:3]] == [one["answer_id"] for one in reversed(asked)]
    assert rows[0] == {
        "answer_id": asked[2]["answer_id"],
        "conversation_id": asked[2]["conversation_id"],
        "asked_at": rows[0]["asked_at"],
        "language": "en",
        "kind": asked[2]["kind"],
        "snapshot": asked[2]["snapshot"],
        "passages": sorted(one["passage_id"] for one in asked[2]["citations"] if one["document_id"] == RULE),
    }
    first = pages[0]
    assert first["totals"]["answers"] == len(rows)
    assert first["conversations"] == [row["conversation_id"] for row in first["answers"]]
    assert first["title"] == quote["title"]
    letter = next(one for one in first["letters"] if one["language"] == "en")
    assert f"“{quote['quote']}”" in letter["text"]
    assert all(page["totals"] is None and page["letters"] is None for page in pages[1:])
    one = client.get("/api/v1/recall", params={"passage_id": quote["passage_id"]}, headers=staff).json()
    assert (one["passage_id"], one["document_id"]) == (quote["passage_id"], None)
    assert asked[0]["answer_id"] in {row["answer_id"] for row in one["answers"]}
    late = client.get("/api/v1/recall", params={"document_id": RULE, "since": "2999-01-01"}, headers=staff).json()
    assert (late["answers"], late["conversations"], late["letters"], late["next_cursor"]) == ([], [], [], None)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "document_id"),
        ("?document_id=a&passage_id=b", "document_id"),
        (f"?document_id={RULE}&since=Quetzalcoatl", "since"),
        (f"?document_id={RULE}&since=", "since"),
        (f"?document_id={RULE}&cursor=Quetzalcoatl", "cursor"),
        (f"?document_id={RULE}&limit=0", "limit"),
        (f"?document_id={RULE}&limit=1001", "limit"),
        (f"?document_id={RULE}&limit=Quetzalcoatl", "limit"),
    ],
)
def test_a_recall_names_the_field_that_does_not_fit(query: str, field: str, client: TestClient, staff: dict[str, str]) -> None:
    response = client.get(f"/api/v1/recall{query}", headers=staff)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert "Quetzalcoatl" not in response.text


@pytest.mark.parametrize("query", ["document_id=articles/none", "passage_id=", f"passage_id={RULE}", "document_id=%00%ff"])
def test_a_recall_of_what_nobody_knows_is_404(query: str, client: TestClient, staff: dict[str, str]) -> None:
    assert client.get(f"/api/v1/recall?{query}", headers=staff).status_code == 404


def test_a_recall_needs_the_scope_answers(client: TestClient, bot: wiring.Bot) -> None:
    secret = new_secret()
    bot.keys.create("narrow", ["search", "route", "documents"], datetime.now(UTC), secret)
    response = client.get(f"/api/v1/recall?document_id={RULE}", headers={"Authorization": f"Bearer {secret}"})
    assert response.status_code == 401


def test_measures_hold_no_words_of_a_visitor(client: TestClient) -> None:
    client.post("/api/v1/ask", json={"question": "What about Quetzalcoatl Trading of Zanzibar?"})
    text = client.get("/metrics").text
    assert "bot_answers_total" in text
    assert "Quetzalcoatl" not in text
