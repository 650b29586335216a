"""How long a recall takes at a million answers: `python -m tests.bench.recall`.

Fills a store with answers as the desk keeps them, spread over two years and sixty documents, and prints the seconds of the
recall of a document quoted 2,000 times, of one quoted three times, and of the one quoted most; of the whole command, process
start included; and the plan by which the answers are found.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, insert, make_url, text

from bot.store.answers import quote_row
from bot.store.database import Database
from bot.store.recall import Recall, Subject
from bot.store.sqlite import FILE, sqlite_url
from bot.store.tables import answer_citations, answers, conversations, quotes
from bot.vocabulary import LANGUAGES, Citation, Json
from tests.shell import PROGRAM

BEGAN, YEARS = datetime(2026, 1, 1, tzinfo=UTC), 2
DOCUMENTS, PASSAGES, QUOTES = 60, 24, 3  # of a document, of a passage
MUCH, SELDOM, MOST = "articles/much-quoted", "articles/seldom-quoted", "articles/document-00"
TIMES = {MUCH: 2_000, SELDOM: 3}
BATCH = 20_000
REPEATS = 5
SENTENCE = "An entity is blocked if blocked persons own 50 percent or more of it, directly or indirectly, alone or together. "


def main() -> None:
    """Fills the store unless it is there, measures, and prints JSON."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--answers", type=int, default=1_000_000)
    words.add_argument("--folder", type=Path, help="data folder that is kept and used again; else a temporary one")
    words.add_argument("--database", help="URL of an empty PostgreSQL database instead of a SQLite file in the folder")
    chosen = words.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        filled = (folder / FILE).exists()
        with Database(chosen.database or sqlite_url(folder)) as database:
            began = time.perf_counter()
            if not filled:
                fill(database, chosen.answers)
                if chosen.database:
                    _settle(chosen.database)
            result: Json = {"answers": chosen.answers, "filled_in_seconds": round(time.perf_counter() - began, 1)}
            if database.is_sqlite:
                result["megabytes"] = round((folder / FILE).stat().st_size / 1e6)
            result |= {document: measured(database, document) for document in (MUCH, SELDOM, MOST)}
        environment = {"BOT_DATA_DIR": str(folder)} | ({"BOT_DATABASE_URL": chosen.database} if chosen.database else {})
        for document in (MUCH, SELDOM, MOST):
            result[document]["command_seconds"] = command(document, environment)
    print(json.dumps(result, indent=2))


def fill(database: Database, count: int) -> None:
    """Keeps `count` answers by the product's own tables."""
    chance = random.Random(7)
    shelf = {name: _quotes(name, chance) for name in (*TIMES, *(f"articles/document-{n:02}" for n in range(DOCUMENTS)))}
    with database.write() as connection:
        connection.execute(insert(quotes), [quote_row(one) for found in shelf.values() for one in found])
    special = iter(chance.sample(range(count), sum(TIMES.values())))
    wanted = {n: name for name, times in TIMES.items() for n in itertools.islice(special, times)}
    made = _answers(count, shelf, wanted, chance)
    for batch in iter(lambda: list(itertools.islice(made, BATCH)), []):
        with database.write() as connection:
            begun = [row for row, _, _ in batch if row]
            connection.execute(insert(conversations), begun)
            connection.execute(insert(answers), [row for _, row, _ in batch])
            connection.execute(insert(answer_citations), [cited for _, _, rows in batch for cited in rows])


