"""Callers that share a transaction: each gets its own outcome, none waits for good, whatever becomes of another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.errors import BotError, Busy
from bot.store import group
from bot.store.group import Group, Work

CALLERS = 8


@dataclass
class Transactions:
    """Stands for a database: counts its transactions, which wait while `gate` is shut, and fails where it is told to."""

    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    kept: int = 0
    failure: Exception | None = None

    @contextmanager
    def __call__(self) -> Iterator[Any]:
        self.begun.set()
        assert self.gate.wait(10)
        if self.failure:
            raise self.failure
        yield None
        self.kept += 1


def value(number: int) -> Callable[[Connection], int]:
    return lambda _: number


def fails(_: Connection) -> int:
    raise ValueError("this one cannot")


def stopped(_: Connection) -> int:
    raise KeyboardInterrupt


@contextmanager
def led(database: Transactions) -> Iterator[tuple[Group, Future[int], Callable[[Work[int]], Future[int]]]]:
    """A group, its first caller, whose transaction waits at the gate, and what sends others: each waits when it returns."""
    shared = Group(database)
    with ThreadPoolExecutor(CALLERS) as pool:
        first = pool.submit(shared.run, value(0))
        assert database.begun.wait(10)

        def send(work: Work[int]) -> Future[int]:
            before = len(shared._waiting)
            sent = pool.submit(shared.run, work)
            while len(shared._waiting) == before:
                threading.Event().wait(0.001)
            return sent

        yield shared, first, send


def test_those_that_wait_share_the_next_transaction() -> None:
    database = Transactions()
    with led(database) as (_, first, send):
        others = [send(value(number)) for number in range(1, CALLERS)]
        database.gate.set()
        assert [one.result(10) for one in [first, *others]] == list(range(CALLERS))
    assert database.kept == 2


def test_one_that_fails_takes_no_other_with_it() -> None:
    database = Transactions()
    with led(database) as (_, first, send):
        good, bad = send(value(1)), send(fails)
        database.gate.set()
        assert (first.result(10), good.result(10)) == (0, 1)
        with pytest.raises(ValueError, match="this one cannot"):
            bad.result(10)
    assert database.kept == 2


def test_a_busy_database_is_told_to_all_at_once() -> None:
    database = Transactions(failure=Busy("the turn did not come"))
    with led(database) as (_, first, send):
        others = [send(value(1)) for _ in range(1, CALLERS)]
        database.gate.set()
        for one in [first, *others]:
            with pytest.raises(Busy):
                one.result(10)


def test_a_leader_that_is_stopped_hands_on() -> None:
    database = Transactions()
    with led(database) as (shared, first, send):
        leads, follows = send(stopped), send(value(2))
        database.gate.set()
        assert first.result(10) == 0
        with pytest.raises(KeyboardInterrupt):
            leads.result(10)
        with pytest.raises(BotError, match="interrupted"):
            follows.result(10)
        assert shared.run(value(3)) == 3


def test_one_that_is_stopped_while_it_waits_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    database, patience = Transactions(), threading.Event()

    class Impatient(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert patience.wait(timeout or 10)
            raise KeyboardInterrupt

    with led(database) as (shared, first, send):
        with monkeypatch.context() as patched:
            patched.setattr(group._Member, "__init__", _made_with(Impatient))
            leaves = send(value(1))
        follows = send(value(2))
        patience.set()
        with pytest.raises(KeyboardInterrupt):
            leaves.result(10)
        database.gate.set()
        assert (first.result(10), follows.result(10)) == (0, 2)
        assert shared.run(value(3)) == 3


def _made_with(signal: type[threading.Event]) -> Callable[..., None]:
    made = group._Member.__init__
    return lambda self, work: made(self, work, called=signal())
