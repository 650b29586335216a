"""On hostile pages the panel looks as it does on a friendly one: at most one pixel in a hundred differs; and it works there."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser import hostile
from tests.browser.conftest import opened
from tests.browser.hosts import STRICT, Host, plain
from tests.browser.widget import Widget

SIZE = {"width": 1000, "height": 800}
NEAR = 8  # of 255: what smoothing may differ by
MOST = 0.01


def picture(page: Page, address: str, question: bool = True) -> Image.Image:
    """The panel as it is seen on a page: the first frame, or with an answer."""
    page.goto(address)
    frame: Page | Frame = next((one for one in page.frames if one.url.endswith("/framed")), page)
    widget = Widget(frame)
    widget.open()
    if question:
        widget.ask()
    box = widget.panel.bounding_box()
    assert box
    shot = page.screenshot(clip=box, animations="disabled")
    return Image.open(io.BytesIO(shot)).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ."""
    assert one.size == other.size
    apart = np.abs(np.asarray(one, dtype=np.int16) - np.asarray(other, dtype=np.int16)).max(axis=2)
    return float((apart > NEAR).mean())


@pytest.fixture(scope="module")
def friendly(browser: Browser, site: str, host: Host) -> Image.Image:
    with opened(browser, viewport=SIZE, reduced_motion="reduce") as (page, _):
        return picture(page, host.put("friendly", plain(site)))


@pytest.mark.parametrize("name", hostile.PAGES)
def test_the_panel_is_the_same(name: str, browser: Browser, site: str, host: Host, friendly: Image.Image) -> None:
    with opened(browser, viewport=SIZE, reduced_motion="reduce") as (page, _):
        assert difference(friendly, picture(page, hostile.put(name, site, host))) <= MOST


def test_a_picture_that_differs_is_told(friendly: Image.Image, browser: Browser, host: Host) -> None:
    with opened(browser, viewport=SIZE, reduced_motion="reduce", color_scheme="dark") as (page, _):
        assert difference(friendly, picture(page, f"{host.origin}/friendly")) > 0.5
    with opened(browser, viewport=SIZE, reduced_motion="reduce") as (page, _):
        assert difference(friendly, picture(page, f"{host.origin}/friendly", question=False)) > MOST


def test_there_are_twelve() -> None:
    assert len(hostile.PAGES) == 12


@pytest.mark.parametrize("mode", ["bubble", "inline"])
def test_under_the_strictest_policy_nothing_is_refused(mode: str, browser: Browser, site: str, host: Host) -> None:
    with opened(browser, viewport=SIZE) as (page, seen):
        page.goto(host.put(f"strict-{mode}", plain(site, f'data-mode="{mode}" data-accent="#7a1f2b"'), STRICT.format(desk=site)))
        widget = Widget(page)
        if mode == "bubble":
            widget.open()
        widget.ask()
        widget.write()
        page.keyboard.press("Escape")
        expect(page.locator("inquiry-desk-letter")).to_have_count(0)
        button = page.locator("inquiry-desk-composer .button")
        assert button.evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(122, 31, 43)"
        assert (seen.errors, seen.elsewhere(site, host.origin)) == ([], [])
