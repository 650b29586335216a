"""How long does each lead take, posted at an even pace? python -m tests.bench.leads [PER_SECOND [SECONDS [PROCESSES]]]

Every lead is posted at its own moment to a site of its own, whether or not those before it were answered, so that a stall shows
in all that wait. One process serves, or two; those who post share the machine with them.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from bot.store.conservation import conservation
from bot.store.database import Database
from bot.store.sqlite import sqlite_url
from tests.server.clients import MESSAGE, SENT, site

CLIENTS = 40


def main(per_second: int = 200, seconds: int = 60, processes: int = 1) -> None:
    """Prints figures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        with site(sqlite_url(Path(folder)), Path(folder), mode="twice" if processes == 2 else "") as running:
            paced(running.port, per_second, 2)
            found = paced(running.port, per_second, seconds)
        with Database(sqlite_url(Path(folder))) as database:
            kept = conservation(database).received
    print(json.dumps(found | {"kept": kept}))


def paced(port: int, per_second: int, seconds: int) -> dict[str, float]:
    """Times from the moment a lead was due to its answer."""
    total, lock, begin = per_second * seconds, threading.Lock(), time.perf_counter() + 0.5
    times, statuses, next_one = list[float](), list[int](), iter(range(total))

    def visitor() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                number = next(next_one, None)
            if number is None:
                return
            due = begin + number / per_second
            time.sleep(max(0.0, due - time.perf_counter()))
            body = json.dumps(SENT | {"message": f"{MESSAGE} {time.time_ns()}-{number}."})
            connection.request("POST", "/api/v1/leads", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            with lock:
                times.append(time.perf_counter() - due)
                statuses.append(answer.status)

    threads = [threading.Thread(target=visitor) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    percent = statistics.quantiles(times, n=100)
    return {
        "leads": total,
        "per_second": round(total / (time.perf_counter() - begin), 1),
        "p50_ms": round(percent[49] * 1000, 1),
        "p99_ms": round(percent[98] * 1000, 1),
        "worst_ms": round(max(times) * 1000, 1),
        "failed": sum(status != 201 for status in statuses),
    }


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
