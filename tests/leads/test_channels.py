"""Calls to the webhook through the outbox: copies are told apart by their id, 410 ends the calls, 429 is waited for."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.leads.channels import ByWebhook
from bot.leads.deliver import Courier
from bot.leads.webhook import Endpoint, Webhook
from bot.store.database import Database
from bot.store.webhooks import Webhooks
from tests.leads.post_office import free_port, talking
from tests.leads.receiver import Receiver, receiving, reply
from tests.leads.world import World

SECRET = bytes(range(24))
WRITTEN = base64.b64encode(SECRET).decode()


@pytest.fixture
def world(database: Database) -> World:
    """A store with a lead whose letter is for the webhook."""
    made = World(database)
    made.lead("A", ("webhook",))
    return made


def calls(world: World, port: int, private: bool = True, url: str = "") -> Courier:
    there = Endpoint(url or f"http://127.0.0.1:{port}/", SECRET, private, step=0.5, whole=1.0)
    return world.courier(ByWebhook(there.url, Webhook(there), Webhooks(world.database), world.dossier))


def heal(world: World, receiver: Receiver) -> None:
    receiver.says = reply(200)
    world.run(calls(world, receiver.port), minutes=5)


WAYS: dict[str, Callable[[], bytes | None]] = {
    "301": lambda: reply(301, "Location: https://example.com/"),
    "loopback": lambda: reply(307, "Location: http://127.0.0.1:1/"),
    "400": lambda: reply(400),
    "404": lambda: reply(404),
    "500": lambda: reply(500),
    "503": lambda: reply(503, "Retry-After: 60"),
    "429": lambda: reply(429, "Retry-After: 60"),
    "reset": lambda: None,
    "nonsense": lambda: b"hello\r\n\r\n",
}


@pytest.mark.parametrize("name", WAYS)
def test_each_way_to_fail_loses_nothing(name: str, world: World) -> None:
    with receiving(WAYS[name]()) as receiver:
        calls(world, receiver.port).step()
        assert world.states() == {"A-webhook": "attention" if name == "400" else "pending"}
        if name == "400":
            world.outbox.again("A", world.now)
        heal(world, receiver)
        assert world.states() == {"A-webhook": "delivered"}
        ids = Counter(headers["webhook-id"] for headers, _ in receiver.heard)
        assert ids == {"msg_A-webhook": 2}
        assert len({body for _, body in receiver.heard}) == 1


def test_refused_and_slow_lose_nothing(world: World) -> None:
    calls(world, free_port()).step()
    world.wait(minutes=5)
    with talking(b"HTTP/1.1 " + b" " * 99, 0.1) as port:
        calls(world, port).step()
    assert world.states() == {"A-webhook": "pending"}
    with receiving(reply(200)) as receiver:
        heal(world, receiver)
    assert world.states() == {"A-webhook": "delivered"}


def test_an_address_inside_the_network_is_not_called(world: World) -> None:
    with receiving(reply(200)) as receiver:
        calls(world, receiver.port, private=False).step()
        assert (receiver.heard, world.outbox.get("A-webhook").last_error) == ([], "address_private")


def test_a_wish_to_wait_is_kept(world: World) -> None:
    with receiving(reply(429, "Retry-After: 1800")) as receiver:
        courier = calls(world, receiver.port)
        courier.step()
        world.lead("B", ("webhook",))
        world.run(courier, minutes=29)
        assert len(receiver.heard) == 1
        receiver.says = reply(200)
        world.run(courier, minutes=2)
        assert len(receiver.heard) == 3


def test_410_ends_the_calls_until_an_operator_enables_them(world: World) -> None:
    with receiving(reply(410)) as receiver:
        courier = calls(world, receiver.port)
        courier.step()
        assert world.states() == {"A-webhook": "attention"}
        world.lead("B", ("webhook",))
        courier.step()
        calls(world, receiver.port).step()
        assert len(receiver.heard) == 1
        assert (world.states()["B-webhook"], world.outbox.get("B-webhook").last_error) == ("attention", "webhook_disabled")
        kept, url = Webhooks(world.database), f"http://127.0.0.1:{receiver.port}/"
        assert kept.disabled(url) == world.now
        assert kept.enable(url) and not kept.enable(url)
        assert world.outbox.again(None, world.now) == 2
        heal(world, receiver)
        assert set(world.states().values()) == {"delivered"}


def test_silence_after_the_call_is_tried_on_as_receivers_tell_copies_apart(world: World) -> None:
    with receiving(None) as receiver:
        world.run(calls(world, receiver.port), minutes=30)
        assert len(receiver.heard) > 5
        heal(world, receiver)
    assert world.states() == {"A-webhook": "delivered"}
    assert world.outbox.get("A-webhook").ambiguous


def test_an_outage_does_not_hold_up_mail(tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path}/x.sqlite3") as database:
        world = World(database)
        world.lead("A", ("desk", "webhook"))
        calls(world, free_port()).step()
        world.wait(seconds=1)
        world.post(_Taking()).step()
        assert world.states() == {"A-desk": "delivered", "A-webhook": "pending"}
        assert world.noted == [("webhook", "outage"), ("mail", "delivered")]
        assert world.outbox.get("A-webhook").queued_at + timedelta(minutes=1) > world.now


class _Taking:
    def send(self, _mail: object, hand_over: Callable[[], None] = lambda: None) -> None:
        hand_over()
