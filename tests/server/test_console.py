"""The staff's console: who is let in, what is shown, what the buttons do, and that nothing a visitor wrote is more than text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from html import unescape
from http.cookies import SimpleCookie
from typing import Any

import pytest
from httpx2 import Response
from lxml import html
from sqlalchemy import delete, update
from starlette.testclient import TestClient

from bot import wiring
from bot.errors import Busy
from bot.intake import LEAD_PLACES
from bot.leads import meaning
from bot.server.app import create_app
from bot.server.console.sessions import COOKIE, issue
from bot.store.keys import new_secret
from bot.store.listing import Listing
from bot.store.opening import open_store
from bot.store.secrets import shared
from bot.store.tables import letters
from bot.vocabulary import Key
from tests.conftest import NewSettings
from tests.leads.post_office import PostOffice, opened
from tests.server import day
from tests.server.conftest import Absent
from tests.server.test_outbox import until

BASE = "https://desk.example"
HTML = {"Accept": "text/html"}
NEVER = ("script", "img", "svg", "iframe", "object", "style", "base")
PAGES = ("/console", "/console/leads", "/console/outbox", "/console/gaps")
DEEDS = (
    f"/console/leads/{day.PLACES['quarantined']}/release",
    f"/console/leads/{day.PLACES['attention']}/again",
    f"/console/letters/{day.PLACES['attention']}-desk/settle",
    "/console/outbox/again",
    "/console/outbox/webhook",
    "/console/leads",
)
SESSION = ("/console/sign-in", "/console/sign-out")


@pytest.fixture
def clock(desk: wiring.Bot) -> list[datetime]:
    """The moment it is; a test moves it."""
    moment = [datetime.now(UTC)]
    desk._clock = lambda: moment[0]
    return moment


def key_for(bot: wiring.Bot, *scopes: str) -> tuple[str, Key]:
    secret = new_secret()
    return secret, bot.keys.create("Front desk", scopes, datetime.now(UTC), secret)


def signed_in(bot: wiring.Bot, *scopes: str) -> TestClient:
    """A browser of somebody whose key has these scopes."""
    browser = TestClient(create_app(bot), raise_server_exceptions=False, base_url=BASE, follow_redirects=False)
    secret, _ = key_for(bot, *scopes)
    assert browser.post("/console/sign-in", data={"key": secret}).status_code == 303
    return browser


@pytest.fixture
def staff(desk: wiring.Bot) -> TestClient:
    """The browser of somebody who may see everything."""
    return signed_in(desk, "leads", "answers")


def found(response: Response, path: str) -> list[Any]:
    """What an XPath finds on a page."""
    answer = html.fromstring(response.text).xpath(path)
    assert isinstance(answer, list)
    return answer


def html_of(response: Response) -> str:
    """A page with its entities resolved."""
    return unescape(response.text)


def words(response: Response) -> str:
    """What a reader sees on a page, on one line."""
    return " ".join(" ".join(map(str, found(response, "//body//text()"))).split())


# signing in


def test_a_key_signs_in_and_the_cookie_is_for_this_site_alone(desk: wiring.Bot, visitor: TestClient) -> None:
    secret, _ = key_for(desk, "leads")
    page = visitor.get("/console/sign-in")
    assert page.status_code == 200 and 'type="password"' in page.text
    answer = visitor.post(
        "/console/sign-in", data={"key": f" {secret}\n", "next": "/console/leads?place=attention"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/leads?place=attention")
    cookie = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["path"]) == (True, "strict", True, "/console")
    assert cookie["max-age"] == str(12 * 3600)
    assert secret not in cookie.value and visitor.get("/console").status_code == 200
    plain = TestClient(create_app(desk), base_url="http://desk.example", follow_redirects=False)
    assert "secure" not in plain.post("/console/sign-in", data={"key": secret}).headers["set-cookie"].lower()


def test_nobody_is_led_elsewhere_by_signing_in(desk: wiring.Bot, visitor: TestClient) -> None:
    secret, _ = key_for(desk, "leads")
    for wanted in (
        "//evil.example",
        "https://evil.example/console",
        "/",
        "/console/../contact",
        "/console\\@evil",
        "/consolex",
        "",
    ):
        answer = visitor.post("/console/sign-in", data={"key": secret, "next": wanted}, follow_redirects=False)
        assert answer.headers["location"] == "/console", wanted


def test_a_wrong_key_is_told_and_not_echoed(visitor: TestClient) -> None:
    for typed in ("", "wrong", "bot_0123456789abcdef_" + "x" * 43, day.AWKWARD[1]):
        answer = visitor.post("/console/sign-in", data={"key": typed, "next": "/console/outbox"})
        assert answer.status_code == 403
        assert "This key is not known, or no longer." in words(answer)
        assert "set-cookie" not in answer.headers
        assert not typed or typed not in html_of(answer)
        assert found(answer, "//input[@name='next']/@value") == ["/console/outbox"]


def test_wrong_keys_are_braked_for_their_address_alone(desk: wiring.Bot, clock: list[datetime]) -> None:
    app, (secret, _) = create_app(desk), key_for(desk, "leads")
    one, other = (
        TestClient(app, base_url=BASE, client=(address, 1), follow_redirects=False) for address in ("192.0.2.1", "192.0.2.2")
    )
    assert [one.post("/console/sign-in", data={"key": f"wrong {n}"}).status_code for n in range(11)] == [403] * 10 + [429]
    assert one.post("/console/sign-in", data={"key": secret}).status_code == 429
    assert other.post("/console/sign-in", data={"key": secret}).status_code == 303
    clock[0] += timedelta(minutes=10, seconds=1)
    assert one.post("/console/sign-in", data={"key": secret}).status_code == 303


def test_a_revoked_key_ends_its_session_at_once(desk: wiring.Bot, visitor: TestClient) -> None:
    secret, key = key_for(desk, "leads")
    visitor.post("/console/sign-in", data={"key": secret})
    assert visitor.get("/console/leads", follow_redirects=False).status_code == 200
    desk.keys.revoke(key.id, desk.now())
    assert visitor.get("/console/leads", follow_redirects=False).headers["location"] == "/console/sign-in?next=%2Fconsole%2Fleads"
    assert visitor.post("/console/sign-in", data={"key": secret}).status_code == 403


def test_a_session_ends_after_twelve_hours_or_by_signing_out(desk: wiring.Bot, clock: list[datetime]) -> None:
    staff = signed_in(desk, "leads")
    clock[0] += timedelta(hours=11, minutes=59)
    assert staff.get("/console").status_code == 200
    clock[0] += timedelta(minutes=2)
    assert staff.get("/console").status_code == 303
    staff = signed_in(desk, "leads")
    assert staff.post("/console/sign-out").headers["location"] == "/console/sign-in"
    assert COOKIE not in staff.cookies and staff.get("/console").status_code == 303


def test_a_cookie_that_is_not_ours_is_none(desk: wiring.Bot, visitor: TestClient) -> None:
    _, key = key_for(desk, "leads")
    _, other = key_for(desk, "leads")
    good = issue(shared(desk.store, "console"), key.id, desk.now())
    said, _, signature = good.rpartition(".")
    forged = (
        f"{other.id}.{said.partition('.')[2]}.{signature}",
        f"{key.id}.ffffffff.{signature}",
        f"{said}.{signature[:-1]}",
        f"{said}.",
        "..",
        "",
        "é",
        issue(b"another secret", key.id, desk.now()),
        issue(shared(desk.store, "console"), "0" * 16, desk.now()),
        issue(shared(desk.store, "console"), key.id, desk.now() + timedelta(hours=1)),
    )
    for text in forged:
        assert (
            visitor.get("/console", headers={b"Cookie": f"{COOKIE}={text}".encode()}, follow_redirects=False).status_code == 303
        ), text
    assert visitor.get("/console", headers={"Cookie": f"{COOKIE}={good}"}, follow_redirects=False).status_code == 200


def test_whoever_is_not_signed_in_sees_nothing(visitor: TestClient) -> None:
    for path in (*PAGES, "/console/leads/X", "/console/answers/X", "/console/letters/X/settle"):
        answer = visitor.get(path, follow_redirects=False)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/console/sign-in"), path
        foreign = visitor.get(path, headers={"Sec-Fetch-Site": "cross-site"}, follow_redirects=False)  # a link in a mail
        assert foreign.status_code == 200 and f'content="0; url={path}"' in foreign.text
    assert visitor.get("/console/nothing").status_code == 404


FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
)


def test_no_button_works_from_elsewhere_or_signed_out(desk: wiring.Bot, staff: TestClient, visitor: TestClient) -> None:
    day.whole(desk)
    before = state(desk)
    for path in DEEDS:
        assert {staff.post(path, headers=headers).status_code for headers in FOREIGN} == {403}, path
        assert visitor.post(path, follow_redirects=False).headers["location"] == "/console/sign-in"
    assert {staff.post(path, headers=headers).status_code for path in SESSION for headers in FOREIGN} == {403}
    assert state(desk) == before and staff.get("/console").status_code == 200


def state(bot: wiring.Bot) -> dict[str, Any]:
    found = bot.delivery.outbox
    return {"places": asdict(bot.delivery.conservation()), "letters": found.counts()}


def test_scopes_are_respected_and_said(desk: wiring.Bot) -> None:
    day.whole(desk)
    reader, clerk, nobody = signed_in(desk, "answers"), signed_in(desk, "leads"), signed_in(desk, "search")
    before = state(desk)
    for browser, scope, paths in (
        (
            reader,
            "leads",
            ["/console/leads", "/console/outbox", f"/console/leads/{day.PLACES['pending']}", "/console/letters/x/settle"],
        ),
        (clerk, "answers", ["/console/gaps", "/console/answers/x"]),
        (nobody, "leads", ["/console/leads"]),
    ):
        for path in paths:
            refused = browser.get(path)
            assert refused.status_code == 403 and f"a key needs the scope '{scope}'" in words(refused)
    assert {reader.post(path).status_code for path in DEEDS} == {403}
    assert state(desk) == before
    for browser in (reader, clerk, nobody):
        assert browser.get("/console").status_code == 200
    assert "/console/leads?place" not in reader.get("/console").text


def test_pages_are_kept_and_indexed_nowhere(desk: wiring.Bot, staff: TestClient, visitor: TestClient) -> None:
    day.whole(desk)
    for browser, path in [
        *((staff, path) for path in (*PAGES, "/console/nothing")),
        (visitor, "/console/sign-in"),
        (visitor, "/console/leads"),
    ]:
        answer = browser.get(path)
        assert answer.headers["cache-control"] == "no-store" and "noindex" in answer.headers["x-robots-tag"]
        assert "script-src 'self'" in answer.headers["content-security-policy"] and "<script" not in answer.text
    assert staff.get("/console.css").headers["content-type"].startswith("text/css")


# what is shown


def test_the_equation_is_the_conservation_and_each_number_leads_to_its_leads(desk: wiring.Bot, staff: TestClient) -> None:
    day.whole(desk)
    day.plain(desk, "PPPP-3333-3333")
    places = desk.delivery.conservation()
    assert places.holds and places.received == 6
    page = staff.get("/console")
    shown = {
        item.findtext("dt"): "".join(item.find("dd").itertext()) for item in found(page, "//dl[contains(@class, 'equation')]/div")
    }
    assert {name: int(re.sub(r"\D", "", text)) for name, text in shown.items()} == asdict(places)
    assert [text[0] for text in shown.values()][1:] == ["=", "+", "+", "+", "+"]
    for place in LEAD_PLACES:
        listed = found(staff.get(f"/console/leads?place={place}"), "//tbody/tr")
        assert len(listed) == (asdict(places) | {"missing": 0})[place], place


def test_a_lead_that_is_nowhere_is_loud(desk: wiring.Bot, staff: TestClient) -> None:
    ids = day.whole(desk)
    with desk.store.write() as connection:
        connection.execute(delete(letters).where(letters.c.lead_id == ids["pending"]))
        connection.execute(update(letters).where(letters.c.lead_id == ids["quarantined"]).values(state="pending"))
    assert not desk.delivery.conservation().holds
    page = words(staff.get("/console"))
    assert "2 leads are in no place where a lead may be" in page and "≠" in page
    assert {Listing(desk.store).place(ids[name]) for name in ("pending", "quarantined")} == {"missing"}
    lost = staff.get("/console/leads?place=missing").text
    assert all(ids[name] in lost for name in ("pending", "quarantined")) and ids["delivered"] not in lost


def test_what_must_be_looked_at_stands_on_every_page(desk: wiring.Bot, staff: TestClient, clock: list[datetime]) -> None:
    ids = day.whole(desk)
    clock[0] += timedelta(minutes=30)
    for path in (
        *PAGES,
        f"/console/leads/{ids['pending']}",
        "/console/nothing",
        f"/console/letters/{ids['attention']}-desk/settle",
    ):
        page = words(staff.get(path))
        assert "3 letters need a person's attention" in page, path
        assert "2 letters waiting, the oldest for 30 minutes" in page
        assert "No mail server is set" in page
    assert "attention" not in words(TestClient(create_app(desk), base_url=BASE).get("/console/sign-in"))


def test_a_lead_is_shown_whole(desk: wiring.Bot, staff: TestClient) -> None:
    lead = day.plain(desk, "PPPP-3333-3333")
    page = words(staff.get(f"/console/leads/{lead.id}"))
    for text in (
        lead.id,
        lead.name,
        lead.email,
        lead.company,
        lead.goods,
        lead.preferred_time,
        lead.on_behalf,
        lead.topic,
        lead.subject,
    ):
        assert text in page
    assert "Wir liefern Ventile. Dürfen wir das?" in page and "Kazakhstan, Russia" in page and "Austria" in page
    assert "A listed person or a state body is involved not sure" in page and "Urgent yes" in page
    assert all(reason in page for reason in lead.reasons)
    assert f"version {lead.consent.version}" in page and lead.consent.text in page
    assert all(letter.message_id in page and letter.recipient in page for letter in desk.receive.letters.of_lead(lead.id))


def test_awkward_text_is_text_on_every_page(desk: wiring.Bot, staff: TestClient) -> None:
    ids = day.whole(desk)
    for path in (
        *PAGES,
        *(f"/console/leads/{one}" for one in ids.values()),
        f"/console/letters/{ids['attention']}-webhook/settle",
    ):
        answer = staff.get(path)
        assert answer.status_code == 200, path
        harmless(answer)
    shown = "".join(map(str, found(staff.get(f"/console/leads/{ids['attention']}"), "//text()")))
    for text in day.AWKWARD:
        assert text.replace("\u0000", "") in shown.replace("\u0000", "").replace("\ufffd", ""), text


def harmless(answer: Response) -> None:
    """Asserts that a page has no element and attribute that its templates have not."""
    assert [tag for tag in NEVER if found(answer, f"//{tag}")] == []
    attributes = {str(name) for element in found(answer, "//*") for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on") or name in ("autofocus", "srcdoc", "style")]
    for name in ("href", "action"):
        assert all(str(value).startswith(("/", "mailto:", "#", "?")) for value in found(answer, f"//@{name}"))
    assert "49{%" not in answer.text


def test_unknown_ids_are_told_on_pages_of_the_console(staff: TestClient) -> None:
    awkward = "%3Cscript%3Ealert(1)%3Cb%3E"
    for unknown in ("NOPE", "%00%ff", awkward, "a" * 300):
        for path in (
            f"/console/leads/{unknown}",
            f"/console/letters/{unknown}/settle",
            f"/console/answers/{unknown}",
            f"/console/{unknown}",
        ):
            answer = staff.get(path)
            assert answer.status_code == 404 and "To the overview" in answer.text, path
            harmless(answer)
        for path in (
            f"/console/leads/{unknown}/release",
            f"/console/leads/{unknown}/again",
            f"/console/letters/{unknown}/settle",
        ):
            assert staff.post(path).status_code == 404


def test_leads_are_listed_page_by_page_by_place_and_desk(desk: wiring.Bot, staff: TestClient, clock: list[datetime]) -> None:
    for n in range(60):
        clock[0] += timedelta(seconds=1)
        day.plain(desk, f"PPPP-{n:04}-2222", desk="compliance" if n % 3 == 0 else "russia")
    first = staff.get("/console/leads")
    second = staff.get(found(first, "//p[@class='onward']/a/@href")[0])
    ids = [str(one) for page in (first, second) for one in found(page, "//tbody//span[@class='id']/text()")]
    assert ids == [f"PPPP-{n:04}-2222" for n in reversed(range(60))]
    assert not found(second, "//p[@class='onward']")
    assert len(found(staff.get("/console/leads?place=pending&desk=compliance"), "//tbody/tr")) == 20
    assert "No lead fits that." in words(staff.get("/console/leads?place=erased"))
    assert staff.get("/console/leads?place=%3Cb%3E&desk=%3Cb%3E").status_code == 200
    broken = staff.get("/console/leads?cursor=Quetzalcoatl")
    assert broken.status_code == 422 and "Quetzalcoatl" not in broken.text


def test_a_lead_is_found_by_reference_and_by_address_which_no_log_of_addresses_has(desk: wiring.Bot, staff: TestClient) -> None:
    lead = day.plain(desk, "PPPP-3333-3333")
    day.plain(desk, "PPPP-4444-4444")
    assert (
        staff.post("/console/leads", data={"sought": f" {lead.id.lower()} "}).headers["location"] == f"/console/leads/{lead.id}"
    )
    found = staff.post("/console/leads", data={"sought": lead.email.upper()})
    assert found.status_code == 200 and lead.id in found.text and "PPPP-4444-4444" not in found.text
    for nothing in ("", "nobody@example.com", day.AWKWARD[1]):
        answer = staff.post("/console/leads", data={"sought": nothing})
        assert "No lead has that address." in words(answer)
        harmless(answer)


def test_a_store_that_cannot_be_read_is_told(desk: wiring.Bot, staff: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise Busy("every database connection is in use")

    monkeypatch.setattr(desk.delivery, "conservation", busy)
    answer = staff.get("/console")
    assert answer.status_code == 503 and answer.headers["retry-after"] and "Every database connection is in use" in words(answer)


# what the buttons do


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server."""
    with opened(PostOffice()) as found:
        yield found


