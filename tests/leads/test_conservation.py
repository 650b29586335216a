"""Whatever is done to leads in whatever order, every one is somewhere: hypothesis looks for an order that loses one.

`make soak` looks at ten thousand steps (SOAK_STEPS).
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.errors import NotFound
from bot.intake import Letter
from bot.leads import privacy
from bot.store.conservation import conservation
from bot.store.database import Database
from bot.store.leads import Leads
from bot.store.letters import Failed, Outbox
from bot.store.people import People
from bot.store.sqlite import sqlite_url
from tests.store.test_leads import AGAIN, PLAIN, START, letters_for

STEPS = int(os.environ.get("SOAK_STEPS", "200"))
EACH = 50
PEOPLE = st.sampled_from(["anna", "boris", "chen", "dora"])
LEASE = timedelta(minutes=5)


class Life(RuleBasedStateMachine):
    """Leads come, go out, fail, are given up, released, erased and swept; workers die; the clock goes on."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(sqlite_url(Path(self.folder.name))).open()
        self.leads, self.outbox, self.people = Leads(self.database), Outbox(self.database), People(self.database)
        self.now, self.number = START, 0
        self.held: list[tuple[str, Letter]] = []
        self.sent: list[str] = []
        self.received, self.swept = 0, 0

    @rule(person=PEOPLE, spam=st.booleans(), text=st.integers(0, 5))
    def submit(self, person: str, spam: bool, text: int) -> None:
        self.number += 1
        lead = replace(
            PLAIN,
            id=f"L{self.number}",
            received_at=self.now,
            email=f"{person}@example.com",
            status="quarantined" if spam else "received",
        )
        content = f"{person} {text}".encode().ljust(8)
        self.received += self.leads.keep(lead, letters_for(lead), content, AGAIN).new

    @rule(many=st.integers(1, 4))
    def claim(self, many: int) -> None:
        worker = f"w{self.number}-{len(self.held)}-{self.now.timestamp()}"
        for letter in self.outbox.claim(worker, self.now, LEASE, many):
            self.held.append((worker, letter))

    @rule(data=st.data(), end=st.sampled_from(["delivered", "failed", "ambiguous", "given up", "died"]))
    def finish(self, data: st.DataObject, end: str) -> None:
        if not self.held:
            return
        worker, letter = self.held.pop(data.draw(st.integers(0, len(self.held) - 1)))
        if end == "died" or not self.outbox.hand_over(letter.id, worker, self.now):
            return
        if end == "delivered":
            assert letter.message_id == self.outbox.get(letter.id).message_id
            self.outbox.delivered(letter.id, self.now)
            self.sent.append(letter.id)
            return
        state = "attention" if end == "given up" else "pending"
        self.outbox.failed(letter, worker, Failed(state, self.now + timedelta(minutes=3), "refused", end == "ambiguous"))  # type: ignore[arg-type]

    @rule(minutes=st.sampled_from([1, 7, 60, 60 * 24 * 4, 60 * 24 * 400]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.outbox.overdue(self.now - timedelta(days=3))

    @rule(number=st.integers(1, 40))
    def release(self, number: int) -> None:
        with contextlib.suppress(NotFound):  # it never came, or was swept
            self.leads.release(f"L{number}", self.now)

    @rule()
    def again(self) -> None:
        self.outbox.again(None, self.now)

    @rule(person=PEOPLE)
    def erase(self, person: str) -> None:
        self.people.erase(f"{person}@example.com", self.now)
        assert not self.people.find(f"{person}@example.com").known

    @rule()
    def sweep(self) -> None:
        self.swept += privacy.swept(self.database, privacy.Retention(24, 90, 36), self.now)["leads"]

    @rule()
    def crash(self) -> None:
        self.database.close()
        self.database.open()

    @invariant()
    def every_lead_is_somewhere(self) -> None:
        if not hasattr(self, "database"):
            return
        places = conservation(self.database)
        assert places.holds, places
        assert places.received == self.received - self.swept
        assert len(self.sent) == len(set(self.sent)), "a letter was handed over twice after it had arrived"

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=max(1, STEPS // EACH), stateful_step_count=EACH, deadline=None, suppress_health_check=list(HealthCheck)
)
