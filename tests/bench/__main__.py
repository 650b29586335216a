"""Speed and memory of a running server against plain parts, in one run: `make bench`.

Prints the median of a whole turn at one client beside that of encoding the same questions bare, and the requests per second at
eight clients beside those of the plain peer: sentence-transformers and faiss by hand, behind the same web framework. No
question is asked twice but in `asked_again_8_clients`, where the desk remembers what it encoded.
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
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx2

from bot import publishing, shipped
from bot.quality import fitting, gold
from bot.settings import Settings, load

PEER = Path(__file__).with_name("plain_peer.py")
LOAD = Path(__file__).with_name("load.py")
ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Runs all measurements and prints them as JSON."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--documents", type=Path, help="documents to ingest; else the starter corpus")
    words.add_argument("--questions", type=Path, help="JSON lines with `text`; else the labelled questions")
    words.add_argument("--peer", help="address of a peer that answers POST {'question'}; else the plain peer is started")
    chosen = words.parse_args()
    warm, first, second = _thirds(_questions(chosen.questions))
    with tempfile.TemporaryDirectory() as folder:
        settings = load({}, data_dir=Path(folder))
        (Path(folder) / "models").symlink_to(ROOT / "var" / "models")
        paths = [chosen.documents] if chosen.documents else [shipped.folder("corpus")]
        report = publishing.Publisher(settings, fitting.prepare, print).publish(paths, lambda *_: None)
        bare = _bare(settings, warm, first)
        with _served(settings) as (address, process):
            place = f"{address}/api/v1/ask"
            _load(place, 8, warm)
            one, eight, again = _load(place, 1, first), _load(place, 8, second), _load(place, 8, second)
            memory = _resident(process)
        with _peer(chosen.peer, settings) as peer:
            _load(peer, 8, warm)
            other_one, other = _load(peer, 1, first), _load(peer, 8, second)
    result = {
        "passages_per_second": round(report.embedded / report.embedding_seconds, 1),
        "bare_encoding_p50_ms": bare,
        "turn_p50_ms": one["p50_ms"],
        "turn_to_bare": round(one["p50_ms"] / bare, 2),
        "peer_p50_ms": other_one["p50_ms"],
        "desk_8_clients": eight,
        "peer_8_clients": other,
        "to_peer": round(eight["per_second"] / other["per_second"], 2),
        "asked_again_8_clients": again,
        "resident_mb": memory,
    }
    print(json.dumps(result, indent=2))


def _questions(path: Path | None) -> list[str]:
    if path is None:
        return [row.question for row in gold.read(shipped.folder("corpus") / "gold.toml")]
    return [json.loads(line)["text"][:1000] for line in path.read_text("utf-8").splitlines() if line.strip()]


def _thirds(questions: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    distinct = list(dict.fromkeys(question.strip() for question in questions))
    return distinct[::3], distinct[1::3], distinct[2::3]


def _bare(settings: Settings, warm: Sequence[str], questions: Sequence[str]) -> float:
    """Median milliseconds of encoding one question with nothing around it."""
    encoder = publishing.encoder(settings, lambda _: None)
    times = []
    for text in [*warm, *questions]:
        began = time.perf_counter()
        encoder.questions([text])
        times.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(times[len(warm) :]), 2)


@contextlib.contextmanager
def _served(settings: Settings) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = _free_port()
    environment = os.environ | {"BOT_DATA_DIR": str(settings.data_dir), "BOT_PORT": str(port), "BOT_LOG_LEVEL": "error"}
    program = [sys.executable, "-c", "from bot.cli.commands import main; main()", "serve"]
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


def _load(address: str, clients: int, questions: Sequence[str]) -> dict[str, Any]:
    program = [sys.executable, str(LOAD), address, str(clients)]
    done = subprocess.run(program, input=json.dumps(questions), capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _resident(process: subprocess.Popen[bytes]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    main()
