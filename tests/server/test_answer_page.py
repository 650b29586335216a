"""An answer's page: its own address, what was asked before, and what the visitor thinks of it."""

from __future__ import annotations

import html
import re

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from bot import wiring
from bot.server.shown import shown
from bot.vocabulary import LANGUAGES, Turn

HTML = {"Accept": "text/html"}
OWN = HTML | {"Sec-Fetch-Site": "same-origin"}
QUESTION = "How does OFAC's 50 percent rule work?"


def ask(client: TestClient, question: str, conversation: str = "", language: str = "en") -> Response:
    fields = {"question": question} | ({"conversation_id": conversation} if conversation else {})
    return client.post(f"/?lang={language}", data=fields, headers=HTML)


def conversation(page: Response) -> str:
    found = re.search(r'name="conversation_id" value="([\w-]+)"', page.text)
    assert found
    return found[1]


def test_asking_leads_to_an_address_that_shows_the_same_again(client: TestClient) -> None:
    sent = client.post("/?lang=de", data={"question": QUESTION}, headers=HTML, follow_redirects=False)
    assert (sent.status_code, sent.headers["cache-control"]) == (303, "no-store")
    address = sent.headers["location"]
    assert re.fullmatch(r"/answers/[\w-]{16,}\?lang=de", address)
    first, again = client.get(address, headers=HTML), client.get(address, headers=HTML)
    assert first.text == again.text
    assert QUESTION in html.unescape(first.text)
    assert client.get(address.replace("/answers/", "/answers/x"), headers=HTML).status_code == 404


def test_what_was_asked_before_stands_above_and_the_form_goes_on(client: TestClient, bot: wiring.Bot) -> None:
    first = ask(client, QUESTION)
    second = ask(client, "and for the UK?", conversation(first))
    earlier = re.search(r'<nav class="earlier".*?</nav>', second.text, re.DOTALL)
    assert earlier
    assert re.findall(r'href="(/answers/[\w-]+)\?lang=en">([^<]+)<', earlier[0]) == [
        (first.url.path, html.escape(QUESTION).replace("&#x27;", "&#39;"))
    ]
    assert "Read together with what you asked before." in second.text
    assert conversation(second) == conversation(first)
    assert 'class="earlier"' not in first.text
    again = client.get(str(first.url), headers=HTML).text
    assert 'class="earlier"' not in again  # what came later is not shown with what came before
    assert bot.answers.latest(conversation(first))


def test_a_bad_question_keeps_the_conversation(client: TestClient) -> None:
    first = ask(client, QUESTION)
    page = ask(client, "x" * 1001, conversation(first))
    assert page.status_code == 422
    assert conversation(page) == conversation(first)
    assert ask(client, QUESTION, "<b>").status_code == 422


def test_the_page_says_all_that_the_answer_said(bot: wiring.Bot) -> None:
    receipt, draft = bot.ask(Turn(QUESTION))
    found = shown(receipt, lambda code: bot.live().wording[code], [receipt])
    assert draft.answer
    assert tuple(citation for citation, _ in found.cards) == tuple(
        type(one)(**{name: getattr(one, name) for name in one.__slots__ if name != "review_by"}) for one in draft.answer.citations
    )
    assert (found.status, found.kind, found.notice) == ("answered", draft.answer.inquiry.kind, draft.answer.notice)
    assert found.as_of == draft.answer.as_of
    assert found.desk == draft.answer.route.desk.id
    assert found.earlier == ()


def test_a_review_that_is_due_is_told(bot: wiring.Bot) -> None:
    words = bot.live().wording["en"]
    line = words.text("answer", "review_due", date="2020-01-01")
    receipt, _ = bot.ask(Turn(QUESTION))
    object.__setattr__(receipt, "body", receipt.body.replace("\\n\\n", f"\\n\\n{line}\\n\\n", 1))
    assert shown(receipt, lambda code: bot.live().wording[code], []).due == line


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_opinion_is_kept_and_thanked_for(language: str, client: TestClient, bot: wiring.Bot) -> None:
    page = ask(client, QUESTION, language=language)
    answer_id = page.url.path.rsplit("/", 1)[1]
    assert re.findall(r'name="helpful" value="(\w+)"', page.text) == ["yes", "no"]
    fields = {"answer_id": answer_id, "helpful": "no"}
    after = client.post(f"/feedback?lang={language}", data=fields, headers=OWN)
    assert after.status_code == 200
    assert after.url.path == page.url.path
    assert 'class="thanks"' in after.text
    assert '<input type="hidden" name="helpful" value="no">' in after.text
    first = bot.feedback.of(answer_id)
    assert first
    assert (first.helpful, first.comment) == (False, "")
    fields["comment"] = "The 2024 change is missing."
    after = client.post(f"/feedback?lang={language}", data=fields, headers=OWN)
    assert 'class="thanks"' in after.text
    assert '<textarea id="comment"' not in after.text
    assert "2024 change" not in after.text
    kept = bot.feedback.of(answer_id)
    assert kept
    assert (kept.helpful, kept.comment) == (False, "The 2024 change is missing.")


def test_an_opinion_that_does_not_fit_comes_back_with_what_was_typed(client: TestClient, bot: wiring.Bot) -> None:
    answer_id = ask(client, QUESTION).url.path.rsplit("/", 1)[1]
    for fields in ({}, {"helpful": "maybe<b>"}, {"helpful": "yes", "comment": "long <b> " * 300}):
        page = client.post("/feedback?lang=en", data={"answer_id": answer_id} | fields, headers=OWN)
        assert page.status_code == 422
        assert 'id="helpful-problem"' in page.text
        assert fields.get("comment", "").strip() in html.unescape(page.text)
        assert ('id="comment"' in page.text) == ("comment" in fields)
        assert "<b>" not in page.text
    assert bot.feedback.of(answer_id) is None
    assert client.post("/feedback", data={"answer_id": "nobody", "helpful": "yes"}, headers=OWN).status_code == 404
    elsewhere = HTML | {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/feedback", data={"answer_id": answer_id, "helpful": "yes"}, headers=elsewhere).status_code == 403
