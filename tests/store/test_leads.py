"""Leads on both databases: with their letters or not at all, each once, and none missing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from bot.errors import KeyReused, NotFound
from bot.intake import Consent, Conservation, Lead, Letter, LetterState
from bot.paging import Place
from bot.store.answers import Answers
from bot.store.conservation import conservation
from bot.store.database import Database
from bot.store.leads import Challenge, Kept, Key, Leads
from bot.store.letters import Failed, Outbox
from bot.store.secrets import shared
from bot.store.tables import conversations, lead_keys, leads, letters
from bot.vocabulary import Receipt

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGAIN = timedelta(minutes=10)
LEASE = timedelta(minutes=5)
PLAIN = Lead(
    id="L1",
    received_at=START,
    status="received",
    desk="russia",
    priority=0,
    language="ru",
    kind="service",
    subject="[Russia] Запрос",
    reasons=("the russia desk takes everything",),
    suspicions=(),
    name="Анна Новак",
    email="Anna@Example.com",
    company="Novák s.r.o.\x00",
    country="CZ",
    countries=("RU", "Narnia"),
    goods="насосы 水泵",
    topic="logistics",
    message="Здравствуйте!\n" * 50,
    preferred_time="",
    urgent=True,
    established="CZ",
    on_behalf="",
    listed_party="no",
    consent=Consent("2026-11", "Я согласна", START),
    transcript=True,
)
HELD = replace(PLAIN, status="quarantined", suspicions=("bait",))


def minutes(count: float) -> datetime:
    return START + timedelta(minutes=count)


def letters_for(lead: Lead) -> list[Letter]:
    state: LetterState = "quarantined" if lead.status == "quarantined" else "pending"
    plain = Letter("", lead.id, "desk", "russia@example.com", "", state, lead.received_at, lead.received_at)
    one = replace(plain, id=f"{lead.id}-d", message_id=f"<{lead.id}-d@x>")
    return [one, replace(plain, id=f"{lead.id}-a", message_id=f"<{lead.id}-a@x>", sort="acknowledgement", recipient=lead.email)]


def keep(database: Database, lead: Lead, content: bytes = b"", key: Key | None = None, spent: str = "") -> Kept:
    challenge = Challenge(spent, minutes(60)) if spent else None
    return Leads(database).keep(lead, letters_for(lead), content or lead.id.encode() * 9, AGAIN, key, challenge)


def count(database: Database, table: object) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_a_lead_comes_back_equal_with_its_letters(database: Database) -> None:
    assert keep(database, PLAIN) == Kept("L1", "russia", START, new=True)
    assert Leads(database).get("L1") == PLAIN
    assert Outbox(database).of_lead("L1") == sorted(letters_for(PLAIN), key=lambda one: one.id)


def test_only_a_conversation_that_was_begun_here_is_kept(database: Database, receipt: Callable[..., Receipt]) -> None:
    Answers(database).keep(receipt("a1"), status="answered", kind="question", language="ru", citations=[])
    keep(database, replace(PLAIN, conversation_id="c1"))
    keep(database, replace(PLAIN, id="L2", conversation_id="c9"))
    assert [Leads(database).get(name).conversation_id for name in ("L1", "L2")] == ["c1", None]
    assert Leads(database).following(["c1", "c9", "c1"]) == {"c1": ["L1"]}
    with database.write() as connection:
        connection.execute(conversations.delete())
    assert Leads(database).get("L1").conversation_id is None


def test_a_second_click_is_no_second_lead(database: Database) -> None:
    first = keep(database, PLAIN, b"same content")
    for moment in (0.1, 9.9):
        assert keep(database, replace(PLAIN, id="L2", received_at=minutes(moment)), b"same content") == replace(first, new=False)
    assert keep(database, replace(PLAIN, id="L3", received_at=minutes(10)), b"same content").lead_id == "L3"
    assert keep(database, replace(PLAIN, id="L4"), b"other content").lead_id == "L4"
    assert count(database, leads) == 3
    assert count(database, letters) == 6


def test_a_key_gives_the_same_answer_and_refuses_another_body(database: Database) -> None:
    first = keep(database, PLAIN, b"content 1", Key(b"key 0000", b"body"))
    late = replace(PLAIN, id="L2", received_at=minutes(999))
    assert keep(database, late, b"content 1", Key(b"key 0000", b"body")) == replace(first, new=False)
    assert Leads(database).answered(Key(b"key 0000", b"body")) == replace(first, new=False)
    reused = Key(b"key 0000", b"other")
    with pytest.raises(KeyReused):
        keep(database, late, b"content 2", reused)
    with pytest.raises(KeyReused):
        Leads(database).answered(reused)
    assert Leads(database).answered(Key(b"key 1111", b"body")) is None
    assert count(database, leads) == 1


def test_a_second_click_under_a_second_key_is_bound_to_the_first_lead(database: Database) -> None:
    keep(database, PLAIN, b"content 1", Key(b"key 0000", b"body"))
    second = Key(b"key 1111", b"body")
    assert keep(database, replace(PLAIN, id="L2", received_at=minutes(1)), b"content 1", second).lead_id == "L1"
    late = keep(database, replace(PLAIN, id="L3", received_at=minutes(99)), b"content 1", second)
    assert (late.lead_id, late.new) == ("L1", False)
    assert count(database, lead_keys) == 2


def test_many_at_once_with_one_key_or_one_content_make_one_lead(database: Database) -> None:
    def work(n: int) -> str:
        key = Key(b"key 0000", b"body") if n % 2 else None
        return keep(database, replace(PLAIN, id=f"L{n}"), b"content 1", key).lead_id

    with ThreadPoolExecutor(16) as pool:
        told = set(pool.map(work, range(120)))
    assert len(told) == 1
    assert (count(database, leads), count(database, letters), count(database, lead_keys)) == (1, 2, 1)


def test_a_challenge_serves_once(database: Database) -> None:
    keep(database, PLAIN, spent="c1")
    keep(database, replace(PLAIN, id="L2"), spent="c1")
    keep(database, replace(PLAIN, id="L3"), spent="c3")
    assert [Leads(database).get(name).status for name in ("L1", "L2", "L3")] == ["received", "quarantined", "received"]
    assert Leads(database).get("L2").suspicions == ("challenge_spent",)
    assert {one.state for one in Outbox(database).of_lead("L2")} == {"quarantined"}
    assert conservation(database) == Conservation(3, 0, 2, 0, 1, 0)


def test_a_lead_whose_letters_cannot_be_kept_is_not_kept(database: Database) -> None:
    keep(database, PLAIN)
    clash = replace(letters_for(PLAIN)[0], lead_id="L2")
    with pytest.raises(IntegrityError) as caught:
        Leads(database).keep(replace(PLAIN, id="L2"), [clash], b"content 2", AGAIN)
    assert "Новак" not in str(caught.value)
    with pytest.raises(NotFound):
        Leads(database).get("L2")
    assert conservation(database) == Conservation(1, 0, 1, 0, 0, 0)


def test_what_is_released_goes_out(database: Database) -> None:
    keep(database, HELD)
    outbox = Outbox(database)
    assert outbox.claim("w", minutes(1), LEASE, 9) == []
    assert Leads(database).release("L1", minutes(60))
    assert not Leads(database).release("L1", minutes(61))
    assert {one.queued_at for one in outbox.claim("w", minutes(60), LEASE, 9)} == {minutes(60)}
    with pytest.raises(NotFound):
        Leads(database).release("nobody", START)


def test_every_lead_is_somewhere(database: Database) -> None:
    for n in range(6):
        keep(database, replace(HELD if n == 5 else PLAIN, id=f"L{n}"))
    outbox = Outbox(database)
    for letter in outbox.claim("w", START, LEASE, 99):
        if letter.lead_id in ("L0", "L1"):
            outbox.delivered(letter.id, START)
        if letter.id == "L2-d":
            outbox.failed(letter, "w", Failed("attention", None, "refused"))
        if letter.id in ("L3-d",):
            outbox.delivered(letter.id, START)
    found = conservation(database)
    assert found == Conservation(6, delivered=2, pending=2, attention=1, quarantined=1, erased=0)
    assert found.holds


def test_a_lead_without_a_letter_breaks_the_law(database: Database) -> None:
    keep(database, PLAIN)
    keep(database, replace(PLAIN, id="L2"))
    with database.write() as connection:
        connection.execute(letters.delete().where(letters.c.lead_id == "L1"))
    assert not conservation(database).holds
    with database.write() as connection:
        connection.execute(update(leads).values(status="erased"))
    assert conservation(database).holds
    assert conservation(database).erased == 2


def test_pages_go_from_the_newest_to_the_oldest(database: Database) -> None:
    for n in range(7):
        keep(database, replace(HELD if n == 3 else PLAIN, id=f"L{n}", received_at=minutes(n // 2)))
    place: Place | None = Place(minutes(99), "")
    seen: list[str] = []
    while place:
        page, place = Leads(database).page(place, 2, ("received", "quarantined"))
        seen += [one.id for one in page]
    assert seen == ["L6", "L5", "L4", "L3", "L2", "L1", "L0"]
    assert [one.id for one in Leads(database).page(Place(minutes(99), ""), 9, ("quarantined",))[0]] == ["L3"]


def test_secrets_are_made_once_and_shared(url: str) -> None:
    with Database(url) as database, ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: shared(database, "forms"), range(16)))
        assert len(made) == 1
        assert shared(database, "other") not in made
    with Database(url) as database:
        assert {shared(database, "forms")} == made
    assert len(made.pop()) == 32
