"""The form as a browser without JavaScript gets it, in four languages and every state; and with scripts, in a browser."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from httpx2 import Response
from playwright.sync_api import Browser, Page
from playwright.sync_api import Route as Intercepted
from starlette.testclient import TestClient

from bot import wiring
from bot.errors import StorageFull
from bot.leads import tokens
from bot.store.conservation import conservation
from bot.vocabulary import LANGUAGES

HTML = {"Accept": "text/html"}
SITE = {"Sec-Fetch-Site": "same-origin"}
MESSAGE = "We make pumps in Brno and would like to know whether we may service machines sold to Russia in 2019."
FIELDS = {
    "name": "Anna Nováková",
    "email": "anna@novak-pumps.example",
    "company": "Novák & Pumps <s.r.o.>",
    "country": "CZ",
    "established": "CZ",
    "message": MESSAGE,
    "listed_party": "no",
    "consent": "1",
    "consent_version": "2026-11.24.en",
    "countries": "Russia, Narnia",
    "urgent": "1",
}


def send(visitor: TestClient, language: str = "en", **changes: str) -> Response:
    fields = {name: value for name, value in (FIELDS | changes).items() if value}
    return visitor.post(f"/contact?lang={language}", data=fields, headers=HTML | SITE, follow_redirects=False)


def reference(response: Response) -> str:
    assert response.status_code == 303, response.text[:300]
    found = re.search(r"reference=([A-Z2-9-]{14})&", response.headers["location"])
    assert found
    return found[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_there_in_every_language_and_asks_for_all(language: str, visitor: TestClient) -> None:
    page = visitor.get(f"/contact?lang={language}", headers=HTML)
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    names = set(re.findall(r'name="(\w+)"', page.text)) - {"viewport", "description"}
    asked = {"name", "email", "company", "country", "countries", "goods", "topic", "message", "preferred_time", "urgent"}
    assert asked | {"established", "on_behalf", "listed_party", "consent", "consent_version", "token", "proof"} <= names
    for name in re.findall(r'<(?:input|select|textarea)[^>]* id="([\w-]+)"', page.text):
        assert f'for="{name}"' in page.text, name
    assert "russia@dezshira.com" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_what_is_sent_is_kept_and_the_page_after_it_names_the_reference(visitor: TestClient, desk: wiring.Bot) -> None:
    sent = send(visitor)
    kept = desk.receive.leads.get(reference(sent))
    assert (kept.name, kept.company, kept.urgent, kept.countries) == (FIELDS["name"], FIELDS["company"], True, ("RU", "Narnia"))
    assert kept.consent.text.startswith("I agree that the firm stores")
    after = visitor.get(sent.headers["location"], headers=HTML)
    assert after.status_code == 200
    assert kept.id in after.text
    assert "Nováková" not in after.text


def test_without_scripts_a_person_looks_first(visitor: TestClient, desk: wiring.Bot) -> None:
    kept = desk.receive.leads.get(reference(send(visitor)))
    assert kept.status == "quarantined"
    assert set(kept.suspicions) == {"no_proof", "form_token"}
    assert {letter.state for letter in desk.receive.letters.of_lead(kept.id)} == {"quarantined"}


def test_a_form_sent_in_a_blink_or_filled_by_a_machine_is_held(visitor: TestClient, desk: wiring.Bot) -> None:
    kept = desk.receive.leads.get(reference(send(visitor, token=desk.receive.token(), website="http://x.example")))
    assert {"haste", "bait"} <= set(kept.suspicions)


def test_a_form_that_is_corrected_keeps_the_moment_it_was_handed_out(visitor: TestClient, desk: wiring.Bot) -> None:
    issued = desk.receive.token()
    assert f'name="token" value="{issued}"' in send(visitor, name="", token=issued).text
    assert 'name="token" value="forged"' not in send(visitor, name="", token="forged").text


def test_a_second_click_leads_to_the_same_page(visitor: TestClient, desk: wiring.Bot) -> None:
    assert reference(send(visitor)) == reference(send(visitor))
    assert conservation(desk.store).received == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_named_and_what_was_typed_stays(language: str, visitor: TestClient, desk: wiring.Bot) -> None:
    page = send(visitor, language, email="anna@", listed_party="", consent="", goods="pumps \"&' <b>")
    assert page.status_code == 422
    assert set(re.findall(r'id="(\w+)-problem"', page.text)) == {"email", "listed_party", "consent"}
    assert page.text.count('aria-invalid="true"') == 2  # a group of choices takes no such mark
    text = html.unescape(page.text)
    for typed in (FIELDS["name"], FIELDS["company"], MESSAGE, "anna@", "pumps \"&' <b>", "Russia, Narnia"):
        assert typed in text
    assert "<b>" not in page.text
    assert "<s.r.o.>" not in page.text
    assert re.search(r'<option value="CZ" selected>', page.text)
    assert re.search(r'id="urgent"[^>]* checked', page.text)
    assert 'role="alert"' in page.text
    assert conservation(desk.store).received == 0


def test_where_the_store_fails_what_was_typed_stays_too(
    visitor: TestClient, desk: wiring.Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageFull("the disk is full")

    monkeypatch.setattr(desk.receive.leads, "keep", full)
    page = send(visitor)
    assert page.status_code == 503
    assert int(page.headers["retry-after"]) > 0
    assert MESSAGE in page.text
    assert "has not been received" in page.text
    assert "the disk is full" not in page.text


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://desk.example"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
    ],
)
def test_another_sites_page_cannot_send_the_form(
    headers: dict[str, str], allowed: bool, visitor: TestClient, desk: wiring.Bot
) -> None:
    response = visitor.post("/contact", data=FIELDS, headers=HTML | headers, follow_redirects=False)
    assert response.status_code == (303 if allowed else 403)
    assert conservation(desk.store).received == int(allowed)


def test_links_fill_in_what_is_known(visitor: TestClient) -> None:
    page = visitor.get("/contact?topic=logistics&urgent=1&conversation=nobody", headers=HTML).text
    assert '<option value="logistics" selected>' in page
    assert re.search(r'id="urgent"[^>]* checked', page)
    assert 'name="transcript"' not in page
    strange = visitor.get("/contact?topic=%3Cb%3E&conversation=%22%3E", headers=HTML)
    assert strange.status_code == 200
    assert "<b>" not in strange.text


@pytest.mark.parametrize("given", ["", "<b>", "AAAA-BBBB", "AAAA-BBBB-CCC1", "AAAA-BBBB-CCCC\n"])
def test_the_page_after_it_shows_references_alone(given: str, visitor: TestClient) -> None:
    page = visitor.get("/contact/received", params={"reference": given}, headers=HTML)
    assert page.status_code == 200
    assert '<dl class="reference">' not in page.text


@pytest.mark.parametrize("token", ["", ".", "x", "zz.aa", "1.2", "é.ü", "1" * 5000])
def test_a_token_of_nobody_has_no_age(token: str, desk: wiring.Bot) -> None:
    assert tokens.age(b"secret", token, desk.now()) is None
    assert tokens.age(b"other", tokens.issue(b"secret", desk.now()), desk.now()) is None


@pytest.fixture
def page(browser: Browser, visitor: TestClient) -> Iterator[Page]:
    """A page of the visitor's site, answered by the application itself."""

    def answer(intercepted: Intercepted) -> None:
        asked = intercepted.request
        path = asked.url.removeprefix("https://desk.example")
        given = visitor.request(
            asked.method, path, headers=asked.headers, content=asked.post_data_buffer, follow_redirects=asked.method == "POST"
        )
        intercepted.fulfill(status=given.status_code, headers=dict(given.headers), body=given.content)

    opened = browser.new_page()
    opened.set_default_timeout(120_000)
    opened.route("**/*", answer)
    yield opened
    opened.close()


def test_in_a_browser_the_proof_is_found_and_the_lead_goes_out(page: Page, desk: wiring.Bot) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto("https://desk.example/contact?lang=en")
    for name in ("name", "email", "company", "message"):
        page.fill(f"#{name}", FIELDS[name])
    page.select_option("#country", "CZ")
    page.select_option("#established", "CZ")
    page.check("#listed-no")
    page.check("#consent")
    page.wait_for_timeout(3100)
    page.click("button[type=submit]")
    page.wait_for_selector(".reference")
    kept = desk.receive.leads.get(page.inner_text(".reference dd"))
    assert (kept.status, kept.suspicions) == ("received", ())
    assert refused == []
