"""Every state of the widget, in four languages, light and dark: no violation that axe knows; what is read out and reached."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from bot.vocabulary import LANGUAGES, Language
from tests.browser.axe import COLOURS, violations
from tests.browser.conftest import opened
from tests.browser.hosts import Host, plain
from tests.browser.widget import QUESTION, Widget

SMALL = """() => {
  const panel = document.querySelector('inquiry-desk').shadowRoot.querySelector('.panel')
  const found = [...panel.querySelectorAll('button, a, input:not(.unseen), select, textarea, summary')]
  const seen = found.filter((one) => one.checkVisibility())
  const sizes = seen.map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  const small = sizes.filter(([, box]) => box.width < 24 || box.height < 24)
  return small.map(([html, box]) => `${html} ${box.width} x ${box.height}`)
}"""
SIDEWAYS = """() => {
  const panel = document.querySelector('inquiry-desk').shadowRoot.querySelector('.panel')
  const wide = (one) => one.checkVisibility() && one.clientWidth && one.scrollWidth > one.clientWidth + 1
    && !one.closest('.unseen')
  return [panel, ...panel.querySelectorAll('*')].filter(wide).map((one) => one.outerHTML.slice(0, 120))
}"""
WATCH = """() => {
  const voice = document.querySelector('inquiry-desk').shadowRoot.querySelector('inquiry-desk-transcript > [role=status]')
  window.said = []
  new MutationObserver(() => window.said.push(voice.textContent))
    .observe(voice, {childList: true, subtree: true, characterData: true})
}"""
EAVESDROP = """() => {
  window.heard = []
  addEventListener('keydown', (event) => { heard.push(event.key); event.preventDefault() })
}"""
SPOKEN: dict[str, str] = {
    "answered": QUESTION,
    "clarify": "Which documents do I need?",
    "screening": "Is Sberbank sanctioned?",
    "off_topic": "What is the weather?",
    "urgent": "Our goods are held at customs, deadline today",
    "laws": "Which goods may not be exported to Russia?",
}


def examine(page: Page, found: dict[str, list[str]], state: str) -> None:
    """Notes what is wrong with a state, in both schemes."""
    page.emulate_media(color_scheme="dark")
    wrong = [f"dark {line}" for line in violations(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    wrong += violations(page)
    if page.locator(".panel").is_visible():
        wrong += page.evaluate(SMALL)
    found[state] = wrong


def failing(status: int, /, **problem: object) -> Callable[[Route], None]:
    """Answers with a problem, as the server does."""

    def answer(route: Route) -> None:
        headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
        route.fulfill(status=204 if route.request.method == "OPTIONS" else status, headers=headers, json=problem)

    return answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_state_has_a_violation(language: Language, browser: Browser, site: str, host: Host) -> None:
    found: dict[str, list[str]] = {}
    with opened(browser, reduced_motion="reduce", viewport={"width": 1000, "height": 800}) as (page, _):
        page.goto(host.put(f"axe-{language}", plain(site, lang=language)))
        widget = Widget(page)
        widget.launch.wait_for()
        examine(page, found, "closed")
        widget.open()
        examine(page, found, "first frame")
        widget.field.press("Enter")
        examine(page, found, "nothing asked")
        conversation(page, widget, found)
        failures(page, widget, found)
        letter(page, widget, found)
    assert len(found) >= 16
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def renew(page: Page) -> None:
    """Begins a new conversation: what was examined need not be again."""
    page.locator(".icon-button").nth(1).click()
    page.locator(".menu .plain").first.click()


def conversation(page: Page, widget: Widget, found: dict[str, list[str]]) -> None:
    """The states of an answer."""
    page.route("**/api/v1/ask", lambda _: None)
    widget.send(QUESTION)
    page.locator(".waiting").wait_for()
    examine(page, found, "asking")
    page.unroute("**/api/v1/ask")
    page.locator(".icon-button").nth(1).click()
    examine(page, found, "menu")
    page.locator(".icon-button").nth(1).click()
    for state, question in SPOKEN.items():
        renew(page)
        widget.ask(question)
        examine(page, found, state)
    page.locator(".thumb").last.click()
    page.locator(".reason").wait_for()
    examine(page, found, "feedback")


def failures(page: Page, widget: Widget, found: dict[str, list[str]]) -> None:
    """The states in which nothing is answered."""
    for state, status in (("overload", 503), ("fault", 500), ("refused", 422)):
        renew(page)
        page.route("**/api/v1/ask", failing(status))
        widget.send(QUESTION)
        page.locator("inquiry-desk-answer:last-child .problem").wait_for()
        examine(page, found, state)
        page.unroute("**/api/v1/ask")
    renew(page)
    page.context.set_offline(True)
    widget.send("Is anybody there?")
    page.locator("inquiry-desk-answer:last-child .problem").wait_for()
    examine(page, found, "offline")
    page.context.set_offline(False)
    page.locator("inquiry-desk-answer:last-child inquiry-desk-feedback").wait_for()


def letter(page: Page, widget: Widget, found: dict[str, list[str]]) -> None:
    """The states of the form."""
    widget.write()
    examine(page, found, "form")
    widget.form.locator(".button").click()
    page.locator(".alarm").wait_for()
    examine(page, found, "form with errors")
    for name in ("message", "name", "company"):
        widget.form.locator(f"[name={name}]").fill("Anna")
    widget.form.locator("[name=email]").fill("anna@firm.example")
    for name in ("country", "established"):
        widget.form.locator(f"select[name={name}]").select_option("CZ")
    widget.form.locator("[name=listed_party]").first.check()
    widget.form.locator("[name=consent]").check()
    page.route("**/api/v1/leads", lambda route: route.abort())
    widget.form.locator(".button").click()
    page.locator(".alarm a").wait_for()
    examine(page, found, "form not sent")
    page.unroute("**/api/v1/leads")
    page.route("**/api/v1/leads", failing(201, lead_id="ABCD-EFGH-2345", desk="russia", received_at="2026-03-01T12:00:00+00:00"))
    widget.form.locator(".button").click()
    page.locator(".reference").wait_for()
    examine(page, found, "form sent")
    page.unroute("**/api/v1/leads")


def test_each_answer_is_read_out_once(page: Page, site: str, host: Host) -> None:
    page.goto(host.put("voice", plain(site)))
    widget = Widget(page)
    widget.open()
    page.evaluate(WATCH)
    log = page.locator("[role=log]")
    assert (log.get_attribute("aria-live"), log.get_attribute("aria-label")) == ("off", "Conversation")
    for number, question in enumerate(SPOKEN.values(), 1):
        widget.ask(question)
        said = page.evaluate("() => window.said")
        assert len(said) == number
        quotes = widget.quotes.count()
        if quotes:
            assert said[-1].startswith("1 quote was found." if quotes == 1 else f"{quotes} quotes were found.")
            assert widget.quotes.last.locator("blockquote").inner_text()[:40] in said[-1]
    page.locator(".thumb").first.click()
    expect(page.locator("inquiry-desk-feedback").first).to_contain_text("Thank you")
    assert len(page.evaluate("() => window.said")) == len(SPOKEN)
    page.route("**/api/v1/ask", lambda route: route.abort())
    widget.send("Is anybody there?")
    page.locator("inquiry-desk-answer:last-child .problem").wait_for()
    assert page.evaluate("() => window.said.length") == len(SPOKEN) + 1


@pytest.mark.parametrize("size", [(320, 256), (320, 640)], ids=["400 % of 1280 x 1024", "a narrow window"])
def test_at_400_percent_nothing_is_cut_off(size: tuple[int, int], browser: Browser, site: str, host: Host) -> None:
    with opened(browser, viewport={"width": size[0], "height": size[1]}) as (page, _):
        page.goto(host.put("zoom", plain(site, lang="de")))
        widget = Widget(page)
        widget.open()
        assert page.evaluate(SIDEWAYS) == []
        widget.ask()
        assert page.evaluate(SIDEWAYS) == []
        widget.field.scroll_into_view_if_needed()
        expect(widget.field).to_be_in_viewport()
        page.keyboard.press("Tab")
        for _ in range(40):  # in a window that is covered whole the focus stays in the panel
            page.keyboard.press("Tab")
            assert page.evaluate("() => document.activeElement.tagName") in ("INQUIRY-DESK", "BODY")
        widget.write()
        assert page.evaluate(SIDEWAYS) == []


def test_nothing_moves_for_whoever_wants_no_motion(browser: Browser, site: str, host: Host) -> None:
    for motion, moving in (("reduce", 0), ("no-preference", 1)):
        with opened(browser, reduced_motion=motion) as (page, _):
            page.goto(host.put("motion", plain(site)))
            widget = Widget(page)
            widget.open()
            page.route("**/api/v1/ask", lambda _: None)
            widget.send(QUESTION)
            page.locator(".waiting").wait_for()
            running = "() => document.querySelector('inquiry-desk').shadowRoot.getAnimations().length"
            assert page.evaluate(running) == moving


def test_the_pages_own_keys_do_not_hear_what_is_typed(page: Page, site: str, host: Host) -> None:
    page.goto(host.put("keys", plain(site)))
    page.evaluate(
        "() => { window.heard = []; addEventListener('keydown', (event) => { heard.push(event.key); event.preventDefault() }) }"
    )
    widget = Widget(page)
    widget.open()
    page.keyboard.type("and? / s")
    expect(widget.field).to_have_value("and? / s")
    assert page.evaluate("() => window.heard") == []
