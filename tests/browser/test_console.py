"""The console in a browser: without scripts, by a link in a mail, as axe sees it, on a narrow screen, with hostile leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Route

from bot import wiring
from bot.server.app import create_app
from bot.store.keys import new_secret
from bot.store.opening import open_store
from tests.browser.axe import ALL, COLOURS, violations
from tests.browser.conftest import follow, opened, served
from tests.conftest import NewSettings
from tests.server import day
from tests.server.conftest import Absent

PAGES = (
    "/console",
    "/console/leads",
    *(f"/console/leads/{one}" for one in day.PLACES.values()),
    f"/console/letters/{day.PLACES['attention']}-webhook/settle",
    "/console/outbox",
    "/console/gaps",
    "/console/nothing",
)


@pytest.fixture(scope="module")
def desk(new_settings: NewSettings) -> Iterator[wiring.Bot]:
    """A bot without a snapshot, at the end of a day, half an hour ago."""
    settings = new_settings()
    made = wiring.Bot(settings, Absent(), open_store(settings))
    made._clock = lambda: datetime.now(UTC) - timedelta(minutes=30)
    day.whole(made)
    day.plain(made, "QQQQ-3333-3333", status="quarantined", suspicions=("content",))
    made._clock = lambda: datetime.now(UTC)
    yield made
    made.close()


@pytest.fixture(scope="module")
def key(desk: wiring.Bot) -> str:
    """A key that may see everything."""
    secret = new_secret()
    desk.keys.create("Front desk", ["leads", "answers"], desk.now(), secret)
    return secret


@pytest.fixture(scope="module")
def console(desk: wiring.Bot) -> Iterator[str]:
    """The origin of its site."""
    with served(create_app(desk)) as origin:
        yield origin


def sign_in(page: Page, origin: str, key: str, path: str = "/console") -> None:
    page.goto(f"{origin}{path}")
    page.get_by_label("Staff key").fill(key)
    follow(page.get_by_role("button", name="Sign in"))


def test_a_lead_is_released_and_a_letter_settled_without_a_script(browser: Browser, console: str, key: str) -> None:
    with opened(browser, java_script_enabled=False) as (page, _):
        sign_in(page, console, key, "/console/leads/QQQQ-3333-3333")
        assert page.url == f"{console}/console/leads/QQQQ-3333-3333"
        follow(page.get_by_role("button", name="Release: it is no spam"))
        assert page.get_by_role("status").inner_text() == "Released: its letters go out now."
        follow(page.get_by_role("link", name="Outbox"))
        follow(page.get_by_role("link", name="I have seen to it myself").first)
        follow(page.get_by_role("button", name="Settle: I have seen to it"))
        assert "counts as delivered by hand" in page.get_by_role("status").inner_text()
        follow(page.get_by_role("button", name="Sign out"))
        page.goto(f"{console}/console/leads")
        assert page.get_by_role("heading", level=1).inner_text() == "Sign in"


def test_a_link_in_a_mail_finds_whoever_is_signed_in(browser: Browser, console: str, key: str) -> None:
    def mail(route: Route) -> None:
        route.fulfill(content_type="text/html", body=f'<a href="{console}/console/leads/{day.PLACES["pending"]}">lead</a>')

    with opened(browser) as (page, seen):
        sign_in(page, console, key)
        page.route("http://mail.example/", mail)
        page.goto("http://mail.example/")
        page.get_by_role("link", name="lead").click()
        page.get_by_role("heading", name=f"Company {day.PLACES['pending']}").wait_for()
        address = f"{console}/console/leads/{day.PLACES['pending']}"
        assert seen.requests.count(address) == 2  # the cookie is kept back from the first, which comes from another site


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_runs_nothing_of_a_lead(
    scheme: Literal["light", "dark"], browser: Browser, console: str, key: str
) -> None:
    wide, narrow = {"width": 1440, "height": 900}, {"width": 360, "height": 800}
    with opened(browser, color_scheme=scheme, viewport=wide, bypass_csp=True) as (page, seen):
        page.goto(f"{console}/console/sign-in")
        rules = ALL if scheme == "light" else COLOURS
        found = {"/console/sign-in": violations(page, rules)}
        sign_in(page, console, key)
        for path in PAGES:
            page.set_viewport_size({"width": wide["width"], "height": wide["height"]})
            page.goto(f"{console}{path}")
            found[path] = violations(page, rules)
            page.set_viewport_size({"width": narrow["width"], "height": narrow["height"]})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert {path: one for path, one in found.items() if one} == {}
        assert seen.dialogs == [] and seen.elsewhere(console) == []
