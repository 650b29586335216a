"""`bot deliver` and `bot outbox` as a shell runs them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.store.database import Database
from tests.leads.post_office import PostOffice, opened
from tests.leads.world import World
from tests.shell import run


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    """Settings whose store has a lead with two letters."""
    with Database(f"sqlite:///{tmp_path}/bot.sqlite3") as database:
        World(database, datetime.now(UTC)).lead("A")
    return Settings.model_validate({"data_dir": tmp_path})


def states(chosen: Settings) -> dict[str, str]:
    with Database(f"sqlite:///{chosen.data_dir}/bot.sqlite3") as database:
        return World(database).states()


def test_without_a_mail_server_letters_wait_and_it_says_so(chosen: Settings) -> None:
    done = run(chosen, "deliver", "--once")
    assert done.returncode == 0
    assert "BOT_SMTP_HOST" in done.stderr
    assert set(states(chosen).values()) == {"pending"}
    assert "mail unset" in run(chosen, "outbox").stderr


def test_letters_are_shown_to_a_developer(chosen: Settings) -> None:
    done = run(chosen, "deliver", "--once", BOT_MAILER="console")
    assert "Subject: URGENT: [Compliance] Request for services (A)" in done.stdout
    assert set(states(chosen).values()) == {"delivered"}


def test_what_sticks_is_listed_and_queued_anew_or_settled(chosen: Settings) -> None:
    with opened(PostOffice(refuse={"rcpt": "550 unknown"})) as office:
        mail = {"BOT_SMTP_HOST": "127.0.0.1", "BOT_SMTP_PORT": str(office.port), "BOT_SMTP_SECURITY": "none"}
        mail["BOT_MAIL_FROM"] = "desk@firm.example"
        done = run(chosen, "deliver", "--once", **mail)
        assert (done.returncode, set(states(chosen).values())) == (2, {"attention"})
        shown = json.loads(run(chosen, "outbox", "--json").stdout)
        assert [row["last_error"] for row in shown["letters"]] == ["rcpt_550"] * 2
        assert "client.example" not in json.dumps(shown)
        assert run(chosen, "outbox", "settle", "A-acknowledgement").returncode == 0
        assert run(chosen, "outbox", "again", "A").stdout == "1 queued anew\n"
        office.refuse = {}
        assert run(chosen, "deliver", "--once", **mail).returncode == 0
        assert (len(office.taken), set(states(chosen).values())) == (1, {"delivered"})


@pytest.mark.parametrize(
    "words", [("again", "nobody"), ("settle", "nobody"), ("enable-webhook",), ("again",), ("again", "A", "--all")]
)
def test_what_does_not_fit_is_one_line(words: tuple[str, ...], chosen: Settings) -> None:
    done = run(chosen, "outbox", *words)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


def test_settings_that_do_not_go_together_end_the_command(chosen: Settings) -> None:
    for command in (("deliver", "--once"), ("serve",)):
        done = run(chosen, *command, BOT_SMTP_HOST="mail.example")
        assert (done.returncode, "BOT_MAIL_FROM" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
