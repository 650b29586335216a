"""The served site answers a browser, and what happens there is seen."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import Seen


def test_a_page_of_the_site_opens_and_asks_nobody_else(page: Page, seen: Seen, site: str) -> None:
    page.goto(f"{site}/?lang=en")
    assert page.title()
    assert f"{site}/?lang=en" in seen.requests
    assert seen.elsewhere(site) == []
    assert (seen.errors, seen.dialogs) == ([], [])


def test_errors_dialogs_and_requests_elsewhere_are_seen(page: Page, seen: Seen, site: str) -> None:
    page.goto(f"{site}/nothing")
    page.evaluate("() => { alert('hello'); console.error('told'); }")
    page.evaluate("() => fetch('http://127.0.0.1:9/').catch(() => 0)")
    assert "told" in seen.errors
    assert seen.dialogs == ["hello"]
    assert any("Content Security Policy" in error for error in seen.errors)
