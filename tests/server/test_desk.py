"""The desk's card, wherever a visitor ends: answers, refusals, errors, overload; and contacts that are broken."""

from __future__ import annotations

import html
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from playwright.sync_api import Browser
from playwright.sync_api import Route as Intercepted
from starlette.testclient import TestClient

from bot import publishing, wiring
from bot.dialogue.reply import Draft
from bot.dialogue.timetable import timetable
from bot.dialogue.turns import turn
from bot.errors import Busy
from bot.quality import fitting
from bot.server.app import create_app
from bot.server.schemas import AnswerBody, CardBody, ProblemBody
from bot.settings import Settings
from bot.store.opening import open_store
from bot.vocabulary import LANGUAGES, Language, Receipt, Turn
from tests.conftest import NewSettings, quiet
from tests.shell import run

ASK = "/api/v1/ask"
QUESTION = "What is the filing fee of the harbour office for a ship?"
HTML = {"Accept": "text/html"}
CONTACTS = """
default = "harbour"

[[desk]]
id = "harbour"
name = "Harbour <desk>"
email = "harbour@example.com"
languages = ["en", "zh"]
subject = "[Harbour & Co] "
time_zone = "Asia/Shanghai"
hours = { mon-fri = "09:00-18:00" }
holidays = [
  { from = 2026-11-30, to = 2026-12-01 },
  2026-12-25,
  { from = 2027-09-30, to = 2027-10-08 },
]
stand_in = "berlin"

[[desk]]
id = "berlin"
name = "Berlin desk"
languages = ["de"]
"""
WEDNESDAY, HOLIDAY = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (25, 30))


@pytest.fixture(scope="module")
def settings(new_settings: NewSettings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("harbour")
    (folder / "fee.md").write_text(
        "---\ntitle: Harbour fees\n---\nThe filing fee of the harbour office is forty roubles a ship.\n", "utf-8"
    )
    (folder / "contacts.toml").write_text(CONTACTS, "utf-8")
    made = new_settings(answer_precision=0.6, concurrency=1, corpus=(folder,))
    publishing.Publisher(made, fitting.prepare, quiet).publish([], lambda *_: None)
    return made


@pytest.fixture(scope="module")
def clock() -> list[datetime]:
    return [WEDNESDAY]


@pytest.fixture(scope="module")
def bot(settings: Settings, clock: list[datetime]) -> Iterator[wiring.Bot]:
    made = wiring.Bot(settings, publishing.encoder(settings, quiet), open_store(settings), lambda: clock[0])
    yield made
    made.close()


@pytest.fixture
def client(bot: wiring.Bot, clock: list[datetime]) -> TestClient:
    clock[0] = WEDNESDAY
    return TestClient(create_app(bot), raise_server_exceptions=False)


def test_an_answer_has_the_card_on_the_visitors_clock_and_replays(client: TestClient, bot: wiring.Bot) -> None:
    response = client.post(ASK, json={"question": QUESTION, "time_zone": "America/New_York", "language": "de"})
    body = AnswerBody.model_validate(response.json())
    assert body.route.hours == ["Sonntag–Donnerstag: 20:00–05:00 am Folgetag", "Zeiten in America/New_York (UTC-05:00)"]
    assert (body.route.time_zone, body.route.open_now) == ("America/New_York", False)
    assert body.route.opens_at == "2026-11-25T20:00:00-05:00"
    assert body.route.holidays == ["2026-11-30", "2026-12-01", "2026-12-25"]
    assert body.route.version == bot.live().contacts.version
    kept = bot.answers.get(body.answer_id)
    assert kept.turn.time_zone == "America/New_York"
    assert bot.replay(body.answer_id).body == response.text == kept.body


def test_without_a_zone_the_desks_own_stands(client: TestClient) -> None:
    found = client.post(ASK, json={"question": QUESTION}).json()["route"]
    assert found["hours"] == ["Monday–Friday: 09:00–18:00", "Times in Asia/Shanghai (UTC+08:00)"]
    assert found["opens_at"] == "2026-11-26T09:00:00+08:00"


def test_a_receipt_of_a_holiday_replays_to_the_stand_in(client: TestClient, bot: wiring.Bot, clock: list[datetime]) -> None:
    clock[0] = HOLIDAY
    receipt, draft = bot.ask(turn(QUESTION, time_zone="Europe/Berlin"))
    found = wiring.answer_of(draft).route
    assert (found.desk.id, found.desk.email, found.timetable.open_now) == ("berlin", "harbour@example.com", None)
    assert "stands in" in found.reasons[-1]
    assert client.get("/nothing").json()["desk"]["desk"] == "berlin"
    clock[0] = WEDNESDAY
    assert bot.replay(receipt.answer_id).same


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "europe/berlin", "../UTC", "Europe/Berlin\u0000", 8, ["UTC"]])
def test_an_unknown_zone_is_named_and_not_repeated(zone: object, client: TestClient) -> None:
    response = client.post(ASK, json={"question": QUESTION, "time_zone": zone})
    problem = ProblemBody.model_validate(response.json())
    assert response.status_code == 422
    assert [error["field"] for error in problem.errors] == ["time_zone"]
    assert "Mars" not in response.text and "../" not in response.text


