"""The watch over the outbox: what is told, when, by whom, and that it is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import BotError
from bot.leads.watch import Alarm, Watch, concerns
from bot.store.alarms import Alarms
from bot.store.database import Database
from bot.store.letters import Failed
from bot.store.waiting import Waiting, listed, waiting
from tests.leads.dossiers import AT, LEAD
from tests.leads.world import World


@pytest.fixture
def world(database: Database) -> World:
    """A store with a lead."""
    made = World(database)
    made.lead("A")
    return made


def test_nothing_is_told_where_nothing_waits_long() -> None:
    assert concerns(Waiting({}, None, {}), AT) == ()
    assert concerns(Waiting({("desk", "pending"): 1}, AT, {}), AT + timedelta(minutes=11)) == ()


def test_what_waits_long_or_sticks_is_said() -> None:
    counts = {("desk", "pending"): 2, ("webhook", "claimed"): 1, ("desk", "attention"): 1, ("desk", "quarantined"): 9}
    found = concerns(Waiting(counts, AT, {}), AT + timedelta(minutes=15))  # type: ignore[arg-type]
    assert [one.name for one in found] == ["late", "attention"]
    assert str(found[0]) == "3 letters waiting, the oldest for 15 minutes"
    assert str(found[1]) == "1 letter needs a person's attention"
    assert "3 days" in str(concerns(Waiting(counts, AT, {}), AT + timedelta(days=3))[0])  # type: ignore[arg-type]


def test_an_alarm_comes_once_a_day_and_by_one_process(world: World) -> None:
    first, second = world.watch(), world.watch()
    for _ in range(3 * 24 * 2 - 1):
        first.round(world.now)
        second.round(world.now)
        world.wait(minutes=30)
    assert [round((alarm.at - AT) / timedelta(hours=1), 1) for alarm in world.alarms] == [0.5, 24.5, 48.5]
    assert "desk pending 1" in world.alarms[0].counts


def test_it_is_told_once_more_that_all_is_well(world: World) -> None:
    world.wait(hours=1)
    watch = world.watch()
    watch.round(world.now)
    for name in world.states():
        world.outbox.delivered(name, world.now)
    assert watch.round(world.now) == ()
    watch.round(world.now)
    assert [[one.name for one in alarm.concerns] for alarm in world.alarms] == [["late"], ["over"]]


def test_every_way_is_tried_and_what_none_took_is_told_again(world: World) -> None:
    down, taken = [True], []

    def broken(_alarm: Alarm) -> None:
        raise BotError("no line")

    def second(alarm: Alarm) -> None:
        if down[0]:
            raise BotError("no line either")
        taken.append(alarm)

    watch = Watch(world.outbox, lambda: waiting(world.database), Alarms(world.database), [broken, second])
    world.wait(hours=1)
    watch.round(world.now)
    down[0] = False
    watch.round(world.now)
    watch.round(world.now)
    assert len(taken) == 1


def test_what_is_three_days_old_comes_to_attention(world: World) -> None:
    world.wait(days=3)
    found = world.watch().round(world.now)
    assert set(world.states().values()) == {"attention"}
    assert [one.name for one in found] == ["attention"]


def test_an_alarm_has_no_word_of_a_lead(world: World) -> None:
    (letter, _) = world.outbox.claim("w", world.now, timedelta(minutes=1), 2)
    world.outbox.failed(letter, "w", Failed("attention", None, "rcpt_550"))
    world.wait(hours=1)
    world.watch().round(world.now)
    told = str(world.alarms[0])
    assert "rcpt_550" in told
    assert not any(word in told for word in (LEAD.name, LEAD.email, LEAD.company, "client.example", "firm.example"))


def test_a_letter_in_attention_can_be_settled_by_hand(world: World) -> None:
    letter, other = world.outbox.claim("w", world.now, timedelta(minutes=1), 2)
    world.outbox.failed(letter, "w", Failed("attention", None, "rcpt_550"))
    assert [one.id for one in listed(world.database, ("attention",), 9)] == [letter.id]
    assert world.outbox.settle(letter.id, world.now)
    assert not world.outbox.settle(other.id, world.now)
    assert (world.outbox.get(letter.id).state, world.outbox.get(letter.id).last_error) == ("delivered", "by_hand")
