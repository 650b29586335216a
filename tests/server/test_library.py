"""The library: by subject, searched, limited; and a document with its versions and languages."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from bot import wiring
from bot.server import library
from bot.server.guards import Gate
from bot.server.pages import Pages
from bot.server.problems import install
from bot.server.relations import relations, works
from bot.server.searching import Results, Wish
from bot.vocabulary import LANGUAGES, Document

HTML = {"Accept": "text/html"}
RESULT = re.compile(r'<h3 lang="(\w+)"><a href="/library/([^?"]+)\?lang=\w+&amp;start=(\d+)&amp;end=(\d+)#quote">')


def search(client: TestClient, q: str, **more: str) -> tuple[list[tuple[str, ...]], str]:
    page = client.get("/library", params={"q": q, "lang": "en"} | more, headers=HTML)
    assert page.status_code == 200
    return RESULT.findall(page.text), page.text


def test_a_search_finds_documents_with_the_excerpt_that_matches(client: TestClient, bot: wiring.Bot) -> None:
    found, page = search(client, "exit contribution discount")
    assert found[0][1] == "articles/leaving-russia-approvals-contribution"
    assert 2 <= len(found) <= 12
    excerpts = re.findall(r"<blockquote[^>]*><p>(.*?)</p></blockquote>", page, re.DOTALL)
    for (language, name, start, end), excerpt in zip(found, excerpts, strict=True):
        document = bot.live().snapshot.documents[name]
        assert document.language == language
        assert html.unescape(excerpt) == document.text[int(start) : int(end)]
    reading = client.get(f"/library/{found[0][1]}?start={found[0][2]}&end={found[0][3]}", headers=HTML)
    assert f'<mark id="quote">{excerpts[0]}</mark>' in reading.text


def test_each_work_comes_once_and_in_the_visitors_language(client: TestClient) -> None:
    found, _ = search(client, "OFAC 50 percent rule", lang="ru")
    names = [name.removeprefix("ru/").removeprefix("zh/") for _, name, _, _ in found]
    assert len(names) == len(set(names))
    assert ("ru", "ru/articles/us-50-percent-rule") in [row[:2] for row in found]


@pytest.mark.parametrize(
    ("limit", "value"), [("topic", "export_controls"), ("law", "US"), ("language", "zh"), ("language", "ru")]
)
def test_limits_hold_for_results_and_for_the_list(limit: str, value: str, client: TestClient, bot: wiring.Bot) -> None:
    held = {"topic": "topics", "law": "jurisdictions", "language": "language"}[limit]
    found, page = search(client, "sanctions", **{limit: value})
    assert found
    listed = client.get("/library", params={limit: value, "lang": "en"}, headers=HTML).text
    names = {name for _, name, _, _ in found} | set(re.findall(r'<h3 lang="\w+"><a href="/library/([^?"]+)\?lang=en">', listed))
    assert len(names) > len(found)
    for name in names:
        assert value in getattr(bot.live().snapshot.documents[name], held), name
    for text in (page, listed):
        assert f'<option value="{value}" selected>' in text


def test_what_nothing_matches_is_said_and_can_be_asked(client: TestClient) -> None:
    found, page = search(client, "sourdough bread recipe")
    assert found == []
    assert "No document in the library matches these words" in page
    assert '<button class="button quiet" type="submit" name="question" value="sourdough bread recipe">' in page
    assert "russia@dezshira.com" in page


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How can we route our goods around the sanctions through Kazakhstan without the bank noticing?", "circumvention"),
        ("Как обойти санкции через Казахстан?", "circumvention"),
        ("Is Sberbank sanctioned?", "screening"),
    ],
)
def test_what_gets_no_passages_when_asked_gets_none_here(text: str, kind: str, client: TestClient, bot: wiring.Bot) -> None:
    found, page = search(client, text)
    assert found == []
    assert "<blockquote" not in page
    assert html.escape(bot.live().wording["en"].text("refused", kind), quote=False) in page.replace("&#39;", "'")


@pytest.mark.parametrize("text", ["red flags of diversion", "sanctions evasion penalties", "dual-use goods", "blocked persons"])
def test_subjects_that_only_sound_like_it_are_found(text: str, client: TestClient) -> None:
    assert search(client, text)[0]


def test_a_text_that_cannot_be_looked_up_is_told(client: TestClient) -> None:
    for text, said in (("word " * 300, "too long"), ("a\x00b", "cannot be read")):
        page = client.get("/library", params={"q": text, "lang": "en"}, headers=HTML)
        assert page.status_code == 422
        assert said in page.text
    assert client.get("/library?q=+&lang=en", headers=HTML).text.count('class="shelf"') > 8


def test_results_are_not_indexed_and_keep_what_was_asked_in_other_languages(client: TestClient) -> None:
    page = client.get("/library?q=exit+%26+tax&law=RU&lang=en", headers=HTML)
    assert '<meta name="robots" content="noindex">' in page.text
    assert (page.headers["x-robots-tag"], page.headers["cache-control"]) == ("noindex", "no-store")
    assert 'href="?lang=de&amp;q=exit%20%26%20tax&amp;law=RU"' in page.text


def test_what_was_searched_for_stays_out_of_logs(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Results:
        raise RuntimeError("broken")

    monkeypatch.setattr(library, "search", fails)
    with capture_logs() as logged:
        page = client.get("/library?q=secretword&lang=en", headers=HTML)
    assert page.status_code == 500
    assert "russia@dezshira.com" in page.text
    assert logged
    assert "secretword" not in repr(logged)


def test_a_search_waits_at_the_same_gate(bot: wiring.Bot) -> None:
    gate, app, pages = Gate(1), FastAPI(), Pages(bot)
    install(app, pages.whom, pages.failed)
    app.include_router(library.router(bot, pages, gate))
    visitor = TestClient(app, raise_server_exceptions=False)
    gate._places.acquire()
    gate._places.acquire()
    assert visitor.get("/library?q=exit", headers=HTML).status_code == 503
    assert visitor.get("/library", headers=HTML).status_code == 200
    gate._places.release()
    assert visitor.get("/library?q=exit", headers=HTML).status_code == 200


@pytest.fixture
def versions(bot: wiring.Bot, monkeypatch: pytest.MonkeyPatch) -> list[Document]:
    """Three versions of a document, the oldest first, and an edition of the last in German."""
    text = "The fee is 5 percent."
    made = [
        Document("t/fee-1", "Fees 2022", text, as_of=date(2022, 1, 1), valid_until=date(2023, 1, 1)),
        Document("t/fee-2", "Fees 2023", text, as_of=date(2023, 1, 1), supersedes="t/fee-1"),
        Document("t/fee-3", "Fees 2024", text, as_of=date(2024, 1, 1), supersedes="t/fee-2"),
        Document("de/t/fee-3", "Gebühren 2024", text, as_of=date(2024, 1, 1), language="de"),
    ]
    for one in made:
        monkeypatch.setitem(bot.live().snapshot.documents, one.id, one)
    return made


@pytest.mark.usefixtures("versions")
def test_a_document_leads_to_older_and_newer_versions_and_other_languages(client: TestClient) -> None:
    middle = client.get("/library/t/fee-2?lang=en", headers=HTML).text
    assert re.search(r'role="note">A newer document replaces this one: <a href="/library/t/fee-3\?lang=en"', middle)
    chain = re.search(r'<ol class="versions">(.*?)</ol>', middle, re.DOTALL)
    assert chain
    assert re.findall(r"/library/(t/fee-\d)", chain[1]) == ["t/fee-3", "t/fee-1"]
    assert re.findall(r'datetime="(\d{4})', chain[1]) == ["2024", "2023", "2022"]
    assert '<meta name="robots" content="noindex">' in middle
    oldest = client.get("/library/t/fee-1?lang=en", headers=HTML).text
    assert "/library/t/fee-3" in re.findall(r'role="note".*', oldest)[0]
    assert 'No longer valid since <time datetime="2023-01-01">1 January 2023</time>.' in oldest
    newest = client.get("/library/t/fee-3?lang=en", headers=HTML).text
    assert 'class="warning"' not in newest
    assert 'href="/library/de/t/fee-3?lang=de" lang="de" hreflang="de"' in newest
    assert '<meta name="robots"' not in newest


@pytest.mark.usefixtures("versions")
def test_the_list_has_the_version_that_holds_in_the_language_that_is_read(client: TestClient) -> None:
    english = client.get("/library?lang=en", headers=HTML).text
    assert "Fees 2024" in english
    assert "Fees 2023" not in english
    assert "Fees 2022" not in english
    assert "Gebühren 2024" not in english
    assert "Gebühren 2024" in client.get("/library?lang=de", headers=HTML).text


def test_a_circle_of_versions_ends() -> None:
    one = Document("a", "A", "x", supersedes="b")
    both = {"a": one, "b": Document("b", "B", "x", supersedes="a")}
    found = relations(one, both)
    assert ([d.id for d in found.newer], [d.id for d in found.older]) == (["b"], ["b"])


def test_of_a_work_the_edition_is_taken_that_can_be_read() -> None:
    editions = [Document(f"{code}/x" if code != "en" else "x", code, "t", language=code) for code in ("ru", "zh", "en")]
    assert [first.id for first, _ in works(editions, "zh")] == ["zh/x"]
    assert [first.id for first, _ in works(editions, "de")] == ["x"]
    assert [(first.id, len(others)) for first, others in works(editions[:1], "de")] == [("ru/x", 0)]
    limited = Wish(topic="sanctions", law="EU", language="en")
    fits = Document("x", "X", "t", topics=("sanctions",), jurisdictions=("EU",))
    assert limited.admits(fits)
    assert not limited.admits(replace(fits, jurisdictions=("US",)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_limits_that_are_none_are_passed_over(language: str, client: TestClient) -> None:
    page = client.get(f"/library?lang={language}&topic=nothing&law=%3Cb%3E&language=%22", headers=HTML)
    assert page.status_code == 200
    assert "<b>" not in page.text
    assert page.text.count('class="shelf"') > 8