def test_a_click_delivers_what_was_held_back(new_settings: NewSettings, office: PostOffice) -> None:
    mail = {"smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_security": "none", "mail_from": "Desk <desk@firm.example>"}
    settings = new_settings(**mail, site_url=BASE)
    bot = wiring.Bot(settings, Absent(), open_store(settings))
    day.plain(bot, "QQQQ-3333-3333", status="quarantined", suspicions=("content",))
    with TestClient(create_app(bot), base_url=BASE) as browser:
        secret, _ = key_for(bot, "leads")
        browser.post("/console/sign-in", data={"key": secret})
        page = browser.get("/console/leads/QQQQ-3333-3333")
        assert "Held back as possible spam" in page.text and "the message reads like spam" in page.text
        assert "sends 2 letters at once" in words(page) and "to the desk (russia@firm.example)" in words(page)
        assert office.taken == []
        (button,) = found(page, "//section[@class='decide']//form/@action")
        done = browser.post(button)
        assert "Released: its letters go out now." in words(done) and "Held back as possible spam" not in done.text
        until(lambda: len(office.taken) == 2)
        until(lambda: bot.delivery.conservation().delivered == 1)
        assert "It was not in quarantine (any more)" in words(browser.post(button))
        shown = words(browser.get("/console/leads/QQQQ-3333-3333"))
        desk_letter = next(text.get_content() for text in office.messages if text["To"] == "russia@firm.example")
    assert "Held back before, for the message reads like spam" in shown and "Delivered" in shown
    assert f"{BASE}/console/leads/QQQQ-3333-3333" in desk_letter
    assert len(office.taken) == 2


