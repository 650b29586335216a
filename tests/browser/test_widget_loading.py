"""Before the widget is opened it is one small file and nothing else; opened, it is as small as was promised."""

from __future__ import annotations

import gzip
import json
import urllib.request
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from bot import shipped
from bot.vocabulary import LANGUAGES, Language
from tests.browser.conftest import Seen
from tests.browser.hosts import Host, plain
from tests.browser.widget import Widget

KB = 1024
SHIFTS = """() => new Promise((done) => {
  const observer = new PerformanceObserver((list) => done(list.getEntries().map((entry) => entry.value)))
  observer.observe({type: "layout-shift", buffered: true})
  setTimeout(() => done([]), 300)
})"""
LEFT = "() => [document.cookie, Object.keys(localStorage), Object.keys(sessionStorage)]"


def compressed(address: str) -> int:
    """Bytes of a file's body as a browser receives it."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as given:
        body = given.read()
        return len(body) if given.headers["Content-Encoding"] == "gzip" else len(gzip.compress(body))


def test_before_it_is_opened_there_is_one_request_and_nothing_is_left(page: Page, seen: Seen, site: str, host: Host) -> None:
    address = host.put("plain", plain(site))
    page.goto(address, wait_until="networkidle")
    expect(Widget(page).launch).to_be_visible()
    assert [url for url in seen.requests if not url.endswith("/favicon.ico")] == [address, f"{site}/widget.js"]
    assert page.evaluate(LEFT) == ["", [], []]
    assert page.context.cookies() == []
    assert page.evaluate("() => indexedDB.databases()") == []
    assert page.evaluate(SHIFTS) == []
    assert [error for error in seen.errors if "favicon" not in error and "404" not in error] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_loader_has_3_kb_and_all_that_opening_loads_28(
    language: Language, page: Page, seen: Seen, site: str, host: Host
) -> None:
    page.goto(host.put("sizes", plain(site, lang=language)), wait_until="networkidle")
    assert compressed(f"{site}/widget.js") <= 3 * KB
    Widget(page).open()
    loaded = [url for url in seen.requests if url.startswith(site)]
    assert len(loaded) == len(set(loaded))
    assert any(f"/words/{language}.json" in url for url in loaded)
    assert any(url.endswith("/panel.js") for url in loaded)
    assert sum(map(compressed, loaded)) <= 28 * KB
    assert seen.elsewhere(site, host.origin) == []
    assert page.evaluate(LEFT) == ["", [], []]


def test_every_part_is_shipped_and_asked_for_under_its_version(page: Page, seen: Seen, site: str) -> None:
    page.goto(f"{site}/demo?lang=en")
    widget = Widget(page)
    widget.open()
    widget.write()
    paths = [urlsplit(url).path for url in seen.requests if "/widget/" in url and "/words/" not in url]
    assert {path.rpartition("/")[2] for path in paths} == {file.name for file in (shipped.folder("web") / "widget").glob("*.js")}
    assert len({path.split("/")[2] for path in paths}) == 1
    assert seen.errors == []


def test_the_options_are_taken(page: Page, site: str, host: Host) -> None:
    chosen = {"language": "de", "position": "left", "scheme": "dark", "accent": "#7a1f2b"}
    chosen |= {"greeting": "Grüezi", "question": "Was?"}
    options = " ".join(f'data-{name}="{value}"' for name, value in chosen.items())
    page.goto(host.put("options", plain(site, options)))
    widget = Widget(page)
    widget.open()
    expect(page.locator(".greeting")).to_have_text("Grüezi")
    expect(widget.field).to_have_value("Was?")
    box = widget.panel.bounding_box()
    assert box and box["x"] == 20
    assert widget.panel.evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(16, 23, 26)"
    assert page.locator(".desk").get_attribute("lang") == "de"


def test_custom_properties_and_a_place_of_its_own(page: Page, site: str, host: Host) -> None:
    style = "<style>inquiry-desk { --inquiry-desk-accent: rgb(120, 20, 40); --inquiry-desk-height: 500px; }</style>"
    page.goto(host.put("inline", plain(site, head=style, body=f"{'<inquiry-desk mode=inline></inquiry-desk>'}<p>After.</p>")))
    widget = Widget(page)
    page.locator("inquiry-desk-welcome").wait_for()
    assert page.locator("inquiry-desk").count() == 1
    box = widget.panel.bounding_box()
    assert box and box["height"] == 500
    colour = page.locator("inquiry-desk-composer .button").evaluate("(one) => getComputedStyle(one).backgroundColor")
    assert colour == "rgb(120, 20, 40)"
    assert page.evaluate("() => document.activeElement === document.body")


def test_where_the_rest_cannot_be_loaded_there_is_the_address(page: Page, site: str, host: Host) -> None:
    page.route("**/panel.js", lambda route: route.abort())
    page.goto(host.put("absent", plain(site)))
    Widget(page).launch.click()
    mail = page.locator(".away a")
    expect(mail).to_be_visible()
    assert (mail.get_attribute("href") or "").startswith("mailto:russia@dezshira.com?subject=")
    page.unroute("**/panel.js")
    page.reload()
    Widget(page).open()


def test_the_words_hold_every_key_and_the_plurals_of_each_language(site: str) -> None:
    said = {}
    for language in LANGUAGES:
        with urllib.request.urlopen(f"{site}/widget/words/{language}.json") as given:
            said[language] = json.load(given)
    plurals = {"en": {"one", "other"}, "de": {"one", "other"}, "ru": {"one", "few", "many", "other"}, "zh": {"other"}}
    for language in LANGUAGES:
        assert plurals[language] <= set(said[language]["widget"]["quotes"])
        assert set(said[language]["widget"]) == set(said["en"]["widget"])
        assert set(said[language]["form"]) == set(said["en"]["form"])
        assert said[language]["desk"]["email"] == "russia@dezshira.com"
