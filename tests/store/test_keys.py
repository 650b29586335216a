"""Staff keys open what they should, and cannot be read out of the database."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import NotAllowed, NotFound
from bot.store.database import Database
from bot.store.keys import Keys, new_secret
from bot.store.sqlite import sqlite_url
from bot.vocabulary import Key

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_a_key_opens_its_scopes_only(database: Database) -> None:
    keys, secret = Keys(database), new_secret()
    made = keys.create("Ünal", ["search", "leads", "search"], NOW, secret)
    assert made == Key(secret.split("_")[1], "Ünal", ("search", "leads"), NOW, None)
    assert keys.check(secret, "leads") == made
    with pytest.raises(NotAllowed, match="scope"):
        keys.check(secret, "route")


def test_a_revoked_key_opens_nothing_and_keeps_its_time(database: Database) -> None:
    keys, secret = Keys(database), new_secret()
    made = keys.create("a", ["search"], NOW, secret)
    later = NOW + timedelta(days=1)
    assert keys.revoke(made.id, later).revoked_at == later
    assert keys.revoke(made.id, later + timedelta(days=1)).revoked_at == later
    with pytest.raises(NotAllowed, match="not known, or no longer"):
        keys.check(secret, "search")
    assert [one.revoked_at for one in keys.list()] == [later]


def test_unknown_and_misshapen_keys_open_nothing(database: Database) -> None:
    keys, secret = Keys(database), new_secret()
    made = keys.create("a", ["search"], NOW, secret)
    wrong = f"bot_{made.id}_{new_secret()[21:]}"
    for tried in (
        new_secret(),
        wrong,
        "",
        "bot__",
        "\x00",
        "é" * 64,
        secret + "x",
        secret + "\n",
        secret.upper(),
        "\ud800",
    ):
        with pytest.raises(NotAllowed):
            keys.check(tried, "search")
    with pytest.raises(NotFound):
        keys.revoke("ffff", NOW)
    with pytest.raises(ValueError, match="new_secret"):
        keys.create("a", [], NOW, "hunter2")


def test_keys_are_listed_oldest_first(database: Database) -> None:
    keys = Keys(database)
    for days in (2, 0, 1):
        keys.create(str(days), [], NOW + timedelta(days=days), new_secret())
    assert [one.name for one in keys.list()] == ["0", "1", "2"]


def test_the_secret_is_in_no_file(tmp_path: Path) -> None:
    secret = new_secret()
    with Database(sqlite_url(tmp_path)) as database:
        Keys(database).create("needle", ["search"], NOW, secret)
        written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    written += b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"needle" in written
    assert secret[21:].encode() not in written


def test_secrets_differ_and_have_their_shape() -> None:
    made = {new_secret() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"bot_[0-9a-f]{16}_[\w-]{43}", one) for one in made)