def test_letters_are_sent_again_by_lead_or_all(desk: wiring.Bot, staff: TestClient) -> None:
    for name in ("AAAA-3333-3333", "AAAA-4444-4444"):
        day.plain(desk, name)
        assert len(day.stick(desk, name)) == 2
    page = words(staff.get("/console/leads/AAAA-3333-3333"))
    assert "2 letters need your attention" in page and meaning.error("rcpt_550") in page and "not by itself" in page
    assert staff.post("/console/leads/AAAA-3333-3333/again").headers["location"].endswith("done=again")
    assert {letter.state for letter in desk.receive.letters.of_lead("AAAA-3333-3333")} == {"pending"}
    assert {letter.state for letter in desk.receive.letters.of_lead("AAAA-4444-4444")} == {"attention"}
    assert staff.post("/console/leads/AAAA-3333-3333/again").headers["location"].endswith("done=nothing")
    outbox = words(staff.get("/console/outbox"))
    assert "2 need a person's attention" in outbox and "2 wait" in outbox and "rcpt_550 2" in outbox
    assert staff.post("/console/outbox/again").headers["location"] == "/console/outbox?done=again"
    assert "Queued anew" in words(staff.get("/console/outbox?done=again"))
    assert desk.delivery.conservation().pending == 2
    assert staff.post("/console/outbox/again").headers["location"].endswith("done=nothing")


