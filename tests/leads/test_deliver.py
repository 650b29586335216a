"""The outbox's worker on both databases: each way to fail loses nothing, and copies come only of what nobody can know."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import StorageFull
from bot.leads.failure import Kind, Undelivered
from bot.leads.mail import Account, SmtpMailer, nothing
from bot.leads.message import Mail
from bot.leads.retry import GIVE_UP_AFTER
from bot.store.database import Database
from bot.store.letters import Outbox
from bot.store.sqlite import sqlite_url
from tests.leads.post_office import PostOffice, certificate, free_port, opened, talking
from tests.leads.world import World


@pytest.fixture
def world(database: Database) -> World:
    """A store without leads."""
    return World(database)


@dataclass
class Script:
    """A mailer that fails as it is told, one ending a letter, and then takes everything."""

    endings: list[Undelivered] = field(default_factory=list)
    sent: list[Mail] = field(default_factory=list)
    down: Undelivered | None = None
    tried: int = 0

    def send(self, mail: Mail, hand_over: Callable[[], None] = nothing) -> None:
        self.tried += 1
        if self.down:
            raise self.down
        error = self.endings.pop(0) if self.endings else None
        if error and error.kind in ("outage", "transient"):
            raise error
        hand_over()
        if error is None or error.kind == "ambiguous":
            self.sent.append(mail)
        if error:
            raise error


def failure(kind: Kind) -> Undelivered:
    return Undelivered(kind, f"test_{kind}")


def test_letters_go_out_once_each(world: World) -> None:
    world.lead("A")
    script = Script()
    world.run(world.post(script), minutes=1)
    assert sorted(mail.message_id for mail in script.sent) == ["<A-acknowledgement@firm.example>", "<A-desk@firm.example>"]
    assert set(world.states().values()) == {"delivered"}
    assert world.noted == [("mail", "delivered")] * 2


def test_an_outage_holds_every_letter_and_only_one_is_tried(world: World) -> None:
    for n in range(5):
        world.lead(f"L{n}")
    script = Script(down=failure("outage"))
    courier = world.post(script)
    world.run(courier, hours=1)
    assert script.tried < 40
    assert set(world.states().values()) == {"pending"}
    assert sum(world.outbox.get(name).attempts for name in world.states()) == script.tried
    script.down = None
    back = world.now
    world.run(courier, minutes=5)
    assert set(world.states().values()) == {"delivered"}
    assert len(script.sent) == 10
    assert max(world.outbox.get(name).delivered_at or back for name in world.states()) - back <= timedelta(minutes=5)


STEP = 5  # minutes of the clock


def test_after_72_hours_all_leave_within_five_minutes_and_the_alarm_came_within_fifteen(tmp_path: Path) -> None:
    with Database(sqlite_url(tmp_path)) as database:
        three_days_down(World(database), "outage", STEP)


def three_days_down(world: World, kind: Kind, step: int) -> None:
    """A lead every nine hours while no mail leaves, a look at the outbox every `step` minutes of the clock."""
    script, began = Script(down=failure(kind)), world.now
    courier, watch = world.post(script), world.watch()
    names = [f"L{n}" for n in range(8)]
    for name in names:
        world.lead(name, ("desk",))
        for _ in range(72 * 60 // step // len(names)):
            courier.step()
            watch.round(world.now)
            world.wait(minutes=step)
    assert began + timedelta(hours=72) == world.now
    assert world.alarms[0].at - began <= timedelta(minutes=15)
    assert 3 <= len(world.alarms) <= 5  # told again once a day, and when the first letter came to attention
    script.down = None
    back = world.now
    while world.now - back < timedelta(minutes=5):
        while courier.step():
            pass
        world.wait(seconds=5)
    watch.round(world.now)
    assert Counter(mail.message_id for mail in script.sent) == Counter({f"<{name}-desk@firm.example>": 1 for name in names})
    assert world.alarms[-1].concerns[0].name == "over"


def test_three_days_of_outage_call_a_person_and_the_letter_still_leaves(world: World) -> None:
    world.lead("A", ("desk",))
    script = Script(down=failure("outage"))
    courier, watch = world.post(script), world.watch()
    for _ in range(73):
        courier.step()
        watch.round(world.now)
        world.wait(hours=1)
    assert world.states() == {"A-desk": "attention"}
    assert "attention" in {one.name for one in world.alarms[-1].concerns}
    script.down = None
    world.run(courier, minutes=5)
    assert world.states() == {"A-desk": "delivered"}


def test_letters_that_wait_behind_an_outage_come_to_attention_too(world: World) -> None:
    for name in ("A", "B"):
        world.lead(name, ("desk",))
    script = Script(down=failure("outage"))
    courier = world.post(script)
    courier.step()
    world.now += GIVE_UP_AFTER
    world.watch().round(world.now)
    assert set(world.states().values()) == {"attention"}
    script.down = None
    world.run(courier, minutes=5)
    assert set(world.states().values()) == {"delivered"}


def test_three_days_of_refusals_end_the_trying(world: World) -> None:
    world.lead("A", ("desk",))
    script = Script(down=failure("transient"))
    courier = world.post(script)
    while world.now - world.outbox.get("A-desk").queued_at < GIVE_UP_AFTER + timedelta(hours=1):
        courier.step()
        world.wait(minutes=30)
    tried = script.tried
    world.run(courier, hours=2)
    assert (world.states(), script.tried) == ({"A-desk": "attention"}, tried)
    script.down = None
    assert world.outbox.again("A", world.now) == 1
    world.run(courier, minutes=1)
    assert world.states() == {"A-desk": "delivered"}


def test_an_unknown_end_is_tried_once_more_and_then_left_to_a_person(world: World) -> None:
    world.lead("A", ("desk",))
    script = Script([failure("ambiguous")])
    world.run(world.post(script), minutes=5)
    assert [mail.message_id for mail in script.sent] == ["<A-desk@firm.example>"] * 2
    assert (world.states(), world.outbox.get("A-desk").ambiguous) == ({"A-desk": "delivered"}, True)
    world.lead("B", ("desk",))
    script = Script([failure("ambiguous")] * 9)
    world.run(world.post(script), hours=2)
    assert len(script.sent) == 2
    assert world.states()["B-desk"] == "attention"


def test_a_refusal_in_between_is_no_unknown_end(world: World) -> None:
    world.lead("A", ("desk",))
    script = Script([failure("transient"), failure("ambiguous"), *[failure("transient")] * 5])
    world.run(world.post(script), hours=1)
    assert len(script.sent) == 2
    assert world.states() == {"A-desk": "delivered"}


def test_a_refusal_for_good_calls_a_person_and_the_others_go_on(world: World) -> None:
    world.lead("A")
    world.lead("B")
    script = Script([failure("permanent")])
    world.run(world.post(script), minutes=1)
    assert sorted(world.states().values()) == ["attention", "delivered", "delivered", "delivered"]
    assert len(script.sent) == 3


def test_a_killed_workers_letter_is_taken_over(world: World) -> None:
    class Killed(BaseException):
        """Ends a worker as a signal would: nothing behind it runs."""

    class Mortal(Script):
        def send(self, mail: Mail, hand_over: Callable[[], None] = nothing) -> None:
            super().send(mail, hand_over)
            raise Killed

    world.lead("before", ("desk",))
    early = Mortal(down=None)
    early.send = _die(Killed)  # type: ignore[method-assign]
    with pytest.raises(Killed):
        world.post(early).step()
    heir = Script()
    world.run(world.post(heir), minutes=3)
    assert heir.sent == []  # the lease holds
    world.run(world.post(heir), minutes=3)
    assert [world.outbox.get("before-desk").ambiguous, len(heir.sent)] == [False, 1]

    world.lead("after", ("desk",))
    late = Mortal()
    with pytest.raises(Killed):
        world.post(late).step()
    world.run(world.post(heir), minutes=6)
    assert late.sent == heir.sent[1:]  # one copy, under the same Message-ID
    assert (world.outbox.get("after-desk").state, world.outbox.get("after-desk").ambiguous) == ("delivered", True)


def _die(error: type[BaseException]) -> Callable[..., None]:
    def send(_mail: Mail, _hand_over: Callable[[], None] = nothing) -> None:
        raise error

    return send


def test_a_worker_that_slept_over_its_lease_hands_nothing_over(world: World) -> None:
    world.lead("A", ("desk",))
    heir = Script()

    class Sleepy(Script):
        def send(self, mail: Mail, hand_over: Callable[[], None] = nothing) -> None:
            world.wait(minutes=10)
            world.post(heir).step()
            super().send(mail, hand_over)

    sleepy = Sleepy()
    world.post(sleepy).step()
    assert (len(heir.sent), len(sleepy.sent)) == (1, 0)
    assert world.states() == {"A-desk": "delivered"}


def test_an_erased_lead_is_not_written_about(world: World) -> None:
    world.lead("A")
    script = Script()
    world.erase("A")
    world.run(world.post(script), minutes=30)
    assert script.sent == []


def test_what_the_disk_refuses_to_mark_is_not_sent_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.lead("A", ("desk",))
    script, refused = Script(), 3
    courier, mark = world.post(script), Outbox.delivered

    def full(outbox: Outbox, *values: object) -> bool:
        nonlocal refused
        refused -= 1
        if refused >= 0:
            raise StorageFull("no room")
        return mark(outbox, *values)  # type: ignore[arg-type]

    monkeypatch.setattr(Outbox, "delivered", full)
    for _ in range(3):
        with pytest.raises(StorageFull):
            courier.step()
        world.wait(minutes=1)
    courier.step()
    assert (len(script.sent), world.states()) == (1, {"A-desk": "delivered"})


def test_a_fault_of_ours_delays_one_letter_and_stops_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.lead("A", ("desk",))
    world.lead("B", ("desk",))

    class Faulty(Script):
        def send(self, mail: Mail, hand_over: Callable[[], None] = nothing) -> None:
            if "<A-" in mail.message_id:
                raise KeyError(mail.text)
            super().send(mail, hand_over)

    world.run(world.post(Faulty()), minutes=1)
    assert world.states() == {"A-desk": "pending", "B-desk": "delivered"}
    assert world.outbox.get("A-desk").last_error == "fault_KeyError"
    assert "Ventile" not in "".join(capsys.readouterr())


# Against a server: 13 ways. What each leaves behind of two letters, how many copies came, and how it goes on once all is well.


@pytest.fixture
def two(world: World) -> World:
    """A lead with its two letters."""
    world.lead("A")
    return world


@dataclass
class Way:
    """How a server misbehaves. `copies`: how often the server got letters more than once."""

    office: PostOffice
    account: Account
    copies: int = 0


def plain(port: int, step: float = 0.4, whole: float = 0.8, host: str = "127.0.0.1") -> Account:
    return Account(host, port, "none", step=step, whole=whole)


WAYS: dict[str, Callable[[PostOffice], Way]] = {
    "refused": lambda office: Way(office, plain(free_port())),
    "dns": lambda office: Way(office, plain(25, host="nowhere.invalid")),
    "tls": lambda office: Way(office, Account("127.0.0.1", office.port, "starttls", step=0.4, whole=0.8)),
    "auth": lambda office: Way(office, Account("127.0.0.1", office.port, "none", "u", "p", step=0.4, whole=0.8)),
    "421": lambda office: _refusing(office, mail="421 closing"),
    "451": lambda office: _refusing(office, rcpt="451 later"),
    "550": lambda office: _refusing(office, rcpt="550 unknown"),
    "partial": lambda office: _refusing(office, **{"A@client.example": "550 unknown"}),
    "552": lambda office: _refusing(office, data="552 too large"),
    "hang": lambda office: _strange(office, hang_in_data=True),
    "drop": lambda office: _strange(office, drop_after_data=True),
}
STUCK = {"550", "552"}


def _refusing(office: PostOffice, **refuse: str) -> Way:
    office.refuse = refuse
    return Way(office, plain(office.port))


def _strange(office: PostOffice, **how: bool) -> Way:
    for name, value in how.items():
        setattr(office, name, value)
    return Way(office, plain(office.port), copies=1)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server."""
    with opened(PostOffice()) as found:
        yield found


