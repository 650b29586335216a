"""Law has a date: expired and superseded documents never answer, what is due for review says so, years and laws are labelled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot import publishing, wiring
from bot.dialogue.answer import Writer
from bot.dialogue.quotes import Quote
from bot.dialogue.turns import turn
from bot.quality import fitting
from bot.server.app import create_app
from bot.settings import Settings
from bot.store.opening import open_store
from bot.vocabulary import Answer, Document, Hit, Passage, Span
from tests.conftest import NewSettings, quiet

Ask = Callable[[str, date], Answer]
FEES = {
    "old": ("The filing fee of the harbour office is forty roubles a ship.", "as_of: 2022-01-01\njurisdictions: [RU]"),
    "new": (
        "The filing fee of the harbour office is fifty roubles a ship.",
        "as_of: 2025-01-01\njurisdictions: [RU]\nsupersedes: old\nvalid_until: 2027-06-30\nreview_by: 2027-01-31",
    ),
    "other": (
        "The harbour office of the Union takes a filing fee of twelve euros for each ship.",
        "as_of: 2023-01-01\njurisdictions: [EU]\nvalid_until: 2028-06-30",
    ),
}
QUESTION = "What is the filing fee of the harbour office for a ship?"


@pytest.fixture(scope="module")
def settings(new_settings: NewSettings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("fees")
    for name, (text, fields) in FEES.items():
        (folder / f"{name}.md").write_text(f"---\ntitle: Harbour fees\n{fields}\n---\n{text}\n", "utf-8")
    made = new_settings(answer_precision=0.6)  # what is found is answered: these tests are of what may be found
    publishing.Publisher(made, fitting.prepare, quiet).publish([folder], lambda *_: None)
    return made


@pytest.fixture(scope="module")
def clock() -> list[datetime]:
    return [datetime(2026, 11, 25, 12, tzinfo=UTC)]


@pytest.fixture(scope="module")
def bot(settings: Settings, clock: list[datetime]) -> Iterator[wiring.Bot]:
    made = wiring.Bot(settings, publishing.encoder(settings, quiet), open_store(settings), lambda: clock[0])
    yield made
    made.close()


@pytest.fixture
def ask(bot: wiring.Bot, clock: list[datetime]) -> Ask:
    def asked(question: str, day: date) -> Answer:
        clock[0] = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        return wiring.answer_of(bot.ask(turn(question))[1])

    return asked


def test_a_superseded_document_never_answers(ask: Ask) -> None:
    cited = {c.document_id for c in ask(QUESTION, date(2026, 11, 25)).citations}
    assert "new" in cited
    assert "old" not in cited


def test_no_expired_text_answers_on_any_day(ask: Ask, bot: wiring.Bot) -> None:
    last = {name: found.valid_until for name, found in bot.live().snapshot.documents.items()}
    answered = 0
    for month in range(30):
        day = date(2026, 11, 25) + timedelta(days=30 * month)
        citations = ask(QUESTION, day).citations
        answered += bool(citations)
        for citation in citations:
            until = last[citation.document_id]
            assert until is None or day <= until
        assert "old" not in {hit.document.id for hit in bot.search(QUESTION)}
    assert 5 <= answered < 30


def test_the_last_day_still_counts(ask: Ask) -> None:
    assert "new" in {c.document_id for c in ask(QUESTION, date(2027, 6, 30)).citations}
    assert "new" not in {c.document_id for c in ask(QUESTION, date(2027, 7, 1)).citations}


def test_a_document_due_for_review_says_so(ask: Ask, bot: wiring.Bot) -> None:
    due = bot.live().wording["en"].text("answer", "review_due", date="2027-01-31")
    assert due not in ask(QUESTION, date(2027, 1, 31)).text
    assert due in ask(QUESTION, date(2027, 2, 1)).text


def quote(identity: str, text: str, law: str, year: int) -> Quote:
    document = Document(identity, identity, text, jurisdictions=(law,), as_of=date(year, 1, 1))
    passage = Passage(f"{identity}#0", identity, 0, len(text), text, sentences=(Span(0, len(text)),))
    return Quote(Hit(passage, document, 1.0, 0.9, 1.0), 0, len(text), 0.2)


def test_laws_and_years_are_labelled_where_they_differ(bot: wiring.Bot) -> None:
    inquiry, route = bot.route(QUESTION)
    writer = Writer(bot.live().wording["en"], date(2026, 11, 25))
    two = [quote("a", "The fee is fifty.", "RU", 2025), quote("b", "The fee is twelve.", "EU", 2023)]
    answer = writer.quoted(inquiry, route, two, date(2026, 11, 25))
    assert "Russia, 2025: “The fee is fifty.” [1]" in answer.text
    assert "European Union, 2023: “The fee is twelve.” [2]" in answer.text
    assert answer.as_of == date(2023, 1, 1)
    alike = [quote("a", "The fee is fifty.", "RU", 2025), quote("c", "It is paid in advance.", "RU", 2025)]
    assert "\n\n“The fee is fifty.” [1]\n\n“It" in writer.quoted(inquiry, route, alike, date(2026, 11, 25)).text


def test_an_answer_replays_as_of_the_day_it_was_given(bot: wiring.Bot, ask: Ask, clock: list[datetime]) -> None:
    clock[0] = datetime(2026, 11, 25, 12, tzinfo=UTC)
    receipt, _ = bot.ask(turn(QUESTION))
    ask(QUESTION, date(2030, 1, 1))
    assert bot.replay(receipt.answer_id).same


def test_the_page_of_an_old_document_leads_to_the_new(bot: wiring.Bot, clock: list[datetime]) -> None:
    clock[0] = datetime(2028, 1, 1, 12, tzinfo=UTC)
    client = TestClient(create_app(bot))
    assert 'href="/library/new?lang=en"' in client.get("/library/old?lang=en").text
    assert "No longer valid since" in client.get("/library/new?lang=en").text