def test_settling_is_asked_back_and_ends_one_letter(desk: wiring.Bot, staff: TestClient) -> None:
    day.plain(desk, "AAAA-3333-3333")
    day.stick(desk, "AAAA-3333-3333")
    lead = staff.get("/console/leads/AAAA-3333-3333")
    (page,) = [one for one in found(lead, "//a/@href") if one.endswith("acknowledgement/settle")]
    asked = staff.get(page)
    assert "counts as delivered and is never sent again" in words(asked)
    assert desk.delivery.outbox.get("AAAA-3333-3333-acknowledgement").state == "attention"
    (button,) = found(asked, "//main//form/@action")
    assert staff.post(button).headers["location"] == "/console/leads/AAAA-3333-3333?done=settled"
    states = {letter.sort: letter.state for letter in desk.receive.letters.of_lead("AAAA-3333-3333")}
    assert states == {"acknowledgement": "delivered", "desk": "attention"}
    assert "a person has seen to it in another way" in words(staff.get("/console/leads/AAAA-3333-3333?done=settled"))
    assert staff.post(button).headers["location"].endswith("done=nothing")
    assert not found(staff.get(page), "//main//form")


def test_a_disabled_webhook_is_loud_and_enabled_by_a_click(new_settings: NewSettings) -> None:
    url, secret = "https://crm.example/hook", "whsec_" + "A" * 32
    settings = new_settings(webhook_url=url, webhook_secret=secret)
    bot = wiring.Bot(settings, Absent(), open_store(settings))
    try:
        bot.delivery.webhooks.disable(url, bot.now(), "http_410")
        staff = signed_in(bot, "leads")
        assert "The webhook asked never to be called again" in words(staff.get("/console/leads"))
        assert "Enable the webhook" in staff.get("/console/outbox").text
        assert staff.post("/console/outbox/webhook").headers["location"] == "/console/outbox?done=enabled"
        assert bot.delivery.webhooks.disabled(url) is None
        assert staff.post("/console/outbox/webhook").headers["location"] == "/console/outbox?done=not-disabled"
    finally:
        bot.close()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("connect_refused", "no line to the mail server: the port is closed"),
        ("starttls_tls", "no private line to the mail server (STARTTLS): the certificate or the encryption does not fit"),
        ("auth_535", "the mail server refuses the login: see BOT_SMTP_USER and BOT_SMTP_PASSWORD (it answers 535)"),
        ("content_dropped", "all was sent and the line was cut: it may have arrived"),
        ("http_410", "the webhook asks never to be called again"),
        ("http_503", "the webhook refuses the call (it answers 503)"),
        ("fault_KeyError", "the letter could not be written: a fault of ours, the log has more"),
        ("<b>", meaning.UNKNOWN),
        (None, ""),
    ],
)
def test_errors_are_told_in_words(code: str | None, said: str) -> None:
    assert meaning.error(code, "desk") == said
