"""Nothing that anybody writes is run: not in a question, a document, an address, a form or an opinion."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote as percent

import pytest
from playwright.sync_api import Browser, Page

from bot import wiring
from bot.dialogue.opinions import LONGEST_COMMENT
from bot.server import library
from bot.server.searching import Found, Results
from bot.vocabulary import Document, Heading, Inquiry, Opinion, Source, Turn
from tests.browser.conftest import Seen, opened
from tests.browser.payloads import ELSEWHERE, FILLED, HOOK, PAYLOADS, batches

QUESTION = "How does OFAC's 50 percent rule work?"
AT_ONCE = 25  # payloads on a page
PARTS = [PAYLOADS[n : n + AT_ONCE] for n in range(0, len(PAYLOADS), AT_ONCE)]


@pytest.fixture(scope="module")
def hooked(browser: Browser) -> Iterator[tuple[Page, Seen]]:
    """A page that counts what is run on it."""
    with opened(browser) as (page, seen):
        page.add_init_script(HOOK)
        yield page, seen


def harmless(page: Page, seen: Seen, origin: str) -> None:
    """Nothing was run, no dialog, nothing asked elsewhere, no policy had to step in, no template was filled in."""
    assert page.evaluate("window.xss") == 0
    assert seen.dialogs == []
    assert seen.elsewhere(origin) == []
    assert [line for line in seen.errors if "status of 4" not in line] == []
    assert FILLED not in page.content()
    assert page.url.startswith(origin)


def plain(text: str) -> str:
    return "".join(text.split())


def test_there_are_250_payloads_and_the_hook_sees_them_run(browser: Browser) -> None:
    assert len(set(PAYLOADS)) == 250
    with opened(browser) as (page, seen):
        page.add_init_script(HOOK)
        page.route(f"http://{ELSEWHERE}/**", lambda route: route.abort())
        page.route("http://open.example/", lambda route: route.fulfill(content_type="text/html", body="".join(PAYLOADS[:15])))
        page.goto("http://open.example/")
        page.wait_for_function("window.xss > 0")
        assert seen.dialogs
        assert seen.elsewhere("http://open.example")


def test_questions(hooked: tuple[Page, Seen], site: str) -> None:
    page, seen = hooked
    page.goto(f"{site}/?lang=en")
    asked = 0
    for batch in batches(990):
        text = " ".join(batch)
        page.fill("#question", text.replace("\x0a", " "))
        page.click(".ask .button")
        page.wait_for_selector(".asked h1")
        assert plain(page.inner_text(".asked h1")) == plain(text)
        harmless(page, seen, site)
        asked += len(batch)
    assert asked == len(PAYLOADS)
    assert page.locator(".earlier li").count() > 3  # the conversation is shown, with what was asked before


def test_addresses_and_searches(hooked: tuple[Page, Seen], site: str) -> None:
    page, seen = hooked
    for batch in batches(990):
        text = percent(" ".join(batch), safe="")
        page.goto(f"{site}/library?q={text}&lang=en")
        assert plain(page.input_value("#q")) == plain(" ".join(batch))
        harmless(page, seen, site)
    for batch in batches(2800):
        text = percent(" ".join(batch), safe="")
        page.goto(f"{site}/library?topic={text}&law={text}&language={text}&lang={text}&start={text}#{text}")
        harmless(page, seen, site)
        page.goto(f"{site}/library/{text}?lang={text}")
        harmless(page, seen, site)
        page.goto(f"{site}/contact?topic={text}&conversation={text}&urgent={text}&lang=en")
        harmless(page, seen, site)
        page.goto(f"{site}/contact/received?reference={text}&lang=en")
        harmless(page, seen, site)


def test_documents(hooked: tuple[Page, Seen], site: str, bot: wiring.Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    page, seen = hooked
    made = [hostile(n, part) for n, part in enumerate(PARTS)]
    for one in made:
        monkeypatch.setitem(bot.live().snapshot.documents, one.id, one)
    for one, part in zip(made, PARTS, strict=True):
        page.goto(f"{site}/library/{percent(one.id)}?lang=en&start=0&end={len(one.text) // 2}#quote")
        read = plain(page.inner_text("article.text"))
        assert all(plain(payload).removeprefix("-") in read for payload in part)
        assert page.locator("a[href^='javascript'], a[href^='data']").count() == 0
        harmless(page, seen, site)
    page.goto(f"{site}/library?lang=en")
    harmless(page, seen, site)
    inquiry = Inquiry("question", None, "en", (), 1.0)
    found = tuple(Found(one, " ".join(part), one.text, 0, len(one.text)) for one, part in zip(made, PARTS, strict=True))
    monkeypatch.setattr(library, "search", lambda *_: Results(inquiry, found))
    page.goto(f"{site}/library?q=anything&lang=en")
    assert page.locator(".results > li").count() == len(PARTS)
    harmless(page, seen, site)


def hostile(n: int, part: tuple[str, ...]) -> Document:
    """A document as no ingest would let it in: payloads wherever a document has words."""
    lines = [line.replace("\x0a", " ") for line in part]
    text = "\n".join(lines)
    headings = (Heading(0, 2, lines[0]), Heading(len(lines[0]) + 1, 3, lines[1]))
    sources = tuple(Source(line, line, line, line) for line in part)
    joined = " ".join(part)
    return Document(
        f"x/{n}{part[0]}",
        joined,
        text,
        "article",
        joined,
        part,
        part,
        language=part[1],
        url=part[2],
        sources=sources,
        headings=headings,
    )


def test_citations_and_what_is_asked_back(hooked: tuple[Page, Seen], site: str, bot: wiring.Bot) -> None:
    page, seen = hooked
    receipt, draft = bot.ask(Turn(QUESTION))
    assert draft.answer
    body = json.loads(receipt.body)
    for n, part in enumerate(PARTS):
        names = ("title", "section", "quote", "url", "language", "document_id")
        cards = [body["citations"][0] | dict.fromkeys(names, one) for one in part]
        row = body | {"citations": cards, "suggestions": list(part), "text": " ".join(part), "notice": " ".join(part)}
        kept = replace(receipt, answer_id=f"hostile-{n}", asked_at=datetime.now(UTC), body=json.dumps(row))
        bot.answers.keep(kept, status="answered", kind="question", language="en", citations=())
        page.goto(f"{site}/answers/hostile-{n}?lang=en")
        quoted = [plain(text) for text in page.locator(".card blockquote").all_inner_texts()]
        assert quoted == [plain(one) for one in part]
        assert page.locator("a[href^='javascript'], a[href^='data']").count() == 0
        harmless(page, seen, site)


def put(page: Page, field: str, text: str) -> None:
    """Puts a text into a field, also one that is longer than may be typed there."""
    page.eval_on_selector(field, "(field, text) => { field.value = text }", text)


def test_forms(hooked: tuple[Page, Seen], site: str, bot: wiring.Bot) -> None:
    page, seen = hooked
    fields = ("name", "email", "company", "countries", "goods", "preferred_time", "on_behalf")
    send = "form => { form.noValidate = true; HTMLFormElement.prototype.submit.call(form) }"
    receipt, _ = bot.ask(Turn(QUESTION))
    for part in batches(2800):
        page.goto(f"{site}/contact?lang=en")
        put(page, "#message", "\n".join(part))
        for place, name in enumerate(fields):
            put(page, f"#{name}", " ".join(part[place :: len(fields)]))
        page.eval_on_selector("#inquiry", send)
        page.wait_for_selector(".alarm")
        assert plain(page.input_value("#message")) == plain("".join(part))
        harmless(page, seen, site)
    bot.feedback.keep(Opinion(receipt.answer_id, False, "", datetime.now(UTC)))
    for batch in batches(2800):
        page.goto(f"{site}/answers/{receipt.answer_id}?lang=en")
        put(page, "#comment", "\n".join([*batch, "x" * LONGEST_COMMENT]))
        page.eval_on_selector(".helpful form", send)  # it is too long: it comes back
        page.wait_for_selector("#helpful-problem")
        harmless(page, seen, site)
