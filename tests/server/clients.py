"""Visitors that post leads at once over bare connections, and a site of its own process for them to post to."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from tests.conftest import ROOT

SENT = {
    "name": "Anna Nováková",
    "email": "anna@novak-pumps.example",
    "company": "Novák Pumps s.r.o.",
    "country": "CZ",
    "consent": {"accepted": True, "version": "1"},
}
MESSAGE = "We make pumps in Brno and ask whether we may service machines that we sold to Russia in 2019. Case"


@dataclass
class Seen:
    """What visitors saw: leads acknowledged by key, other statuses with what came along, and how often nothing came back."""

    kept: dict[str, str] = field(default_factory=dict)
    refused: list[tuple[int, Mapping[str, str], dict[str, object]]] = field(default_factory=list)
    broken: int = 0
    times: list[float] = field(default_factory=list)


def post(port: int, keys: Sequence[str], seen: Seen) -> None:
    """Posts a lead for each key, one after the other; a key that is posted again is the same lead."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        _post(port, keys, seen, connection)


def _post(port: int, keys: Sequence[str], seen: Seen, connection: http.client.HTTPConnection) -> None:
    for key in keys:
        body = json.dumps(SENT | {"message": f"{MESSAGE} {key}."})
        began = time.perf_counter()
        try:
            connection.request("POST", "/api/v1/leads", body, {"Content-Type": "application/json", "Idempotency-Key": key})
            answer = connection.getresponse()
            told = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            seen.broken += 1
            if not reachable(port):
                return
            continue
        seen.times.append(time.perf_counter() - began)
        if answer.status == 201:
            seen.kept[key] = str(told["lead_id"])
        else:
            seen.refused.append((answer.status, dict(answer.headers), told))


def reachable(port: int) -> bool:
    """Whether anybody listens there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.connect()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def together(port: int, clients: int, keys: Sequence[str], seen: Seen) -> list[Thread]:
    """Starts visitors that share the keys among them."""
    threads = [Thread(target=post, args=(port, keys[n::clients], seen)) for n in range(clients)]
    for thread in threads:
        thread.start()
    return threads


@dataclass(frozen=True)
class Site:
    """A site in a process of its own."""

    pid: int
    port: int

    def kill(self) -> None:
        """Ends it at once, wherever it is."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


@contextmanager
def site(url: str, folder: Path, before: Sequence[str] = (), mode: str = "") -> Iterator[Site]:
    """A site over a database (`before`: what runs it); it is killed at the end."""
    with _process(url, folder, before, mode) as process:
        yield _told(process)


@contextmanager
def sites(url: str, folder: Path) -> Iterator[Callable[[], Site]]:
    """Starts a site over the same database as often as it is called; the one before has to be killed first."""
    started: list[Site] = []

    def start() -> Site:
        assert process.stdin
        process.stdin.write("again\n")
        process.stdin.flush()
        started.append(_told(process))
        return started[-1]

    with _process(url, folder, (), "again") as process:
        try:
            yield start
        finally:
            for one in started[-1:]:
                one.kill()


@contextmanager
def _process(url: str, folder: Path, before: Sequence[str], mode: str) -> Iterator[subprocess.Popen[str]]:
    command = [*before, sys.executable, "-m", "tests.server.site", url, str(folder), *filter(None, [mode])]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with (folder / "site.log").open("a") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
        )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _told(process: subprocess.Popen[str]) -> Site:
    assert process.stdout
    pid, port = process.stdout.readline().split()
    return Site(int(pid), int(port))
