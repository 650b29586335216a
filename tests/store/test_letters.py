"""The outbox on both databases: claimed by one worker at a time, taken over after the lease, ended once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.errors import NotFound
from bot.store.database import Database
from bot.store.letters import Failed, Outbox
from bot.store.tables import leads, letters

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def minutes(count: float) -> datetime:
    return START + timedelta(minutes=count)


def lead_row(name: str, **changes: object) -> dict[str, object]:
    texts = ("desk", "language", "kind", "subject", "name", "email", "email_key", "company", "country", "goods", "topic")
    more = ("message", "preferred_time", "established", "on_behalf", "listed_party", "consent_version", "consent_text")
    row: dict[str, object] = dict.fromkeys((*texts, *more), "x")
    row |= {"id": name, "received_at": START, "status": "received", "priority": 0, "reasons": [], "suspicions": []}
    row |= {"countries": [], "urgent": False, "consented_at": START, "transcript": False}
    return row | changes


def queue(database: Database, *names: str, state: str = "pending", at: datetime = START) -> Outbox:
    """Letters, each of a lead of the same name."""
    with database.write() as connection:
        connection.execute(insert(leads), [lead_row(name) for name in names])
        row = {"sort": "desk", "recipient": "a@example.com", "state": state, "queued_at": at, "next_at": at}
        row |= {"attempts": 0, "ambiguous": False}
        connection.execute(insert(letters), [row | {"id": name, "lead_id": name, "message_id": f"<{name}@x>"} for name in names])
    return Outbox(database)


def test_a_claim_is_of_what_is_due_and_oldest_first(database: Database) -> None:
    outbox = queue(database, "late", at=minutes(2))
    queue(database, "early")
    queue(database, "quarantined", state="quarantined")
    queue(database, "future", at=minutes(99))
    assert [one.id for one in outbox.claim("w", minutes(3), LEASE, 10)] == ["early", "late"]
    assert outbox.claim("v", minutes(3), LEASE, 10) == []
    assert (outbox.get("early").attempts, outbox.get("early").claimed_by, outbox.get("early").ambiguous) == (1, "w", False)
    assert outbox.get("early").claimed_until == minutes(8)


def test_a_dead_workers_letter_is_taken_over_after_the_lease(database: Database) -> None:
    outbox = queue(database, "a")
    outbox.claim("dead", START, LEASE)
    assert outbox.claim("w", minutes(4.9), LEASE) == []
    taken = outbox.claim("w", minutes(5), LEASE)
    assert [(one.id, one.attempts, one.ambiguous, one.message_id) for one in taken] == [("a", 2, False, "<a@x>")]
    assert not outbox.hand_over("a", "dead", minutes(6))
    assert not outbox.failed(taken[0], "dead", Failed("pending", minutes(9), "late"))
    assert outbox.hand_over("a", "w", minutes(6))
    assert outbox.delivered("a", minutes(6))
    assert (outbox.get("a").state, outbox.get("a").delivered_at) == ("delivered", minutes(6))
    assert not outbox.delivered("a", minutes(7))


def test_a_letter_whose_words_had_left_is_taken_over_as_ambiguous(database: Database) -> None:
    outbox = queue(database, "a")
    outbox.claim("dead", START, LEASE)
    assert outbox.hand_over("a", "dead", minutes(1))
    (taken,) = outbox.claim("w", minutes(5), LEASE)
    assert (taken.handed_over, taken.ambiguous) == (1, True)
    # it was not dead: what it knows to have arrived is not sent again
    assert outbox.delivered("a", minutes(6))
    assert not outbox.hand_over("a", "w", minutes(6))


def test_a_lease_that_ran_out_hands_nothing_over(database: Database) -> None:
    outbox = queue(database, "a")
    outbox.claim("w", START, LEASE)
    assert not outbox.hand_over("a", "w", minutes(5))


def test_what_fails_waits_and_at_last_comes_to_attention(database: Database) -> None:
    outbox = queue(database, "a")
    (letter,) = outbox.claim("w", START, LEASE)
    assert outbox.failed(letter, "w", Failed("pending", minutes(10), "refused"))
    assert outbox.claim("w", minutes(9), LEASE) == []
    (letter,) = outbox.claim("w", minutes(10), LEASE)
    assert (letter.last_error, letter.handed_over) == ("refused", 0)
    assert outbox.hand_over("a", "w", minutes(10))
    assert outbox.failed(letter, "w", Failed("attention", None, "after_data", ambiguous=True))
    ended = outbox.get("a")
    assert (ended.state, ended.last_error, ended.ambiguous, ended.claimed_by) == ("attention", "after_data", True, None)
    assert ended.handed_over == 1
    assert outbox.claim("w", minutes(9999), LEASE) == []
    assert outbox.again("a", minutes(12)) == 1
    assert (outbox.get("a").queued_at, outbox.get("a").ambiguous, outbox.get("a").handed_over) == (minutes(12), True, 0)
    assert [one.id for one in outbox.claim("w", minutes(12), LEASE)] == ["a"]


def test_a_refusal_takes_back_that_the_words_had_left(database: Database) -> None:
    outbox = queue(database, "a")
    (letter,) = outbox.claim("w", START, LEASE)
    outbox.hand_over("a", "w", minutes(1))
    outbox.failed(letter, "w", Failed("pending", minutes(2), "content_451"))
    assert (outbox.get("a").handed_over, outbox.get("a").ambiguous) == (0, False)


def test_what_is_overdue_comes_to_attention_and_is_tried_on(database: Database) -> None:
    outbox = queue(database, "old")
    queue(database, "new", at=minutes(5))
    assert outbox.overdue(minutes(4)) == 1
    assert (outbox.get("old").state, outbox.get("new").state) == ("attention", "pending")
    assert [one.id for one in outbox.claim("w", minutes(5), LEASE, 9)] == ["old", "new"]


def test_a_claim_is_of_the_sorts_asked_for(database: Database) -> None:
    outbox = queue(database, "a")
    assert outbox.claim("w", START, LEASE, 9, ("webhook",)) == []
    assert len(outbox.claim("w", START, LEASE, 9, ("acknowledgement", "desk"))) == 1


def test_workers_never_get_the_same_letter(database: Database) -> None:
    names = [f"n{n:03}" for n in range(60)]
    outbox = queue(database, *names)

    def work(worker: int) -> list[str]:
        mine: list[str] = []
        while got := outbox.claim(f"w{worker}", START, LEASE, 2):
            mine += [one.id for one in got]
        return mine

    with ThreadPoolExecutor(6) as pool:
        taken = [name for mine in pool.map(work, range(6)) for name in mine]
    assert sorted(taken) == names


def test_counts_name_every_state_and_the_oldest_that_waits(database: Database) -> None:
    outbox = Outbox(database)
    assert set(outbox.counts().values()) == {0}
    assert outbox.oldest_pending() is None
    queue(database, "a", at=minutes(3))
    queue(database, "b", at=minutes(1))
    queue(database, "c", state="quarantined")
    outbox.claim("w", minutes(1), LEASE)
    assert outbox.counts() == {"pending": 1, "claimed": 1, "delivered": 0, "attention": 0, "quarantined": 1}
    assert outbox.oldest_pending() == minutes(1)
    assert [one.id for one in outbox.of_lead("b")] == ["b"]
    with pytest.raises(NotFound):
        outbox.get("nobody")