def _settle(url: str) -> None:
    """What PostgreSQL's own housekeeping would have done by then: an index alone answers only for rows it knows to be settled."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def _quotes(document: str, chance: random.Random) -> list[Citation]:
    places = itertools.product(range(PASSAGES), range(QUOTES))
    words = [(f"{document}#{passage}", f"{n}. {SENTENCE * chance.randint(1, 4)}".strip()) for passage, n in places]
    return [
        Citation(1, document, passage, "A title", "", "", None, None, (), quote, 0, len(quote), "en") for passage, quote in words
    ]


Look = Callable[[], object]
Made = tuple[Json | None, Json, list[Json]]


def _answers(count: int, shelf: dict[str, list[Citation]], wanted: dict[int, str], chance: random.Random) -> Iterator[Made]:
    """Conversation (where it begins), answer and citations, oldest first. Popular documents are quoted far more than others."""
    names = [name for name in shelf if name not in TIMES]
    weights = [1 / (1 + n) ** 0.7 for n in range(len(names))]
    ids = {quote: quote_row(quote)["id"] for found in shelf.values() for quote in found}
    conversation, judgement = (
        "",
        {"kinds": {f"kind-{n}": 0.1 for n in range(11)}, "topics": {f"topic-{n}": 0.1 for n in range(12)}},
    )
    for n in range(count):
        begins = not conversation or chance.random() < 0.6
        conversation = _identity(chance) if begins else conversation
        answer_id, asked_at = _identity(chance), BEGAN + timedelta(days=365 * YEARS) * n / count
        language = chance.choices(LANGUAGES, (50, 25, 15, 10))[0]
        chosen = chance.choices(names, weights, k=chance.choice((0, 1, 2, 3, 3))) + ([wanted[n]] if n in wanted else [])
        cited = {id(one): one for one in (chance.choice(shelf[name]) for name in chosen)}.values()
        yield (
            {"id": conversation, "started_at": asked_at, "language": language} if begins else None,
            {
                "id": answer_id,
                "conversation_id": conversation,
                "asked_at": asked_at,
                "turn_conversation_id": None if begins else conversation,
                "question": "May a bank in a third country settle this payment? " * chance.randint(1, 4),
                "language_wish": None,
                "jurisdictions": [],
                "status": "answered" if cited else "refused",
                "kind": "question",
                "snapshot": "20260101T120000000000-0123abcd",
                "version": "0.1.0",
                "vector": chance.randbytes(768),
                "judgement": judgement,
                "body": "x" * (1500 + 1000 * len(cited)),
                "steps": {"understand": 1.234, "send": 0.012, "look_up": 3.456, "weigh": 0.234, "write": 0.123},
            },
            [
                {
                    "answer_id": answer_id,
                    "quote_id": ids[one],
                    "document_id": one.document_id,
                    "passage_id": one.passage_id,
                    "conversation_id": conversation,
                    "asked_at": asked_at,
                    "language": language,
                }
                for one in cited
            ],
        )


def _identity(chance: random.Random) -> str:
    return base64.urlsafe_b64encode(chance.randbytes(12)).decode()


def measured(database: Database, document: str) -> Json:
    """The number of answers, the least seconds of each look at the store out of five, and the plan of finding a page of them."""
    found, subject = Recall(database), Subject("document", document)
    looks: dict[str, Look] = {
        "first_page_of_100": lambda: found.answers(subject, limit=100),
        "every_answer": lambda: found.answers(subject),
        "shares_by_language": lambda: found.shares(subject),
        "conversations": lambda: found.conversations(subject),
        "words_shown": lambda: found.shown(subject),
    }
    result: Json = {"answers": len(found.answers(subject)[0])}
    result["seconds"] = {name: min(_seconds(look) for _ in range(REPEATS)) for name, look in looks.items()}
    result["plan"] = _plan(database, looks["first_page_of_100"])
    return result


def _seconds(look: Look) -> float:
    began = time.perf_counter()
    look()
    return round(time.perf_counter() - began, 4)


def _plan(database: Database, look: Look) -> list[str]:
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        seen.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    look()
    event.remove(Engine, "before_cursor_execute", note)
    word = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    with database.read() as connection:
        statement, values = seen[-1]
        return [str(row[-1]) for row in connection.exec_driver_sql(f"{word} {statement}", values)]


def command(document: str, environment: dict[str, str]) -> Json:
    """Seconds of `bot recall`, start of the process included, and of the processors' time in it; the least of five.

    As JSON with every answer and the letters, and as a table of the newest.
    """
    times: Json = {}
    for name, words in {"json": ["--json"], "table": []}.items():
        program = [sys.executable, "-c", PROGRAM, "recall", document, *words]
        runs = []
        for _ in range(REPEATS):
            began, used = time.perf_counter(), _processor_seconds()
            subprocess.run(program, env=os.environ | environment, capture_output=True, check=True)
            runs.append((time.perf_counter() - began, _processor_seconds() - used))
        times[name], times[f"{name}_processor"] = (round(min(some), 3) for some in zip(*runs, strict=True))
    return times


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
