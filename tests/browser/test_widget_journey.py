"""What a visitor does with the widget, from the first frame to a letter in the desk's mailbox: by mouse, and by keyboard."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Event

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.types import ASGIApp

from bot import wiring
from bot.leads.channels import ByMail
from bot.leads.deliver import Courier
from bot.leads.mail import Account, SmtpMailer
from bot.server import ask
from bot.server.app import create_app
from tests.browser.conftest import Seen, opened, served
from tests.browser.hosts import STRICT, Host, plain
from tests.browser.widget import QUESTION, Widget
from tests.leads.post_office import PostOffice
from tests.leads.post_office import opened as listening
from tests.leads.world import WRITER

VAGUE, LEANING = "Which documents do I need?", "And in the EU?"
LEAD = {"message": "", "name": "Anna Nováková", "email": "anna@novak-pumps.example", "company": "Novák Pumps"}
FOCUS = """() => { let one = document.activeElement; while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement
  return one ? [one.tagName, one.name || one.getAttribute('aria-label') || one.textContent.trim()] : null }"""


@pytest.fixture
def address(site: str, host: Host) -> str:
    """A page of another site under the strictest of policies."""
    return host.put("journey", plain(site), STRICT.format(desk=site))


@pytest.fixture
def mailbox(bot: wiring.Bot) -> Iterator[Callable[[str], list[str]]]:
    """Carries what waits in the outbox to a real mail server; gives the letters that name a lead."""
    with listening(PostOffice()) as office:
        mailer = SmtpMailer(Account("127.0.0.1", office.port, "none", "", ""))
        channel = ByMail(mailer, WRITER, bot.delivery.dossier)
        outbox = bot.delivery.outbox
        courier = Courier(channel, outbox, secrets.token_hex(4), lambda: datetime.now(UTC), lambda: 0.5, lambda *_: None)

        def fetch(lead_id: str) -> list[str]:
            while courier.step():
                pass
            bodies = [message.get_body(("plain",)) for message in office.messages]
            texts = [str(body.get_content()) for body in bodies if body]
            return [text for text in texts if lead_id in text]

        yield fetch


def matter() -> str:
    """What a lead is about, another each time: the same lead within minutes is the same lead."""
    return f"We make pumps in Brno and ask whom to talk to about servicing machine {secrets.token_hex(4)}."


def fill(widget: Widget) -> str:
    """Fills the form; gives the message."""
    message = matter()
    for name, value in (LEAD | {"message": message}).items():
        widget.form.locator(f"[name={name}]").fill(value)
    for name in ("country", "established"):
        widget.form.locator(f"select[name={name}]").select_option("CZ")
    widget.form.locator("[name=listed_party][value=no]").check()
    return message


def test_by_mouse(page: Page, seen: Seen, address: str, site: str, host: Host, mailbox: Callable[[str], list[str]]) -> None:
    widget = Widget(page)
    page.goto(address)
    widget.open()
    expect(page.locator("inquiry-desk-welcome .choice")).to_have_count(3)
    expect(page.locator("inquiry-desk-welcome .lead")).to_contain_text("automated assistant")
    expect(page.locator("inquiry-desk-welcome .mail")).to_have_attribute(
        "href", "mailto:russia@dezshira.com?subject=%5BRussia%5D%20Question"
    )
    page.locator("inquiry-desk-welcome .choice").first.click()
    page.locator("inquiry-desk-feedback").wait_for()
    expect(widget.answers.locator("h3")).to_have_text(QUESTION)
    first = widget.quotes.first
    expect(first.locator("blockquote")).to_contain_text("50 percent")
    expect(first.locator("blockquote")).to_have_attribute("lang", "en")
    expect(first.locator(".facts")).to_contain_text("State of the facts")
    expect(first.locator(".badges abbr")).to_have_text("US")
    read_in_context(page, first.locator("a").first.inner_text(), first.locator("blockquote").inner_text())
    widget.ask(LEANING)
    expect(widget.answers).to_have_count(2)
    assert page.locator("inquiry-desk-answer:last-child .badges", has_text="EU").count()
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="New conversation").click()
    widget.ask(VAGUE)
    expect(page.locator("inquiry-desk-answer:last-child .choice").first).to_be_visible()
    page.locator("inquiry-desk-answer:last-child .choice").first.click()
    page.locator("inquiry-desk-feedback").nth(1).wait_for()
    page.locator("inquiry-desk-feedback .thumb").last.click()
    page.locator(".reason textarea").fill("No date was named.")
    page.locator(".reason .button").click()
    expect(page.locator(".reason")).to_have_count(0)
    widget.write()
    widget.form.locator("[name=transcript]").check()
    message = fill(widget)
    widget.form.locator("[name=consent]").check()
    widget.form.locator(".button").click()
    lead_id = page.locator(".reference dd").inner_text()
    letters = mailbox(lead_id)
    assert any(message in text and VAGUE in text for text in letters)
    assert len(letters) == 2
    assert (seen.errors, seen.elsewhere(site, host.origin)) == ([], [])


def read_in_context(page: Page, link: str, quote: str) -> None:
    """Opens the reading page at the quote, in a tab of its own that cannot reach back."""
    with page.context.expect_page() as opening:
        page.locator("inquiry-desk-quote a", has_text=link).first.click()
    reading = opening.value
    expect(reading.locator("mark").first).to_be_visible()
    assert " ".join(reading.locator("mark").first.inner_text().split()) in " ".join(quote.split())
    assert reading.evaluate("() => window.opener") is None
    reading.close()


def press(page: Page, key: str, until: Callable[[list[str]], bool], most: int = 60) -> None:
    """Presses a key until the focus is where it is wanted."""
    for _ in range(most):
        page.keyboard.press(key)
        if until(page.evaluate(FOCUS)):
            return
    raise AssertionError(f"the focus never came there by {key}; it is on {page.evaluate(FOCUS)}")


def test_by_keyboard_alone(page: Page, seen: Seen, address: str, mailbox: Callable[[str], list[str]], bot: wiring.Bot) -> None:
    page.goto(address)
    page.locator(".launch").wait_for()
    press(page, "Tab", lambda on: on[1] == "Ask a question")
    page.keyboard.press("Enter")
    page.locator("inquiry-desk-welcome").wait_for()
    assert page.evaluate(FOCUS)[0] == "TEXTAREA"
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUS)[1] == "Ask a question"
    page.keyboard.press("Enter")
    page.keyboard.type("How does OFAC's 50 percent")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("rule work?")
    page.keyboard.press("Enter")
    page.locator("inquiry-desk-feedback").wait_for()
    assert page.evaluate(FOCUS)[0] == "TEXTAREA"
    press(page, "Shift+Tab", lambda on: on[1].startswith("Read in context"))
    with page.context.expect_page() as opening:
        page.keyboard.press("Enter")
    opening.value.close()
    press(page, "Tab", lambda on: on[1] == "Yes, this helped")
    page.keyboard.press("Space")
    page.locator(".reason").wait_for()
    press(page, "Shift+Tab", lambda on: on[1] == "Write to them")
    page.keyboard.press("Enter")
    page.locator("inquiry-desk-letter form").wait_for()
    message = matter()
    for name, value in (LEAD | {"message": message}).items():
        press(page, "Tab", lambda on, name=name: on[1] == name)  # type: ignore[misc]
        page.keyboard.type(value)
    for name in ("country", "established"):
        press(page, "Tab", lambda on, name=name: on[1] == name)  # type: ignore[misc]
        page.keyboard.type("Czech")
    press(page, "Tab", lambda on: on[1] == "listed_party")
    page.keyboard.press("Space")
    press(page, "Tab", lambda on: on[1] == "consent")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    lead_id = page.locator(".reference dd").inner_text()
    assert page.evaluate(FOCUS)[0] == "H3"
    assert any(message in text for text in mailbox(lead_id))
    kept = bot.receive.leads.get(lead_id)
    assert (kept.status, kept.country, kept.established, kept.listed_party) == ("received", "CZ", "CZ", "no")
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUS)[1] == "Write to them"
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    assert page.evaluate(FOCUS)[1] == "Ask a question"
    assert seen.errors == []


def test_the_route_and_the_first_citation_are_there_before_the_rest(
    bot: wiring.Bot, browser: Browser, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, rest = ask.events, Event()

    def slow(body: str) -> Iterator[bytes]:
        for number, event in enumerate(whole(body)):
            if number == 2:
                assert rest.wait(30)
            yield event

    monkeypatch.setattr(ask, "events", slow)
    app: ASGIApp = create_app(bot)
    with served(app) as site, opened(browser) as (page, _):
        widget = Widget(page)
        page.goto(host.put("slow", plain(site)))
        widget.open()
        widget.send(QUESTION)
        expect(widget.quotes).to_have_count(1)
        expect(page.locator("inquiry-desk-answer inquiry-desk-card .mail")).to_have_text("russia@dezshira.com")
        expect(page.locator("inquiry-desk-feedback")).to_have_count(0)
        widget.field.fill("and in the EU?")
        widget.field.press("Enter")
        expect(widget.field).to_have_value("and in the EU?")
        rest.set()
        page.locator("inquiry-desk-feedback").wait_for()
        assert widget.quotes.count() > 1


def test_the_transcript_is_copied_printed_and_taken_along(browser: Browser, site: str, host: Host) -> None:
    with opened(browser, permissions=["clipboard-read", "clipboard-write"]) as (page, seen):
        page.add_init_script("window.print = () => { window.top.printed = document.body.innerText }")
        page.goto(host.put("take", plain(site), STRICT.format(desk=site)))
        widget = Widget(page)
        widget.open()
        widget.ask()
        quote = widget.quotes.first.locator("blockquote").inner_text()
        page.get_by_role("button", name="More").click()
        page.get_by_role("button", name="Copy").click()
        expect(page.get_by_text("Copied.")).to_be_visible()
        copied = page.evaluate("() => navigator.clipboard.readText()")
        for part in (
            QUESTION,
            quote,
            f"{site}/library/",
            "State of the facts: ",
            "Russia desk: russia@dezshira.com",
            "neither legal advice",
        ):
            assert part in copied
        page.get_by_role("button", name="Print").click()
        printed = page.evaluate("() => window.printed")
        assert QUESTION in printed and quote in printed
        with page.expect_download() as taken:
            page.get_by_role("button", name="Download").click()
        assert taken.value.suggested_filename.endswith(".txt")
        assert taken.value.path().read_text("utf-8") == copied
        page.get_by_role("button", name="New conversation").click()
        expect(widget.answers).to_have_count(0)
        expect(page.locator("inquiry-desk-welcome")).to_be_visible()
        widget.ask("What is the profit tax in Russia?")
        expect(widget.answers).to_have_count(1)
        assert seen.errors == []


def test_hours_are_told_on_the_visitors_clock(browser: Browser, site: str, host: Host) -> None:
    with opened(browser, timezone_id="Asia/Tokyo") as (page, _):
        page.goto(host.put("zone", plain(site)))
        widget = Widget(page)
        card = {"open_now": False, "opens_at": "2026-11-30T17:00:00+09:00", "hours": ["Monday–Friday: 17:00–02:00 the next day"]}

        def hours(route: object) -> None:
            given = route.fetch()  # type: ignore[attr-defined]
            body = given.json()
            body["desk"] |= card | {"holidays": ["2026-12-25"]}
            route.fulfill(response=given, json=body)  # type: ignore[attr-defined]

        page.route("**/words/*.json*", hours)
        page.clock.set_fixed_time(datetime(2026, 11, 26, 12, tzinfo=UTC))
        with page.expect_request("**/words/en.json?time_zone=Asia%2FTokyo"):
            widget.launch.click()
        facts = page.locator("inquiry-desk-welcome inquiry-desk-card .facts")
        expect(facts).to_contain_text("Opens Monday 17:00")
        expect(facts).to_contain_text("Monday–Friday: 17:00–02:00 the next day")
        expect(facts).to_contain_text("25 December 2026")
        with page.expect_request(lambda one: one.url.endswith("/ask") and one.method == "POST") as asked:
            widget.ask()
        assert (asked.value.post_data_json or {})["time_zone"] == "Asia/Tokyo"