@pytest.mark.parametrize("zone", ["Asia/Calcutta", "Asia/Katmandu", "UTC", "Etc/GMT+3", "America/Argentina/Buenos_Aires"])
def test_the_names_that_browsers_give_are_known(zone: str) -> None:
    assert turn(QUESTION, time_zone=zone).time_zone == zone


class Failing:
    """Requests that end with a status, each for a reason of its own."""

    def __init__(self, client: TestClient, bot: wiring.Bot, monkeypatch: pytest.MonkeyPatch) -> None:
        self._client, self._bot, self._patch = client, bot, monkeypatch

    def __call__(self, status: int, path: str, **sent: Any) -> Response:
        """The response of `path` to a question that ends so."""
        faults = {500: RuntimeError("a fault of ours"), 503: Busy("every database connection is in use")}
        if status in faults:
            self._patch.setattr(self._bot, "ask", self._raise(faults[status]))
        if status == 404:
            return self._client.get(f"{path}nothing", **sent)
        question = {413: "x" * 200_000, 422: " "}.get(status, QUESTION)
        if path == "/":
            return self._client.post(path, data={"question": question}, **sent)
        return self._client.post(path, json={"question": question}, **sent)

    @staticmethod
    def _raise(error: Exception) -> Callable[..., None]:
        def fail(*_: object) -> None:
            raise error

        return fail


@pytest.fixture
def failing(client: TestClient, bot: wiring.Bot, monkeypatch: pytest.MonkeyPatch) -> Failing:
    return Failing(client, bot, monkeypatch)


@pytest.mark.parametrize("status", [404, 413, 422, 500, 503])
def test_every_error_has_the_whole_card(status: int, failing: Failing) -> None:
    response = failing(status, ASK, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    card = CardBody.model_validate(response.json()["desk"])
    assert (card.email, card.subject) == ("harbour@example.com", "[Harbour & Co] 问题咨询")
    assert card.hours == ["星期一至星期五：09:00–18:00", "所示时间为 Asia/Shanghai 时间（UTC+08:00）"]
    assert (card.open_now, card.opens_at) == (False, "2026-11-26T09:00:00+08:00")
    assert card.holidays == ["2026-11-30", "2026-12-01", "2026-12-25"]


def shows_the_card(page: str) -> None:
    """Asserts that a page in English has the desk's whole card."""
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())
    assert "Harbour <desk> harbour@example.com" in text
    assert "Opens Thursday 09:00 Monday–Friday: 09:00–18:00 Times in Asia/Shanghai (UTC+08:00)" in text
    assert "30 November 2026 – 1 December 2026, 25 December 2026" in text
    assert "mailto:harbour@example.com?subject=%5BHarbour%20%26%20Co%5D%20Question" in page
    assert "<desk>" not in page


@pytest.mark.parametrize("status", [404, 422, 500, 503])
def test_every_error_page_has_the_whole_card(status: int, failing: Failing) -> None:
    page = failing(status, "/", params={"lang": "en"}, headers=HTML)
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    shows_the_card(page.text)


@pytest.mark.parametrize("path", ["/", "/library", "/library/fee", "/contact"])
def test_every_page_has_the_whole_card(path: str, client: TestClient) -> None:
    shows_the_card(client.get(f"{path}?lang=en", headers=HTML).text)


def test_an_open_desk_says_so(client: TestClient, clock: list[datetime]) -> None:
    clock[0] = datetime(2026, 11, 25, 1, tzinfo=UTC)
    assert "Open now" in client.get("/?lang=en", headers=HTML).text
    assert client.post(ASK, json={"question": QUESTION}).json()["route"]["open_now"] is True


