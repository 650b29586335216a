"""What the site says of itself: to search engines, to whoever shares an address, to browsers; and of what it stores."""

from __future__ import annotations

import html
import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from bot import shipped, wiring
from bot.publishing import encoder
from bot.server.app import create_app
from bot.server.privacy import counted
from bot.settings import Settings
from bot.store.opening import open_store
from bot.vocabulary import LANGUAGES, Language
from tests.conftest import NewSettings, quiet

HTML = {"Accept": "text/html"}
SITE = "https://desk.example"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
PAGES = ("/", "/library", "/contact", "/privacy")


@pytest.fixture(scope="module")
def desk(starter: Settings, new_settings: NewSettings) -> Iterator[wiring.Bot]:
    """A bot that knows its site's address, and keeps things for odd times."""
    own = {
        "site_url": f"{SITE}/",
        "database_url": f"sqlite:///{new_settings().data_dir}/own.sqlite3",
        "keep_leads_months": 7,
        "keep_conversations_days": 21,
        "keep_erasures_months": 31,
    }
    chosen = starter.model_copy(update=own)
    made = wiring.Bot(chosen, encoder(chosen, quiet), open_store(chosen), lambda: datetime(2026, 12, 1, 9, tzinfo=UTC))
    yield made
    made.close()


@pytest.fixture(scope="module")
def public(desk: wiring.Bot) -> TestClient:
    return TestClient(create_app(desk), raise_server_exceptions=False, base_url=SITE)


def links(page: str) -> dict[str, str]:
    found = re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page)
    return {code: html.unescape(to) for code, to in found}


@pytest.mark.parametrize("path", PAGES)
def test_pages_name_their_address_their_languages_and_themselves(path: str, public: TestClient) -> None:
    descriptions = set()
    for language in LANGUAGES:
        page = public.get(f"{path}?lang={language}", headers=HTML).text
        assert f'<link rel="canonical" href="{SITE}{path}?lang={language}">' in page
        assert links(page) == {code: f"{SITE}{path}?lang={code}" for code in LANGUAGES} | {"x-default": f"{SITE}{path}"}
        meta = dict(re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)"', page))
        assert meta["og:url"] == f"{SITE}{path}?lang={language}"
        assert meta["og:image"].startswith(f"{SITE}/social.png?v=")
        assert meta["twitter:card"] == "summary_large_image"
        assert meta["description"] == meta["og:description"]
        assert 40 <= len(meta["description"]) * (3 if language == "zh" else 1) <= 320
        assert "robots" not in meta
        descriptions.add(meta["description"])
    assert len(descriptions) == len(LANGUAGES)


def test_no_two_pages_describe_themselves_alike(public: TestClient) -> None:
    found = [re.search(r'name="description" content="([^"]+)"', public.get(path, headers=HTML).text) for path in PAGES]
    assert len({one[1] for one in found if one}) == len(PAGES)


def test_a_document_names_its_editions(public: TestClient) -> None:
    page = public.get("/library/ru/articles/us-50-percent-rule?lang=de", headers=HTML).text
    assert f'<link rel="canonical" href="{SITE}/library/ru/articles/us-50-percent-rule?lang=ru">' in page
    rule = f"{SITE}/library/articles/us-50-percent-rule?lang=en"
    assert links(page) == {
        "en": rule,
        "ru": f"{SITE}/library/ru/articles/us-50-percent-rule?lang=ru",
        "zh": f"{SITE}/library/zh/articles/us-50-percent-rule?lang=zh",
        "x-default": rule,
    }
    assert '<meta property="og:type" content="article">' in page
    assert links(public.get("/library/articles/red-flags-of-diversion", headers=HTML).text) == {}


def test_what_is_a_visitors_is_not_indexed(public: TestClient) -> None:
    answer = public.post("/?lang=en", data={"question": "How does OFAC's 50 percent rule work?"}, headers=HTML)
    assert answer.url.path.startswith("/answers/")
    for page in (answer, public.get("/contact/received", headers=HTML), public.get("/nothing", headers=HTML)):
        assert page.headers["x-robots-tag"] == "noindex"
        assert page.headers["cache-control"] == "no-store"
        assert "og:" not in page.text
        assert 'rel="canonical"' not in page.text


