"""POST /api/v1/feedback: kept before it is answered, the last word counts, seen by staff, never in a log."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from bot import wiring
from bot.errors import StorageFull
from bot.server.schemas import ProblemBody
from bot.store.keys import new_secret
from bot.vocabulary import Opinion

FEEDBACK = "/api/v1/feedback"
QUESTION = "How does OFAC's 50 percent rule work?"


@pytest.fixture(scope="module")
def answer_id(client: TestClient) -> str:
    return str(client.post("/api/v1/ask", json={"question": QUESTION}).json()["answer_id"])


@pytest.fixture(scope="module")
def key(bot: wiring.Bot) -> dict[str, str]:
    secret = new_secret()
    bot.keys.create("feedback", ["answers"], datetime.now(UTC), secret)
    return {"Authorization": f"Bearer {secret}"}


def seen(client: TestClient, answer_id: str, key: dict[str, str]) -> dict[str, object] | None:
    row = client.get(f"/api/v1/answers/{answer_id}", headers=key).json()["feedback"]
    return {"helpful": row["helpful"], "comment": row["comment"]} if row else None


def counted(client: TestClient) -> dict[str, float]:
    lines = [line for line in client.get("/metrics").text.splitlines() if line.startswith("bot_feedback{")]
    return {line.split('"')[1]: float(line.rpartition(" ")[2]) for line in lines}


def test_staff_see_the_last_word_and_it_is_counted_once(
    client: TestClient, answer_id: str, key: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = counted(client)
    assert seen(client, answer_id, key) is None
    for sent in (
        {"helpful": True},
        {"helpful": True},
        {"helpful": False, "comment": "  The deadline-marker is missing.\r\nReally. "},
    ):
        answer = client.post(FEEDBACK, json={"answer_id": answer_id, **sent})
        assert (answer.status_code, answer.content) == (204, b"")
    assert seen(client, answer_id, key) == {"helpful": False, "comment": "The deadline-marker is missing.\nReally."}
    now = counted(client)
    assert (now["yes"] - before["yes"], now["no"] - before["no"]) == (0, 1)
    assert "deadline-marker" not in "".join(capsys.readouterr()) + client.get("/metrics").text


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"comment": "x" * 1001}, "comment"),
        ({"comment": "a\x00b"}, "comment"),
        ({"comment": 5}, "comment"),
        ({"helpful": "yes"}, "helpful"),
        ({"helpful": None}, "helpful"),
        ({"answer_id": 7}, "answer_id"),
    ],
)
def test_what_does_not_fit_is_named_and_not_repeated(
    sent: dict[str, object], field: str, client: TestClient, answer_id: str
) -> None:
    answer = client.post(FEEDBACK, json={"answer_id": answer_id, "helpful": True} | sent)
    problem = ProblemBody.model_validate(answer.json())
    assert (answer.status_code, [one["field"] for one in problem.errors]) == (422, [field])
    assert "xxxx" not in answer.text


@pytest.mark.parametrize("unknown", ["nobody", "", "a b", "x" * 500, "'; DROP TABLE answers"])
def test_an_unknown_answer_is_not_found(unknown: str, client: TestClient) -> None:
    answer = client.post(FEEDBACK, json={"answer_id": unknown, "helpful": True})
    assert answer.status_code == 404
    assert ProblemBody.model_validate(answer.json()).desk


def test_what_is_not_on_the_disk_is_not_thanked_for(
    client: TestClient, bot: wiring.Bot, answer_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Opinion) -> None:
        raise StorageFull("no space left")

    monkeypatch.setattr(bot.feedback, "keep", full)
    answer = client.post(FEEDBACK, json={"answer_id": answer_id, "helpful": True})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
