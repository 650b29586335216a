"""What a document, a desk, an error or a visitor says is text in the widget: of 250 payloads none runs, none asks elsewhere."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import opened
from tests.browser.hosts import Host, plain
from tests.browser.payloads import FILLED, HOOK, PAYLOADS
from tests.browser.test_widget_access import failing
from tests.browser.test_widget_journey import fill
from tests.browser.widget import Widget

TEXTS = ("quote", "title", "section", "url", "read_url", "as_of", "language", "document_id")
CARD = ("name", "email", "subject", "opens_at")
SHARE = 50
TAKEN = "() => navigator.clipboard.readText()"
MARKUP = (
    "() => document.querySelector('inquiry-desk').shadowRoot.querySelectorAll('script, object, embed, base, link, img').length"
)


def card(payload: str) -> dict[str, Any]:
    """A desk of which every word is a payload."""
    row: dict[str, Any] = dict.fromkeys(CARD, payload)
    return row | {"hours": [payload], "languages": [payload], "holidays": [payload], "open_now": False}


def answer(payloads: tuple[str, ...], status: str = "answered") -> dict[str, Any]:
    """An answer of which every word is a payload."""
    cited = [{"n": n, "jurisdictions": [one], "published": None} | dict.fromkeys(TEXTS, one) for n, one in enumerate(payloads, 1)]
    last = payloads[-1]
    text = "\n\n".join([payloads[0], *(f"“{one}” [{n}]" for n, one in enumerate(payloads, 1)), last, last, last])
    ids = {
        "answer_id": last,
        "conversation_id": last,
        "reason": last,
        "topic": last,
        "language": last,
        "as_of": last,
        "notice": last,
    }
    return ids | {
        "status": status,
        "kind": last,
        "text": text,
        "citations": cited,
        "route": card(last),
        "suggestions": list(payloads),
    }


def test_nothing_that_is_said_is_run(browser: Browser, site: str, host: Host) -> None:
    with opened(browser, permissions=["clipboard-read", "clipboard-write"]) as (page, seen):
        page.add_init_script(f"{HOOK} window.print = () => {{}}")
        page.goto(host.put("payloads", plain(site)))
        widget = Widget(page)
        widget.open()
        page.get_by_label("Keep this conversation").check()
        for first in range(0, len(PAYLOADS), SHARE):
            said(page, widget, PAYLOADS[first : first + SHARE])
        taken(page)
        page.reload()
        widget.open()
        expect(widget.answers).to_have_count(2 * len(PAYLOADS) // SHARE)
        written(page, widget)
        assert page.evaluate("() => window.xss") == 0
        assert page.evaluate(MARKUP) == 0
        assert seen.dialogs == []
        assert seen.elsewhere(site, host.origin) == []


def said(page: Page, widget: Widget, payloads: tuple[str, ...]) -> None:
    """A question and its answer, and one that is asked back, of payloads."""
    for status in ("answered", "clarify"):
        body = answer(payloads, status)
        page.route("**/api/v1/ask", failing(200, **body))
        before = page.locator("inquiry-desk-feedback").count()
        widget.field.fill(" ".join(payloads)[:1000])
        widget.field.press("Enter")
        page.locator("inquiry-desk-feedback").nth(before).wait_for(state="attached")
        page.unroute("**/api/v1/ask")
    quotes = widget.page.locator("inquiry-desk-answer:last-child blockquote")
    assert quotes.all_text_contents() == list(payloads)
    assert FILLED not in "".join(quotes.all_text_contents())
    for link in page.locator("inquiry-desk-answer:last-child a").all():
        assert (link.get_attribute("href") or "").startswith(("http://127.0.0.1", "http://evil.example/", "mailto:"))
    page.route("**/api/v1/ask", failing(503, detail=payloads[0], desk=card(payloads[0])))
    widget.send(payloads[-1])
    page.locator("inquiry-desk-answer:last-child .problem").wait_for()
    page.unroute("**/api/v1/ask")


def taken(page: Page) -> None:
    """The transcript, by each way out."""
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Print").click()
    with page.expect_download():
        page.get_by_role("button", name="Download").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert PAYLOADS[0] in page.evaluate(TAKEN)
    page.keyboard.press("Escape")


def written(page: Page, widget: Widget) -> None:
    """The form, filled with payloads, refused with payloads, and received with one."""

    def asked(route: Route) -> None:
        failing(200, version="v", text=PAYLOADS[1])(route)

    page.route("**/leads/consent*", asked)
    page.locator("inquiry-desk-welcome .button").click()
    widget.form.wait_for()
    fill(widget)
    widget.form.locator("[name=message]").fill(" ".join(PAYLOADS)[:5000])
    for name in ("name", "company", "goods", "countries"):
        widget.form.locator(f"[name={name}]").fill(PAYLOADS[0])
    widget.form.locator("[name=consent]").check()
    errors = [{"field": name, "problem": PAYLOADS[0]} for name in ("name", "email", PAYLOADS[5])]
    page.route("**/api/v1/leads", failing(422, errors=errors))
    widget.form.locator(".button").click()
    expect(page.locator(".alarm li")).to_have_count(3)
    page.unroute("**/api/v1/leads")
    page.route("**/api/v1/leads", failing(201, lead_id=PAYLOADS[0], desk=PAYLOADS[0]))
    widget.form.locator(".button").click()
    expect(page.locator(".reference dd")).to_have_text(PAYLOADS[0])