def test_whoever_is_turned_away_by_overload_has_the_card(
    client: TestClient, bot: wiring.Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, working, ask = threading.Event(), threading.Semaphore(0), bot.ask

    def slow(asked: Turn) -> tuple[Receipt, Draft]:
        working.release()
        assert release.wait(60)
        return ask(asked)

    monkeypatch.setattr(bot, "ask", slow)
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(client.post, ASK, json={"question": QUESTION}) for _ in range(8)]
        assert working.acquire(timeout=60)
        while sum(one.done() for one in sent) < 6:  # one works, one waits
            time.sleep(0.01)
        release.set()
    answers = [one.result() for one in sent]
    assert sorted(answer.status_code for answer in answers) == [200, 200, *[503] * 6]
    for answer in answers:
        if answer.status_code == 503:
            assert answer.headers["retry-after"]
            assert CardBody.model_validate(answer.json()["desk"]).hours


def test_no_hours_no_script(client: TestClient, clock: list[datetime]) -> None:
    assert '<script type="module" src="/desk-hours.js?v=' in client.get("/", headers=HTML).text
    clock[0] = HOLIDAY  # the desk that stands in has no hours
    assert "<script" not in client.get("/", headers=HTML).text
    served = client.get("/desk-hours.js")
    assert served.headers["content-type"].startswith("text/javascript")
    assert "script-src 'self'" in served.headers["content-security-policy"]


def test_broken_contacts_stop_the_ingest_and_the_old_desks_answer(settings: Settings, bot: wiring.Bot) -> None:
    file = settings.corpus[0] / "contacts.toml"
    old, version = publishing.shelf(settings).live_id(), bot.live().contacts.version
    file.write_text(CONTACTS.replace('stand_in = "berlin"', 'stand_in = "bonn"'), "utf-8")
    try:
        done = run(settings, "ingest", BOT_CORPUS=str(settings.corpus[0]), BOT_ANSWER_PRECISION="0.6")
    finally:
        file.write_text(CONTACTS, "utf-8")
    assert done.returncode == 1
    assert "contacts.toml:17: `stand_in` names no desk: 'bonn'; known are harbour, berlin" in done.stderr
    assert "Traceback" not in done.stderr
    assert publishing.shelf(settings).live_id() == old
    answer = json.loads(run(settings, "ask", QUESTION, "--time-zone", "Europe/Berlin", "--json").stdout)
    assert answer["snapshot"] == old
    assert answer["route"]["version"] == version
    assert answer["route"]["hours"][0] == "Monday–Friday: 02:00–11:00"
    assert run(settings, "replay", answer["answer_id"]).returncode == 0
    assert json.loads(run(settings, "route", QUESTION, "--json").stdout)["version"] == version


def card_in(
    browser: Browser, client: TestClient, language: str, zone: str, moment: datetime, *, script: bool = True
) -> list[str]:
    """The lines of the card's hours as a reader in a zone sees them."""

    def answer(intercepted: Intercepted) -> None:
        given = client.get(intercepted.request.url.removeprefix("https://desk.example"))
        intercepted.fulfill(status=given.status_code, headers=dict(given.headers), body=given.content)

    context = browser.new_context(timezone_id=zone, java_script_enabled=script)
    try:
        page, refused = context.new_page(), list[str]()
        page.on("console", lambda message: refused.append(message.text))
        page.route("**/*", answer)
        if script:
            page.clock.set_fixed_time(moment)
        page.goto(f"https://desk.example/contact?lang={language}", wait_until="networkidle")
        assert refused == []
        return [one.inner_text() for one in page.locator("desk-hours time, desk-hours li").all()]
    finally:
        context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Europe/Berlin", WEDNESDAY),
        ("America/Los_Angeles", WEDNESDAY),
        ("Europe/Berlin", datetime(2026, 10, 22, 12, tzinfo=UTC)),  # summer time ends on the coming Sunday
        ("Asia/Tehran", datetime(2027, 9, 29, 12, tzinfo=UTC)),  # the evening before nine days off
    ],
)
def test_in_a_browser_the_hours_are_on_the_readers_clock_as_the_server_would_tell_them(
    language: Language, zone: str, moment: datetime, browser: Browser, client: TestClient, bot: wiring.Bot, clock: list[datetime]
) -> None:
    clock[0] = moment
    told = timetable(bot.live().contacts.default, moment, zone, bot.live().wording[language])
    assert card_in(browser, client, language, zone, moment) == [told.opens, *told.hours]


def test_without_a_script_or_in_the_desks_zone_its_own_hours_stand(browser: Browser, client: TestClient) -> None:
    own = ["Thursday 09:00", "Monday–Friday: 09:00–18:00", "Times in Asia/Shanghai (UTC+08:00)"]
    assert card_in(browser, client, "en", "America/Los_Angeles", WEDNESDAY, script=False) == own
    assert card_in(browser, client, "en", "Asia/Shanghai", WEDNESDAY) == own
