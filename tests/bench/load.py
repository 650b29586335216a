"""Asks a server from several clients at once, each question once: python load.py ADDRESS CLIENTS < questions.json

A process of its own with bare connections, so that it takes little from what it measures. Prints `p50_ms`, `p99_ms`,
`per_second` and `failed`.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from urllib.parse import urlsplit


def load(address: str, clients: int, questions: Sequence[str]) -> dict[str, float]:
    """Posts every question as {"question": ...}, `clients` at a time."""
    parts = urlsplit(address)
    waiting = list(enumerate(questions))
    times, failed = [0.0] * len(questions), [False] * len(questions)

    def ask() -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        while waiting:
            try:
                n, question = waiting.pop()
            except IndexError:
                break
            body = json.dumps({"question": question}).encode()
            began = time.perf_counter()
            connection.request("POST", parts.path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            times[n], failed[n] = time.perf_counter() - began, answer.status != 200

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    return {
        "p50_ms": round(statistics.median(times) * 1000, 2),
        "p99_ms": round(statistics.quantiles(times, n=100)[98] * 1000, 2),
        "per_second": round(len(questions) / took, 1),
        "failed": sum(failed),
    }


if __name__ == "__main__":
    print(json.dumps(load(sys.argv[1], int(sys.argv[2]), json.load(sys.stdin))))
