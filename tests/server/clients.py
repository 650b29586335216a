"""Visitors that post leads at once over bare connections, and a site of its own process for them to post to."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
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


@contextmanager
def site(url: str, folder: Path, before: Sequence[str] = (), *more: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A site over a database, in a process of its own (`before`: what runs it), and its port; it is killed at the end."""
    command = [*before, sys.executable, "-m", "tests.server.site", url, str(folder), *more]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with (folder / "site.log").open("a") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
    try:
        assert process.stdout
        yield process, int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()