def test_without_an_address_nothing_is_made_up(client: TestClient) -> None:
    page = client.get("/", headers=HTML | {"Host": "evil.example"}).text
    assert "evil.example" not in page
    assert 'rel="canonical"' not in page
    assert client.get("/sitemap.xml").status_code == 404
    assert "Sitemap" not in client.get("/robots.txt").text


def test_robots_are_told_what_is_not_for_them(public: TestClient) -> None:
    lines = public.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /answers/", "Disallow: /api/", "Disallow: /library?q="} <= set(lines)
    assert lines[-1] == f"Sitemap: {SITE}/sitemap.xml"


def test_the_sitemap_has_every_page_and_every_document_that_holds(public: TestClient, desk: wiring.Bot) -> None:
    answer = public.get("/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    tree = ElementTree.fromstring(answer.text)
    found = {one.findtext("s:loc", "", NAMES): one for one in tree.findall("s:url", NAMES)}
    documents = desk.live().snapshot.documents
    assert len(found) == len(documents) + len(PAGES) * len(LANGUAGES)
    for one in documents.values():
        entry = found[f"{SITE}/library/{one.id}?lang={one.language}"]
        assert entry.findtext("s:lastmod", "", NAMES) == str(one.as_of or one.published)
    rule = found[f"{SITE}/library/articles/us-50-percent-rule?lang=en"]
    assert len(rule.findall("x:link", NAMES)) == 4
    for address in list(found)[:3] + list(found)[-3:]:
        assert public.get(address.removeprefix(SITE), headers=HTML).status_code == 200


def test_files_are_kept_for_good_under_the_address_that_pages_use(client: TestClient) -> None:
    page = client.get("/contact", headers=HTML).text
    used = [html.unescape(one) for one in re.findall(r'(?:href|src)="(/[\w.-]+\?v=[0-9a-f]+)"', page)]
    assert {one.split("?")[0] for one in used} >= {"/site.css", "/lead-form.js", "/favicon.svg", "/favicon.ico"}
    for address in used:
        first = client.get(address)
        assert first.status_code == 200
        assert "immutable" in first.headers["cache-control"]
        again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "immutable" not in client.get(address.split("?")[0] + "?v=old").headers["cache-control"]
    assert client.get("/site.css", headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get("/templates/base.html", headers=HTML).status_code == 404
    assert client.get("/..%2fpyproject.toml", headers=HTML).status_code == 404


def test_pictures_are_what_they_are_called() -> None:
    web = shipped.folder("web")
    for name, size, most in (("apple-touch-icon.png", (180, 180), 10_000), ("social.png", (1200, 630), 60 * 1024)):
        data = (web / name).read_bytes()
        assert data.startswith(b"\x89PNG")
        assert struct.unpack(">II", data[16:24]) == size
        assert len(data) <= most
    icon = (web / "favicon.ico").read_bytes()
    assert struct.unpack("<HHHBB", icon[:8]) == (0, 1, 1, 32, 32)
    assert icon[22:].startswith(b"\x89PNG")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_stored_is_told_by_the_settings(language: Language, public: TestClient, desk: wiring.Bot) -> None:
    page = html.unescape(public.get(f"/privacy?lang={language}", headers=HTML).text)
    months, days = {
        "en": (("7 months", "31 months"), "21 days"),
        "ru": (("7 месяцев", "31 месяц"), "21 день"),
        "zh": (("7 个月", "31 个月"), "21 天"),
        "de": (("7 Monate", "31 Monate"), "21 Tage"),
    }[language]
    for term in (*months, days):
        assert f">{term}" in page, term
    consent = desk.receive.consent(language)
    assert consent.text in page
    assert consent.version in page
    assert "mailto:russia@dezshira.com" in page
    told = public.get(f"/api/v1/leads/consent?language={language}").json()
    assert told["privacy_url"] == f"/privacy?lang={language}"
    for path in (*PAGES, "/library/articles/us-50-percent-rule", "/nothing"):
        assert f'href="/privacy?lang={language}"' in public.get(f"{path}?lang={language}", headers=HTML).text


def test_numbers_have_their_nouns() -> None:
    forms = {"one": "{number} месяц", "few": "{number} месяца", "many": "{number} месяцев", "other": "{number} месяца"}
    assert [counted(n, forms, "ru") for n in (1, 2, 5, 11, 21)] == ["1 месяц", "2 месяца", "5 месяцев", "11 месяцев", "21 месяц"]
