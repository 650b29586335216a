"""Every state of the pages in four languages, light and dark: nothing that axe knows is wrong, readable at 400 %."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from bot import wiring
from bot.vocabulary import Language
from tests.browser.axe import COLOURS, violations
from tests.browser.conftest import opened
from tests.browser.states import LANGUAGES, addresses, in_language

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 320, "height": 640}  # 1280 px at 400 %
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
ERRORS = "form => { form.noValidate = true; HTMLFormElement.prototype.submit.call(form) }"


def examine(page: Page) -> list[str]:
    """What is wrong with the page as it is, in both schemes and when it is narrow."""
    page.emulate_media(color_scheme="light")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark {line}" for line in violations(page, COLOURS)]
    page.set_viewport_size(NARROW)
    over = page.evaluate(WIDER)
    if over > 0:
        found.append(f"is {over} px too wide at 320 px")
    page.set_viewport_size(WIDE)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_state_has_a_violation(language: Language, browser: Browser, site: str, bot: wiring.Bot) -> None:
    found: dict[str, list[str]] = {}
    with opened(browser, viewport=WIDE, reduced_motion="reduce") as (page, _):
        states = addresses(bot, language)
        for state, path in states.items():
            page.goto(site + in_language(path, language))
            assert page.get_attribute("html", "lang") == language
            found[state] = examine(page)
        page.goto(site + in_language("/contact", language))
        page.eval_on_selector("#inquiry", ERRORS)
        page.wait_for_selector(".alarm")
        found["form with errors"] = examine(page)
        page.goto(site + in_language(states["answered"], language))
        page.click(".helpful button[value=no]")
        page.wait_for_selector(".thanks")
        found["thanked"] = examine(page)
        page.eval_on_selector("#comment", "field => { field.value = 'long '.repeat(300) }")
        page.eval_on_selector(".helpful form", ERRORS)
        page.wait_for_selector("#helpful-problem")
        found["opinion with errors"] = examine(page)
        page.goto(site + in_language("/", language))
        page.eval_on_selector(".ask", ERRORS)
        page.wait_for_selector("#problem")
        found["question with errors"] = examine(page)
    assert len(found) >= 20
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_keys_alone_go_from_the_skip_link_to_an_answer(browser: Browser, site: str) -> None:
    with opened(browser) as (page, seen):
        page.goto(f"{site}/?lang=en")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        expect(page.locator(".skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator("#question")).to_be_focused()
        outline = page.eval_on_selector("#question", "field => getComputedStyle(field).outlineWidth")
        assert outline == "3px"
        page.keyboard.type("How does OFAC's 50 percent rule work?")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".card")
        for code in page.locator(".card blockquote").all():
            assert code.get_attribute("lang") == "en"
        assert seen.errors == []


def test_nothing_moves_for_whoever_wants_it_still(browser: Browser, site: str) -> None:
    for motion, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        with opened(browser, reduced_motion=motion) as (page, _):
            page.goto(f"{site}/library?lang=en")
            assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour


def test_paper_has_the_text_its_address_and_its_date(browser: Browser, site: str) -> None:
    with opened(browser) as (page, _):
        page.goto(f"{site}/library/articles/us-50-percent-rule?lang=en")
        expect(page.locator(".printed")).to_be_hidden()
        page.emulate_media(media="print")
        for hidden in (".menu", ".tongues", ".contents", ".desk-write"):
            expect(page.locator(hidden)).to_be_hidden()
        for shown in ("h1", "article.text", ".particulars .facts", ".desk-address", ".printed"):
            expect(page.locator(shown)).to_be_visible()
        assert page.inner_text(".printed").startswith("Printed on ")
        assert page.pdf()[:5] == b"%PDF-"
