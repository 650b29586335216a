"""Workers killed by a signal at any moment: no letter is lost, and copies are of those alone whose words had left."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime

import pytest

from bot.store.database import Database
from tests.conftest import ROOT
from tests.leads.post_office import PostOffice, opened
from tests.leads.world import World

CYCLES = int(os.environ.get("SOAK_CYCLES", "3"))
LETTERS = 2
APART = 6  # minutes by which the clock of each worker is ahead of the one before: longer than a lease


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_workers_lose_nothing(workers: int, url: str) -> None:
    chance = random.Random(7)
    with Database(url) as database, opened(PostOffice()) as office:
        world = World(database)
        for cycle in range(CYCLES):
            world.now = datetime.now(UTC)
            for n in range(LETTERS):
                world.lead(f"L{cycle}-{n}", ("desk",))
            running = [carrier(url, office.port, (cycle + 1) * APART) for _ in range(workers)]
            time.sleep(chance.uniform(0, 0.15))
            for process in running:
                end(process)
        last = carrier(url, office.port, (CYCLES + 2) * APART)
        until = time.monotonic() + 60
        while set(world.states().values()) - {"delivered", "attention"} and time.monotonic() < until:
            time.sleep(0.1)
        end(last)
        states, copies = world.states(), Counter(office.message_ids)
        assert set(states.values()) <= {"delivered", "attention"}
        for name in states:
            letter = world.outbox.get(name)
            assert 1 <= copies[letter.message_id] <= 2 or letter.state == "attention"
            assert copies[letter.message_id] == 1 or letter.ambiguous
        assert len(states) == CYCLES * LETTERS


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def carrier(url: str, port: int, minutes: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.leads.carrier", url, str(port), str(minutes)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process
