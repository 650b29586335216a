"""Pages as a browser without JavaScript gets them."""

from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

from bot.server.reading import blocks
from bot.vocabulary import Document, Heading

HTML = {"Accept": "text/html"}
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "javascript:alert(1)",
    "</textarea><svg onload=x>",
]


def test_one_asks_reads_and_opens_the_citation_at_its_mark(client: TestClient) -> None:
    page = client.post(
        "/?lang=en", data={"question": "What discount does Russia demand when a foreign owner sells?"}, headers=HTML
    )
    assert page.status_code == 200
    assert "russia@dezshira.com" in page.text
    links = [html.unescape(link) for link in re.findall(r'href="(/library/[^"]+#quote)"', page.text)]
    assert links
    reading = client.get(links[0])
    marked = re.search(r'<mark id="quote">(.*?)</mark>', reading.text, re.DOTALL)
    assert marked
    assert html.unescape(marked[1]) in html.unescape(page.text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_asked_is_shown_as_text_only(payload: str, client: TestClient) -> None:
    page = client.post("/?lang=en", data={"question": f"What is the VAT rate? {payload}"}, headers=HTML)
    assert page.status_code == 200
    if "<" in payload:
        assert payload not in page.text
    assert "49" not in re.findall(r"VAT rate\? (\S+)", page.text)


@pytest.mark.parametrize("language", ["en", "ru", "zh", "de"])
def test_every_page_is_there_in_every_language_with_the_desk(language: str, client: TestClient) -> None:
    for path in ("/", "/library", "/contact", "/library/articles/us-50-percent-rule"):
        page = client.get(f"{path}?lang={language}", headers=HTML)
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.text
        assert "russia@dezshira.com" in page.text
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_a_bad_question_comes_back_in_the_form_with_what_is_wrong(client: TestClient) -> None:
    empty = client.post("/?lang=en", data={"question": " "}, headers=HTML)
    assert empty.status_code == 422
    assert 'role="alert"' in empty.text
    long = client.post("/?lang=en", data={"question": "word " * 300}, headers=HTML)
    assert long.status_code == 422
    assert "word word word" in long.text


def test_missing_pages_say_so_with_the_desk(client: TestClient) -> None:
    for path in ("/library/none", "/nothing"):
        page = client.get(path, headers=HTML)
        assert page.status_code == 404
        assert "russia@dezshira.com" in page.text
        assert 'aria-current="page"' not in page.text
    assert client.get("/library/articles/us-50-percent-rule?start=x", headers=HTML).status_code == 422


def test_style_and_icon_are_served(client: TestClient) -> None:
    assert client.get("/site.css").headers["content-type"].startswith("text/css")
    assert client.get("/favicon.svg").status_code == 200


def test_a_quote_is_marked_across_paragraphs_and_only_where_it_is() -> None:
    text = "Head\n\nFirst one. Second one.\n\n- item here"
    document = Document("d", "D", text, headings=(Heading(0, 2, "Head"),))
    made = blocks(document, text.index("Second"), text.index(" here"))
    assert [block.tag for block in made] == ["h2", "p", "li"]
    assert made[1].parts == (("First one. ", False), ("Second one.", True))
    assert made[2].parts == (("item", True), (" here", False))
    assert "".join(part for block in blocks(document, 0, 10**9) for part, marked in block.parts if marked) == text.replace(
        "\n\n", ""
    ).replace("- ", "")
