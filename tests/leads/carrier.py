"""Delivers letters by SMTP until it is killed: `carrier.py DATABASE_URL PORT MINUTES`, its clock so many minutes ahead."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta

from bot.leads.mail import Account, SmtpMailer
from bot.store.database import Database
from tests.leads.world import World


class Ahead(World):
    """A world whose clock runs ahead of ours."""

    ahead = timedelta(0)

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def main(url: str, port: str, minutes: str) -> None:
    with Database(url) as database:
        world = Ahead(database)
        world.ahead = timedelta(minutes=float(minutes))
        courier = world.post(SmtpMailer(Account("127.0.0.1", int(port), "none")))
        print("ready", flush=True)
        while True:
            if not courier.step():
                time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
