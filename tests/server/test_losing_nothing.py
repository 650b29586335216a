"""Leads over HTTP while the process is killed, the disk fails or is full, and many post at once: none acknowledged is lost.

`make soak` runs the same with more cycles: SOAK_CYCLES for SQLite, a fifth of them for PostgreSQL; SOAK_FAULTS injected errors.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from starlette.testclient import TestClient

from bot import wiring
from bot.store.conservation import conservation
from bot.store.database import Database
from bot.store.sqlite import sqlite_url
from bot.store.tables import lead_keys, leads, letters
from tests.server.clients import MESSAGE, SENT, Seen, site, sites, together
from tests.store.conftest import postgres

__all__ = ["postgres"]

CYCLES = int(os.environ.get("SOAK_CYCLES", "2"))
FAULTS = int(os.environ.get("SOAK_FAULTS", "40"))
CLIENTS = 8
LOOKED_AT = 20  # cycles between two looks at everything
FAULTY = ("posix/io/rw/pwrite", "posix/io/sync/fsync", "posix/io/sync/fdatasync", "posix/io/oc/open")  # what SQLite writes by


def sound(database: Database, seen: Seen) -> None:
    """Asserts that what was acknowledged is there, each lead once and with its letters, and the file intact."""
    places = conservation(database)
    with database.read() as connection:
        by_key = {row.message: row.id for row in connection.execute(select(leads.c.message, leads.c.id))}
        lost = letters.c.lead_id.not_in(select(leads.c.id))
        orphans = connection.execute(select(func.count()).select_from(letters).where(lost)).scalar_one()
        per_lead = set(connection.scalars(select(func.count()).select_from(letters).group_by(letters.c.lead_id)))
        keys = connection.execute(select(func.count()).select_from(lead_keys)).scalar_one()
        if database.is_sqlite:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).first() is None
    for key, lead_id in seen.kept.items():
        assert by_key[f"{MESSAGE} {key}."] == lead_id
    assert places.holds
    assert len(by_key) == places.received == keys  # no message twice
    assert orphans == 0
    assert per_lead <= {2}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_while_clients_post(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    address = sqlite_url(tmp_path) if kind == "sqlite" else str(request.getfixturevalue("postgres"))
    chance, seen, open_keys = random.Random(5), Seen(), list[str]()
    cycles = CYCLES if kind == "sqlite" else max(1, CYCLES // 5)
    with sites(address, tmp_path) as start:
        for cycle in range(cycles):
            fresh = [f"{cycle}-{n}" for n in range(400)]
            running = start()
            acknowledged = len(seen.kept) + chance.randrange(1, 150)
            threads = together(running.port, CLIENTS, [*open_keys, *fresh], seen)
            until = time.monotonic() + 120
            while len(seen.kept) < acknowledged and time.monotonic() < until:
                time.sleep(0.001)
            running.kill()
            for thread in threads:
                thread.join()
            # what was not acknowledged is sent again under its key, as a client would
            open_keys = [key for key in [*open_keys, *fresh] if key not in seen.kept][:50]
            if cycle % LOOKED_AT == 0 or cycle == cycles - 1:
                with Database(address) as database:
                    sound(database, seen)
    assert seen.kept
    assert {status for status, _, _ in seen.refused} <= {503}


@pytest.mark.skipif(shutil.which("fiu-run") is None, reason="needs Debian's fiu-utils")
def test_a_disk_that_fails_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    seen, rounds = Seen(), 0
    with site(sqlite_url(tmp_path), tmp_path, ("fiu-run", "-x", "-f", str(tmp_path / "fiu")), "bare") as running:
        while len(seen.refused) + seen.broken < FAULTS and rounds < FAULTS * 5:
            rounds += 1
            faulty(tmp_path, running.pid, FAULTY[rounds % len(FAULTY)], on=True)
            for thread in together(running.port, 4, [f"f{rounds}-{n}" for n in range(20)], seen):
                thread.join()
            faulty(tmp_path, running.pid, FAULTY[rounds % len(FAULTY)], on=False)
        healed = Seen()
        for thread in together(running.port, 4, [f"h{n}" for n in range(20)], healed):
            thread.join()
    assert len(healed.kept) == 20
    assert len(seen.refused) >= FAULTS // 2
    for status, headers, told in seen.refused:
        assert status == 503
        assert int(headers["retry-after"]) > 0
        assert told["desk"]["email"] == "russia@dezshira.com"  # type: ignore[index]
    with Database(sqlite_url(tmp_path)) as database:
        sound(database, Seen(seen.kept | healed.kept))


def faulty(folder: Path, server: int, name: str, *, on: bool) -> None:
    """Lets calls of a name fail, one in five, or no more."""
    order = f"enable_random name={name},probability=0.2" if on else f"disable name={name}"
    subprocess.run(["fiu-ctrl", "-f", str(folder / "fiu"), "-c", order, str(server)], check=True, timeout=60)


def test_a_full_disk_is_told_and_loses_nothing(visitor: TestClient, desk: wiring.Bot) -> None:
    with desk.store.write() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages + 12}"))
    seen = Seen()
    for n in range(200):
        response = visitor.post("/api/v1/leads", json=SENT | {"message": f"{MESSAGE} {n}."}, headers={"Idempotency-Key": str(n)})
        if response.status_code != 201:
            break
        seen.kept[str(n)] = response.json()["lead_id"]
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert response.json()["desk"]["email"] == "russia@dezshira.com"
    with desk.store.write() as connection:
        connection.execute(text("PRAGMA max_page_count = 100000"))
    again = visitor.post("/api/v1/leads", json=SENT | {"message": f"{MESSAGE} {n}."}, headers={"Idempotency-Key": str(n)})
    assert again.status_code == 201
    assert seen.kept
    sound(desk.store, seen)


def test_a_thousand_posts_with_one_key_make_one_lead(tmp_path: Path) -> None:
    seen = Seen()
    with site(sqlite_url(tmp_path), tmp_path) as running:
        for thread in together(running.port, 32, ["one"] * 1000, seen):
            thread.join()
    assert {status for status, _, _ in seen.refused} <= {409}
    assert len(seen.times) == 1000
    with Database(sqlite_url(tmp_path)) as database:
        assert conservation(database).received == 1
        sound(database, seen)
