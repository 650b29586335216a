"""A database of each kind for the tests of the store: SQLite always, PostgreSQL where one can be started."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.store.database import Database
from bot.store.sqlite import sqlite_url
from bot.vocabulary import Citation, Judgement, Receipt, Turn

_NUMBERS = count()
_DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


MakeReceipt = Callable[..., Receipt]


def cite(document: str, passage: str, quote: str = "The fee is fifty.", **changes: object) -> Citation:
    """A citation of a passage."""
    plain = Citation(1, document, passage, f"Title of {document}", "", "", None, None, (), quote, 0, len(quote), "en")
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server of the tests' own, on a socket in a temporary folder."""
    pytest.importorskip("psycopg")
    found = shutil.which("initdb")
    programs = Path(found).parent if found else next(iter(_DEBIAN), None)
    if programs is None:
        pytest.skip("no PostgreSQL on this machine")
    home = tmp_path_factory.mktemp("postgres", numbered=True)
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        home = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
        shutil.chown(home, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data = str(home / "data")
    options = f"-c listen_addresses='' -c unix_socket_directories={home} -c timezone=Asia/Shanghai"
    _run(home, *as_user, programs / "initdb", "-D", data, "-A", "trust", "-U", "bot", "-E", "UTF8")
    _run(home, *as_user, programs / "pg_ctl", "-D", data, "-o", options, "-w", "start")
    try:
        yield f"postgresql+psycopg://bot@/postgres?host={home}"
    finally:
        _run(home, *as_user, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _run(folder: Path, *command: str | Path) -> None:
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    server: str = request.getfixturevalue("postgres")
    name = f"t{next(_NUMBERS)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An open, migrated, empty database."""
    with Database(url) as opened:
        yield opened


@pytest.fixture
def receipt() -> MakeReceipt:
    """Makes receipts that differ where a test says so."""
    plain = Receipt(
        answer_id="",
        conversation_id="",
        asked_at=datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC),
        turn=Turn("Нужна ли лицензия? 许可证", None, "ru", ("EU", "RU")),
        snapshot="s1",
        version="0.1.0",
        vector=bytes(range(256)) * 3,
        judgement=Judgement({"question": 0.75, "advice": 0.25}, {"sanctions": 1.0}),
        body='{"text": "„Ja“ \\u0000"}',
        steps={"search": 2.125, "answer": 0.1},
    )

    def make(answer_id: str, conversation_id: str = "c1", **changes: object) -> Receipt:
        return replace(plain, answer_id=answer_id, conversation_id=conversation_id, **changes)  # type: ignore[arg-type]

    return make
