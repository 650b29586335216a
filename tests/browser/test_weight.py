"""What the first page costs: requests, bytes, and how far it moves while it comes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import opened

WATCH = """
window.moved = 0
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved += one.value })
  .observe({ type: "layout-shift", buffered: true })
"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(window.moved))))"
SIZES = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .map((one) => [new URL(one.name).pathname, one.transferSize])"""


@pytest.mark.parametrize("width", [360, 1440])
def test_the_first_page_is_light_and_stands_still(width: int, browser: Browser, site: str) -> None:
    with opened(browser, viewport={"width": width, "height": 800}) as (page, seen):
        page.add_init_script(WATCH)
        page.goto(f"{site}/?lang=en", wait_until="networkidle")
        assert page.evaluate(SETTLED) == 0
        sizes = dict(page.evaluate(SIZES))
        assert set(sizes) <= {"/", "/site.css", "/desk-hours.js", "/favicon.svg", "/favicon.ico"}
        assert 0 < sum(sizes.values()) <= 16 * 1024, sizes  # compressed
        assert len(seen.requests) <= 4
        assert seen.errors == []
        assert page.context.cookies() == []
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_second_page_asks_for_no_file_again(browser: Browser, site: str) -> None:
    with opened(browser) as (page, _):
        page.goto(f"{site}/?lang=en", wait_until="networkidle")
        page.goto(f"{site}/library?lang=en", wait_until="networkidle")
        files = {name: size for name, size in page.evaluate(SIZES) if name != "/library"}
        assert "/site.css" in files
        assert set(files.values()) == {0}
