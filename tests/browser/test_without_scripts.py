"""The whole way of a visitor whose browser runs no scripts: ask, read in context, ask back, and be answered by a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bot import wiring
from bot.delivering import show
from bot.knowledge.embedder import Embedder
from bot.server.app import create_app
from bot.settings import Settings
from bot.store.opening import open_store
from tests.browser.conftest import follow, opened, served
from tests.conftest import NewSettings
from tests.leads.post_office import PostOffice
from tests.leads.post_office import opened as post

MESSAGE = "We make pumps in Brno and would like to know whether we may service machines that we sold to Russia in 2019."


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server."""
    with post(PostOffice()) as found:
        yield found


@pytest.fixture
def desk(starter: Settings, new_settings: NewSettings, encoder: Embedder, office: PostOffice) -> Iterator[wiring.Bot]:
    """A bot over the starter corpus with a store of its own, whose letters leave by the mail server."""
    mail = {"smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_security": "none", "mail_from": "Desk <desk@firm.example>"}
    own = {"database_url": f"sqlite:///{new_settings().data_dir}/own.sqlite3", "site_url": "https://desk.example"}
    chosen = starter.model_copy(update=mail | own)
    made = wiring.Bot(chosen, encoder, open_store(chosen))
    yield made
    made.close()


def test_from_the_first_question_to_a_letter_in_the_desks_mail_box(
    browser: Browser, desk: wiring.Bot, office: PostOffice
) -> None:
    with served(create_app(desk)) as site, opened(browser, java_script_enabled=False) as (page, seen):
        page.goto(f"{site}/?lang=en")
        page.fill("#question", "How does OFAC's 50 percent rule work?")
        follow(page.locator(".ask .button"))
        quote = page.locator(".card blockquote").first.inner_text()

        follow(page.locator(".card .onward a").first)
        expect(page.locator("mark#quote").first).to_be_in_viewport()
        assert "".join(page.locator("article.text mark").all_inner_texts()) == quote
        page.go_back()

        page.fill("#question", "and for the UK?")
        follow(page.locator(".ask .button"))
        expect(page.locator(".earlier li")).to_have_text("How does OFAC's 50 percent rule work?")
        expect(page.locator(".joined")).to_be_visible()
        assert "UK" in page.locator(".card .badges abbr").all_inner_texts()
        follow(page.locator(".helpful button[value=yes]"))
        page.fill("#comment", "Clear.")
        follow(page.locator(".helpful .button"))
        expect(page.locator(".thanks")).to_be_visible()
        expect(page.locator("#comment")).to_have_count(0)

        follow(page.locator(".desk .to-form"))
        for name, text in {
            "name": "Anna Nováková",
            "email": "anna@novak.example",
            "company": "Novák",
            "message": MESSAGE,
        }.items():
            page.fill(f"#{name}", text)
        page.select_option("#country", "CZ")
        page.select_option("#established", "CZ")
        page.check("#listed-no")
        page.check("#transcript")
        page.check("#consent")
        follow(page.locator("#inquiry button[type=submit]"))
        reference = page.locator(".reference dd").inner_text()
        assert seen.errors == []
        assert seen.elsewhere(site) == []

        kept = desk.receive.leads.get(reference)
        assert kept.status == "quarantined"
        assert office.taken == []
        assert desk.receive.leads.release(reference, desk.now())
        worker = desk.delivery.worker(lambda *_: None, show)
        assert worker.once() == 2
    arrived = {to: message.get_content() for (to, _), message in zip(office.taken, office.messages, strict=True)}
    assert set(arrived) == {"russia@dezshira.com", "anna@novak.example"}
    told = re.sub(r"\s+", " ", arrived["russia@dezshira.com"])
    for text in (reference, MESSAGE, "How does OFAC's 50 percent rule work?", "and for the UK?", quote.split(",")[0]):
        assert text in told
    assert reference in arrived["anna@novak.example"]
