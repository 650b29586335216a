"""Speed and memory of a running server against plain parts, in one run: `make bench`.

Prints the median of a whole turn at one client beside that of encoding the same questions bare, and the requests per second at
eight clients beside those of the plain peer: sentence-transformers and faiss by hand, behind the same web framework.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx2

from bot import publishing, shipped
from bot.quality import fitting, gold
from bot.settings import Settings, load

PEER = Path(__file__).with_name("plain_peer.py")
SECONDS = 8.0


def main() -> None:
    """Runs all measurements and prints them as JSON."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--documents", type=Path, help="documents to ingest; else the starter corpus")
    words.add_argument("--questions", type=Path, help="JSON lines with `text`; else the labelled questions")
    words.add_argument("--peer", help="address of a peer that answers POST {'question'}; else the plain peer is started")
    chosen = words.parse_args()
    questions = _questions(chosen.questions)
    with tempfile.TemporaryDirectory() as folder:
        settings = load({}, data_dir=Path(folder))
        (Path(folder) / "models").symlink_to(Path("var/models").resolve())
        paths = [chosen.documents] if chosen.documents else [shipped.folder("corpus")]
        report = publishing.Publisher(settings, fitting.prepare, print).publish(paths, lambda *_: None)
        bare = _bare(settings, questions)
        with _served(settings) as (address, process):
            alone = _load(f"{address}/api/v1/ask", questions, 1)
            eight = _load(f"{address}/api/v1/ask", questions, 8)
            memory = _resident(process)
        with _peer(chosen.peer, settings) as peer:
            other = _load(peer, questions, 8)
    result = {
        "passages_per_second": round(report.embedded / report.embedding_seconds, 1),
        "bare_encoding_p50_ms": bare,
        "turn_p50_ms": alone["p50_ms"],
        "turn_to_bare": round(alone["p50_ms"] / bare, 2),
        "requests_per_second_1": alone["per_second"],
        "requests_per_second_8": eight["per_second"],
        "peer_requests_per_second_8": other["per_second"],
        "to_peer": round(eight["per_second"] / other["per_second"], 2),
        "resident_mb": memory,
        "failed": alone["failed"] + eight["failed"],
    }
    print(json.dumps(result, indent=2))


def _questions(path: Path | None) -> list[str]:
    if path is None:
        return [row.question for row in gold.read(shipped.folder("corpus") / "gold.toml")]
    return [json.loads(line)["text"][:1000] for line in path.read_text("utf-8").splitlines() if line.strip()]


def _bare(settings: Settings, questions: Sequence[str]) -> float:
    """Median milliseconds of encoding one question with nothing around it."""
    encoder = publishing.encoder(settings, lambda _: None)
    encoder.questions(questions[:10])
    times = []
    for text in questions[:300]:
        began = time.perf_counter()
        encoder.questions([text])
        times.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(times), 2)


@contextlib.contextmanager
def _served(settings: Settings) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = _free_port()
    environment = os.environ | {"BOT_DATA_DIR": str(settings.data_dir), "BOT_PORT": str(port), "BOT_LOG_LEVEL": "error"}
    program = [sys.executable, "-c", "from bot.cli import main; main()", "serve"]
    with _running(program, environment, f"http://127.0.0.1:{port}/readyz") as process:
        yield f"http://127.0.0.1:{port}", process


@contextlib.contextmanager
def _peer(address: str | None, settings: Settings) -> Iterator[str]:
    if address:
        yield address
        return
    port = _free_port()
    live = settings.data_dir / "snapshots"
    texts = live / (live / "live").read_text("utf-8").strip() / "documents.jsonl"
    program = [sys.executable, str(PEER), str(texts), str(port)]
    with _running(program, dict(os.environ), f"http://127.0.0.1:{port}/docs"):
        yield f"http://127.0.0.1:{port}/ask"


@contextlib.contextmanager
def _running(program: Sequence[str], environment: dict[str, str], ready: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(httpx2.HTTPError):
                if httpx2.get(ready, timeout=5).status_code == 200:
                    break
            time.sleep(0.5)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _load(address: str, questions: Sequence[str], clients: int) -> dict[str, float]:
    """Asks in turn from so many clients for some seconds."""
    times: list[float] = []
    failed: list[int] = []
    until = time.perf_counter() + SECONDS

    def ask(first: int) -> None:
        with httpx2.Client(timeout=60) as client:
            n = first
            while time.perf_counter() < until:
                began = time.perf_counter()
                answer = client.post(address, json={"question": questions[n % len(questions)]})
                times.append(time.perf_counter() - began)
                if answer.status_code != 200:
                    failed.append(answer.status_code)
                n += clients

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    p50 = round(statistics.median(times) * 1000, 2)
    return {"p50_ms": p50, "per_second": round(len(times) / SECONDS, 1), "failed": len(failed)}


def _resident(process: subprocess.Popen[bytes]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    main()
