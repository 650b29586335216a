"""Keeps receipts from four threads and prints the id of each once it is kept: `keeper.py FOLDER NAME [FILE_BYTES|- [COUNT]]`."""

from __future__ import annotations

import os
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StorageFull
from bot.store.answers import Answers
from bot.store.database import Database
from bot.store.sqlite import sqlite_url
from bot.vocabulary import Citation, Judgement, Receipt, Turn

THREADS = 4
CITED = Citation(1, "d", "p", "D", "", "", None, None, (), "The fee is fifty.", 0, 17, "en")


def keep(answers: Answers, name: str) -> None:
    receipt = Receipt(name, name, datetime.now(UTC), Turn("?"), "s", "v", bytes(768), Judgement({}, {}), "x" * 2000)
    answers.keep(receipt, status="answered", kind="question", language="en", citations=[CITED])
    os.write(1, f"{name}\n".encode())


def main(folder: str, name: str, file_bytes: str = "-", count: str = "100000") -> None:
    with Database(sqlite_url(Path(folder))) as database:
        if file_bytes != "-":
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(file_bytes), int(file_bytes)))
        answers = Answers(database)

        def work(thread: int) -> None:
            for n in range(int(count) // THREADS):
                keep(answers, f"{name}-{thread}-{n}")

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(work, range(THREADS)))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except StorageFull as error:
        sys.exit(f"StorageFull: {error}")
