"""Streams that do not come, servers that do not answer, pages that are closed: nothing typed is lost, and there is an address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Event
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from bot import wiring
from bot.server import ask
from bot.server.app import create_app
from tests.browser.conftest import opened, served
from tests.browser.hosts import Host, plain
from tests.browser.test_widget_access import failing
from tests.browser.test_widget_journey import fill
from tests.browser.widget import QUESTION, Widget

ASK = "**/api/v1/ask"
KEPT = "() => localStorage.getItem('inquiry-desk')"
OPEN = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/event-stream"}
CARD = {"email": "russia@dezshira.com", "name": "Russia desk", "subject": "s", "hours": [], "languages": []}
HALF = f"event: route\ndata: {json.dumps(CARD)}\n\n"


@pytest.fixture
def widget(page: Page, site: str, host: Host) -> Widget:
    """An open widget on a page of another site."""
    page.goto(host.put("failing", plain(site)))
    made = Widget(page)
    made.open()
    return made


@pytest.mark.parametrize("blocked", ["refused", "empty", "half", "a page", "broken"])
def test_where_streams_are_blocked_the_answer_comes_whole(blocked: str, page: Page, widget: Widget) -> None:
    bodies = {"empty": "", "half": HALF, "a page": "<html>Your administrator …</html>", "broken": "event: done\ndata: {\n\n"}
    asked: list[str] = []

    def filtered(route: Route) -> None:
        if route.request.method == "POST":
            asked.append(route.request.headers["accept"])
        if "event-stream" not in route.request.headers.get("accept", ""):
            route.continue_()
        elif blocked == "refused":
            route.abort()
        else:
            route.fulfill(status=200, headers=OPEN, body=bodies[blocked])

    page.route(ASK, filtered)
    widget.ask()
    assert asked == ["text/event-stream", "application/json"]
    assert widget.quotes.count() >= 1
    assert page.locator("inquiry-desk-answer inquiry-desk-card").count() == 1


def test_a_stream_that_falls_silent_is_given_up(
    bot: wiring.Bot, browser: Browser, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, rest = ask.events, Event()

    def silent(body: str) -> Iterator[bytes]:
        events = whole(body)
        yield next(events)
        rest.wait(30)
        yield from events

    monkeypatch.setattr(ask, "events", silent)
    with served(create_app(bot)) as site, opened(browser) as (page, _):
        page.clock.install()
        page.goto(host.put("silent", plain(site)))
        widget = Widget(page)
        widget.open()
        widget.send(QUESTION)
        page.locator("inquiry-desk-answer inquiry-desk-card").wait_for()
        page.clock.fast_forward(7000)
        page.locator("inquiry-desk-feedback").wait_for()
        assert widget.quotes.count() >= 1
        rest.set()


def test_a_failed_question_is_kept_and_offered_again(page: Page, widget: Widget) -> None:
    page.route(ASK, failing(500))
    widget.send(QUESTION)
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    expect(widget.field).to_have_value(QUESTION)
    mail = page.locator("inquiry-desk-answer .mail").get_attribute("href") or ""
    assert mail.startswith("mailto:russia@dezshira.com?subject=")
    assert mail.endswith(f"&body={quote(QUESTION, safe='()!~*' + chr(39))}")
    page.unroute(ASK)
    again.click()
    page.locator("inquiry-desk-feedback").wait_for()
    expect(widget.field).to_have_value("")
    expect(widget.answers).to_have_count(1)


def test_a_lost_connection_resumes_by_itself(page: Page, widget: Widget) -> None:
    widget.ask()
    page.context.set_offline(True)
    widget.send("And in the EU?")
    expect(page.locator("inquiry-desk-answer:last-child .problem")).to_contain_text("no connection")
    expect(page.locator("inquiry-desk-answer:last-child .mail")).to_have_text("russia@dezshira.com")
    with page.expect_request(lambda one: one.url.endswith("/ask") and one.method == "POST") as asked:
        page.context.set_offline(False)
    assert "conversation_id" in (asked.value.post_data_json or {})
    page.locator("inquiry-desk-answer:last-child inquiry-desk-feedback").wait_for()
    expect(widget.field).to_have_value("")
    expect(widget.answers).to_have_count(2)


def test_overload_shows_the_desk_that_the_server_names(page: Page, widget: Widget) -> None:
    desk = {"name": "Night desk", "email": "night@firm.example", "subject": "[Night] Question", "hours": [], "languages": ["de"]}
    page.route(ASK, failing(503, desk=desk | {"open_now": None, "opens_at": None, "holidays": []}))
    widget.send(QUESTION)
    expect(page.locator("inquiry-desk-answer .problem")).to_contain_text("Many questions")
    link = page.locator("inquiry-desk-answer .mail")
    expect(link).to_have_text("night@firm.example")
    assert (link.get_attribute("href") or "").startswith("mailto:night@firm.example?subject=%5BNight%5D%20Question&body=")


def test_a_letter_that_is_lost_is_sent_again_as_the_same(page: Page, widget: Widget, bot: wiring.Bot) -> None:
    sent: list[tuple[str, str]] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            sent.append((route.request.headers["idempotency-key"], route.request.post_data or ""))
        if len(sent) == 1 and route.request.method == "POST":
            route.fetch()
            route.abort()  # it came in, but nobody was told
        else:
            route.continue_()

    page.route("**/api/v1/leads", lose)
    widget.write()
    fill(widget)
    widget.form.locator("[name=consent]").check()
    widget.form.locator(".button").click()
    expect(page.locator(".alarm")).to_contain_text("still here")
    expect(widget.form.locator("[name=name]")).to_have_value("Anna Nováková")
    assert (page.locator(".alarm a").get_attribute("href") or "").startswith("mailto:russia@dezshira.com?subject=")
    widget.form.locator(".button").click()
    lead_id = page.locator(".reference dd").inner_text()
    assert sent[0] == sent[1]
    kept = bot.receive.leads.get(lead_id)
    assert (kept.status, kept.suspicions) == ("received", ())
    assert json.loads(sent[0][1])["proof"]


def test_what_the_server_finds_wrong_stands_at_its_field(page: Page, widget: Widget) -> None:
    widget.write()
    fill(widget)
    widget.form.locator("[name=email]").fill("anna@localhost")
    widget.form.locator("[name=consent]").check()
    widget.form.locator(".button").click()
    problem = widget.form.locator("[data-of=email]")
    expect(problem).to_contain_text("complete e-mail address")
    expect(widget.form.locator("[name=email]")).to_have_attribute("aria-invalid", "true")
    page.locator(".alarm .link").click()
    expect(widget.form.locator("[name=email]")).to_be_focused()
    expect(widget.form.locator("[name=company]")).to_have_value("Novák Pumps")


def test_without_agreement_nothing_is_kept(page: Page, widget: Widget) -> None:
    widget.ask()
    widget.field.fill("half a question")
    assert page.evaluate("() => Object.keys(localStorage)") == []
    page.reload()
    widget.open()
    expect(widget.answers).to_have_count(0)
    expect(widget.field).to_have_value("")


def test_with_agreement_all_is_there_after_a_reload_until_it_is_refused(page: Page, widget: Widget) -> None:
    page.get_by_label("Keep this conversation").check()
    widget.ask()
    widget.write()
    widget.form.locator("[name=message]").fill("We make pumps.")
    page.keyboard.press("Escape")
    widget.field.fill("half a question")
    page.reload()
    expect(page.locator(".launch")).to_be_visible()
    widget.open()
    expect(widget.answers.locator("h3")).to_have_text(QUESTION)
    assert widget.quotes.count() >= 1
    expect(widget.field).to_have_value("half a question")
    with page.expect_request(lambda one: one.url.endswith("/ask") and one.method == "POST") as asked:
        widget.field.press("Enter")
    assert "conversation_id" in (asked.value.post_data_json or {})
    widget.write()
    expect(widget.form.locator("[name=message]")).to_have_value("We make pumps.")
    page.keyboard.press("Escape")
    assert page.evaluate("() => Object.keys(localStorage)") == ["inquiry-desk"]
    page.get_by_label("Keep this conversation").uncheck()
    assert page.evaluate(KEPT) is None
    page.reload()
    widget.open()
    expect(widget.answers).to_have_count(0)


@pytest.mark.parametrize("kept", ["nothing of ours", '{"at": 1, "turns": []}', "{}", '{"at": 9e15, "turns": 5}', "null"])
def test_what_is_old_or_broken_is_thrown_away(kept: str, page: Page, site: str, host: Host) -> None:
    page.goto(host.put("old", plain(site)))
    page.evaluate("(kept) => localStorage.setItem('inquiry-desk', kept)", kept)
    widget = Widget(page)
    widget.open()
    expect(page.get_by_label("Keep this conversation")).not_to_be_checked()
    assert page.evaluate(KEPT) in (None, "null")
    widget.ask()


def test_in_a_closed_frame_it_works_and_offers_to_keep_nothing(page: Page, site: str, host: Host) -> None:
    inner = host.put("inner", plain(site))
    page.goto(
        host.put(
            "outer",
            f'<!doctype html><title>x</title><iframe sandbox="allow-scripts" width=900 height=600 src="{inner}"></iframe>',
        )
    )
    frame = page.frame(url=inner)
    assert frame
    widget = Widget(frame)
    widget.open()
    widget.ask()
    assert frame.get_by_label("Keep this conversation").count() == 0