@pytest.mark.parametrize("name", WAYS)
def test_each_way_to_fail_loses_nothing(name: str, two: World, office: PostOffice) -> None:
    way = WAYS[name](office)
    courier = two.post(SmtpMailer(way.account))
    courier.step()
    courier.step()
    lost = [letter for letter, state in two.states().items() if state not in ("pending", "delivered", "attention")]
    assert lost == []
    office.refuse, office.hang_in_data, office.drop_after_data = {}, False, False
    healed = two.post(SmtpMailer(plain(office.port, 5, 10)))
    two.run(healed, minutes=5)
    if name in ("550", "552", "partial"):
        stuck = sorted(letter for letter, state in two.states().items() if state == "attention")
        assert stuck == (["A-acknowledgement"] if name == "partial" else ["A-acknowledgement", "A-desk"])
        two.outbox.again("A", two.now)
        two.run(healed, minutes=5)
    assert set(two.states().values()) == {"delivered"}
    got = Counter(office.message_ids)
    assert set(got) == {"<A-desk@firm.example>", "<A-acknowledgement@firm.example>"}
    assert max(got.values()) == 1 + way.copies
    assert all(two.outbox.get(letter).ambiguous == bool(way.copies) for letter in two.states())


def test_a_byte_a_second_loses_nothing(two: World, office: PostOffice) -> None:
    with talking(b"220 " + b"-" * 99, 0.1) as port:
        two.post(SmtpMailer(plain(port))).step()
    assert set(two.states().values()) == {"pending"}
    two.run(two.post(SmtpMailer(plain(office.port, 5, 10))), minutes=5)
    assert sorted(Counter(office.message_ids).values()) == [1, 1]


def test_over_tls_with_a_login_all_goes_well(two: World, tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    with opened(PostOffice(), tls_context=server, require_starttls=True, auth_required=True) as found:
        account = Account("localhost", found.port, "starttls", "desk", "secret", step=5, whole=10)
        two.run(two.post(SmtpMailer(account, client)), minutes=1)
        assert len(found.taken) == 2
    assert socket.getdefaulttimeout() is None
