"""`bot doctor`: a sound installation is fit; each part that is not says so, with what to do, and tells no secret."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.doctor.installation import Check, checks, fit, library
from bot.settings import Settings
from bot.store import schema, sqlite
from bot.store.database import Database
from bot.store.opening import open_store
from tests.conftest import ROOT, NewSettings
from tests.shell import run

TODAY = date(2026, 12, 1)
WHATS = ["settings", "data folder", "model", "snapshot", "database", "SQLite library", "letters", "corpus"]


def looked(**environment: object) -> dict[str, Check]:
    return {check.what: check for check in checks({name: str(value) for name, value in environment.items()}, TODAY, nothing)}


def nothing(_done: int, _total: int) -> None:
    """Counts nothing."""


def test_a_sound_installation_is_fit(starter: Settings) -> None:
    open_store(starter).close()
    found = looked(BOT_DATA_DIR=starter.data_dir)
    assert list(found) == WHATS
    assert [check.what for check in found.values() if check.state != "good"] in (["letters"], ["letters", "corpus"]), found
    assert fit(tuple(found.values()))
    assert "at the newest migration" in found["database"].said
    live = (starter.data_dir / "snapshots" / "live").read_text().strip()
    assert live in found["snapshot"].said
    assert len(found["model"].said.split()[-1]) == 64


def test_before_the_first_ingest_it_says_what_to_run_and_makes_nothing(tmp_path: Path) -> None:
    found = looked(BOT_DATA_DIR=tmp_path / "var")
    assert found["model"].to_do.startswith("run `bot ingest`")
    assert found["snapshot"] == Check("snapshot", "bad", "nothing was ingested yet", "run `bot ingest`")
    assert found["database"].state == "good"
    assert not fit(tuple(found.values()))
    assert list(tmp_path.iterdir()) == []


def test_a_setting_that_cannot_be_read_is_all_there_is_to_say() -> None:
    (only,) = checks({"BOT_PROT": "1"}, TODAY, nothing)
    assert (only.what, only.state) == ("settings", "bad") and "BOT_PROT" in only.said


@pytest.mark.parametrize("place", ["/proc/nowhere", "/etc/hostname"])
def test_a_data_folder_that_cannot_be_written(place: str) -> None:
    check = looked(BOT_DATA_DIR=place)["data folder"]
    assert check.state == "bad" and place in check.said and "BOT_DATA_DIR" in check.to_do


def test_a_model_whose_files_changed_and_its_snapshot(starter: Settings, tmp_path: Path) -> None:
    built = next((ROOT / "var" / "models").glob("multilingual*"))
    shutil.copytree(built, tmp_path / "models" / built.name, ignore=shutil.ignore_patterns("*.safetensors"))
    shutil.copytree(starter.data_dir / "snapshots", tmp_path / "snapshots")
    found = looked(BOT_DATA_DIR=tmp_path)
    assert (found["model"].state, found["model"].to_do) == ("bad", "delete that folder and run again")
    assert found["snapshot"].state == "bad" and "without its model" in found["snapshot"].said
    assert looked(BOT_DATA_DIR=tmp_path, BOT_MODEL=tmp_path)["model"].state == "bad"


def test_a_snapshot_that_is_damaged(new_settings: NewSettings, starter: Settings) -> None:
    data = new_settings().data_dir
    shutil.copytree(starter.data_dir / "snapshots", data / "snapshots")
    passages = next((data / "snapshots").glob("*/passages.jsonl"))
    passages.write_bytes(passages.read_bytes() + b"\n")
    check = looked(BOT_DATA_DIR=data)["snapshot"]
    assert (check.state, check.to_do) == ("bad", "run `bot ingest`")


def test_a_database_at_another_migration(tmp_path: Path) -> None:
    with Database(sqlite.sqlite_url(tmp_path)) as database, database.write() as connection:
        schema.downgrade(connection, "base")
    assert looked(BOT_DATA_DIR=tmp_path)["database"].said.endswith("without tables yet")
    with Database(sqlite.sqlite_url(tmp_path)) as database, database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
    check = looked(BOT_DATA_DIR=tmp_path)["database"]
    assert check.state == "bad" and "newer version" in check.said


def test_a_database_that_is_none_or_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    (tmp_path / sqlite.FILE).write_text("This is a letter, not a database. " * 100)
    assert looked(BOT_DATA_DIR=tmp_path)["database"].state == "bad"
    found = looked(BOT_DATA_DIR=tmp_path, BOT_DATABASE_URL="postgresql://bot:secret@127.0.0.1:9/x")
    assert found["database"].state == "bad" and "127.0.0.1:9" in found["database"].said
    assert "SQLite library" not in found
    assert "secret" not in json.dumps([asdict(check) for check in found.values()])


def test_an_old_library_is_named() -> None:
    check = library("sqlite3", (3, 40, 1))
    assert check.state == "warning" and "3.40.1 by sqlite3, journal mode DELETE" in check.said and "pysqlite3" in check.to_do
    assert library("pysqlite3", (3, 53, 0)).state == "good"


def test_errors_of_the_corpus_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\nkind: blog\n---\nText.\n", "utf-8")
    check = looked(BOT_DATA_DIR=tmp_path / "var", BOT_CORPUS=tmp_path)["corpus"]
    assert (check.state, check.said) == ("bad", "0 documents, 1 error, 0 warnings")
    assert "absent" in looked(BOT_DATA_DIR=tmp_path, BOT_CORPUS=tmp_path / "absent")["corpus"].said


SMTP = {"BOT_SMTP_HOST": "mail.example", "BOT_MAIL_FROM": "desk@firm.example"}
SECRETS = {"BOT_SMTP_USER": "u", "BOT_SMTP_PASSWORD": "geheim", "BOT_WEBHOOK_SECRET": "Z2VoZWlt" * 4}


@pytest.mark.parametrize(
    ("given", "state", "told"),
    [
        ({}, "warning", "no mail server is set"),
        ({"BOT_MAILER": "console"}, "warning", "standard output"),
        ({"BOT_SMTP_HOST": "mail.example"}, "bad", "BOT_MAIL_FROM"),
        (SMTP, "warning", "BOT_ALARM_TO"),
        (SMTP | {"BOT_ALARM_TO": "ops@firm.example"}, "good", "by mail.example:587 (starttls)"),
        (SMTP | {"BOT_ALARM_TO": "ops@firm.example", "BOT_WEBHOOK_URL": "https://crm.example/"} | SECRETS, "good", "webhook"),
    ],
)
def test_it_says_how_letters_leave(given: dict[str, str], state: str, told: str, tmp_path: Path) -> None:
    check = looked(BOT_DATA_DIR=tmp_path, **given)["letters"]
    assert check.state == state and told in str(check)
    assert "geheim" not in str(check) and "Z2Vo" not in str(check)


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_says_it_line_by_line_or_as_json(as_json: bool, tmp_path: Path) -> None:
    done = run(None, "doctor", *(["--json"] if as_json else []), BOT_DATA_DIR=str(tmp_path / "var"))
    assert done.returncode == 1
    if as_json:
        told = json.loads(done.stdout)
        assert told["fit"] is False
        assert [check["what"] for check in told["checks"]] == WHATS
    else:
        lines = done.stdout.splitlines()
        assert len(lines) == len(WHATS)
        assert lines[3] == "snapshot       bad     nothing was ingested yet; run `bot ingest`"
