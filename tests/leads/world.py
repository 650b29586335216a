"""A store with leads, a clock that a test moves, and couriers over both."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from sqlalchemy import update

from bot import shipped
from bot.intake import Lead, Letter, LetterSort
from bot.leads.channels import ByMail, Channel
from bot.leads.deliver import Courier
from bot.leads.letters import Dossier, House, Writer
from bot.leads.mail import Mailer
from bot.leads.watch import Alarm, Watch
from bot.store.alarms import Alarms
from bot.store.database import Database
from bot.store.leads import Leads
from bot.store.letters import Outbox
from bot.store.tables import leads, letters
from bot.store.waiting import waiting
from tests.leads.dossiers import AT, LEAD

HOUSE = House("Desk <desk@firm.example>", "The Firm", "https://desk.example")
WRITER = Writer(shipped.folder("web") / "letters", HOUSE)
DESK = "russia@firm.example"


@dataclass
class World:
    """What tests of delivery move about in."""

    database: Database
    now: datetime = AT
    chance: float = 0.5
    noted: list[tuple[str, str]] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.database)

    def clock(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def lead(self, name: str, sorts: tuple[LetterSort, ...] = ("desk", "acknowledgement"), **changes: object) -> Lead:
        """A lead that is received now, with its letters."""
        made = replace(LEAD, id=name, received_at=self.now, conversation_id=None, transcript=False, **changes)  # type: ignore[arg-type]
        to = {"desk": DESK, "acknowledgement": f"{name}@client.example", "webhook": "http://hook.example"}
        queued = [
            Letter(f"{name}-{sort}", name, sort, to[sort], f"<{name}-{sort}@firm.example>", "pending", self.now, self.now)
            for sort in sorts
        ]
        Leads(self.database).keep(made, queued, sha256(name.encode()).digest(), timedelta(minutes=10))
        return made

    def dossier(self, lead_id: str) -> Dossier:
        return Dossier(Leads(self.database).get(lead_id), "Russia desk", DESK, ("en",))

    def courier(self, channel: Channel) -> Courier:
        note = lambda name, outcome: self.noted.append((name, outcome))  # noqa: E731 - short, and only here
        return Courier(channel, self.outbox, secrets.token_hex(4), self.clock, lambda: self.chance, note)

    def post(self, mailer: Mailer) -> Courier:
        return self.courier(ByMail(mailer, WRITER, self.dossier))

    def watch(self) -> Watch:
        return Watch(self.outbox, partial(waiting, self.database), Alarms(self.database), [self.alarms.append])

    def states(self) -> dict[str, str]:
        with self.database.read() as connection:
            return {row.id: row.state for row in connection.execute(letters.select())}

    def erase(self, lead_id: str) -> None:
        with self.database.write() as connection:
            connection.execute(update(leads).where(leads.c.id == lead_id).values(status="erased"))

    def run(self, courier: Courier, **time: float) -> None:
        """Lets a courier work for a time of the clock, a step every ten seconds at least."""
        until = self.now + timedelta(**time)
        while self.now <= until:
            if not courier.step():
                self.wait(seconds=10)
