"""Delivery by the settings: what fits, what letters tell of a conversation, and letters that leave while it serves."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from bot import delivering, settings, wiring
from bot.delivering import Delivering
from bot.errors import BadSetting
from bot.intake import Letter, LetterSort
from bot.leads.mail import ConsoleMailer, SmtpMailer
from bot.publishing import encoder
from bot.server.app import create_app
from bot.settings import Settings
from bot.store.leads import Leads
from bot.store.letters import Failed
from bot.store.opening import open_store
from bot.vocabulary import Turn
from tests.conftest import NewSettings, quiet
from tests.leads.dossiers import LEAD

SECRET = "whsec_" + "A" * 32
MAIL = {"BOT_SMTP_HOST": "mail.example", "BOT_MAIL_FROM": "Desk <desk@firm.example>"}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"BOT_SMTP_HOST": "mail.example"}, "BOT_MAIL_FROM"),
        (MAIL | {"BOT_SMTP_USER": "u"}, "BOT_SMTP_PASSWORD"),
        (MAIL | {"BOT_SMTP_PASSWORD": "p"}, "BOT_SMTP_USER"),
        (MAIL | {"BOT_SMTP_USER": "u", "BOT_SMTP_PASSWORD": "p", "BOT_SMTP_SECURITY": "none"}, "BOT_SMTP_SECURITY"),
        ({"BOT_WEBHOOK_URL": "https://x.example/"}, "BOT_WEBHOOK_SECRET"),
        ({"BOT_WEBHOOK_URL": "http://x.example/", "BOT_WEBHOOK_SECRET": SECRET}, "BOT_WEBHOOK_URL"),
        ({"BOT_ALARM_WEBHOOK_URL": "ftp://x.example/", "BOT_WEBHOOK_SECRET": SECRET}, "BOT_ALARM_WEBHOOK_URL"),
        ({"BOT_MAIL_FROM": "a@b\r\nBcc: c@d"}, "BOT_MAIL_FROM"),
        ({"BOT_SMTP_HOST": "smtp://mail.example"}, "BOT_SMTP_HOST"),
        ({"BOT_ALARM_TO": "nobody"}, "BOT_ALARM_TO"),
    ],
)
def test_settings_that_do_not_go_together_are_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        delivering.check(settings.load(given))


def test_what_letters_leave_by() -> None:
    assert delivering.mailer(settings.load({}), quiet) is None
    assert isinstance(delivering.mailer(settings.load({"BOT_MAILER": "console"}), quiet), ConsoleMailer)
    assert isinstance(delivering.mailer(settings.load(MAIL), quiet), SmtpMailer)
    local = MAIL | {"BOT_SMTP_HOST": "127.0.0.1", "BOT_SMTP_SECURITY": "none", "BOT_SMTP_USER": "u", "BOT_SMTP_PASSWORD": "p"}
    delivering.check(settings.load(local))


def test_no_password_is_shown() -> None:
    urls = {
        "BOT_DATABASE_URL": "postgresql://bot:geheim@db/x?sslpassword=geheim",
        "BOT_WEBHOOK_URL": "https://x.example/?t=geheim",
    }
    chosen = settings.load(urls | {"BOT_SMTP_PASSWORD": "geheim", "BOT_WEBHOOK_SECRET": "geheim"})
    assert "geheim" not in json.dumps(settings.shown(chosen))
    assert "geheim" not in f"{chosen.smtp_password!r}{chosen.webhook_secret!r}"
    assert ("BOT_DATABASE_URL", "postgresql://bot:…@db/x?…") in [row[:2] for row in settings.shown(chosen)]
    assert ("BOT_CORPUS", "") in [row[:2] for row in settings.shown(chosen)]


def keep(leads: Leads, name: str, **changes: object) -> None:
    now = datetime.now(UTC)
    lead = replace(LEAD, id=name, received_at=now, **changes)  # type: ignore[arg-type]
    to: dict[LetterSort, str] = {"desk": "russia@firm.example", "acknowledgement": "visitor@client.example"}
    letters = [
        Letter(f"{name}-{sort}", name, sort, address, f"<{name}-{sort}@firm.example>", "pending", now, now)
        for sort, address in to.items()
    ]
    leads.keep(lead, letters, name.encode().ljust(32), timedelta(minutes=10))


def test_a_letter_tells_the_conversation_where_the_visitor_agreed(bot: wiring.Bot) -> None:
    receipt, _ = bot.ask(Turn("How does OFAC's 50 percent rule work?"))
    database = bot.store
    delivery = Delivering(bot.settings, database, bot.now)
    leads = Leads(database)
    keep(leads, "agreed", conversation_id=receipt.conversation_id, transcript=True)
    keep(leads, "not", conversation_id=receipt.conversation_id, transcript=False)
    found = delivery.dossier("agreed")
    assert [turn.question for turn in found.turns] == ["How does OFAC's 50 percent rule work?"]
    body = json.loads(receipt.body)
    assert [quote.quote for quote in found.turns[0].quotes] == [one["quote"] for one in body["citations"]]
    assert all(quote.address.startswith(("[…]/library/", "http")) for quote in found.turns[0].quotes)
    assert (found.desk, found.address) == ("Compliance desk", "russia@dezshira.com")
    assert delivery.dossier("not").turns == ()


def test_letters_that_need_a_person_degrade_readiness_and_leave_it_at_200(starter: Settings, new_settings: NewSettings) -> None:
    chosen = starter.model_copy(update={"database_url": f"sqlite:///{new_settings().data_dir}/own.sqlite3"})
    bot = wiring.Bot(chosen, encoder(chosen, quiet), open_store(chosen))
    client = TestClient(create_app(bot))
    assert (client.get("/readyz").json()["status"], client.get("/readyz").json()["delivery"]) == ("ok", [])
    keep(Leads(bot.store), "A", conversation_id=None, transcript=False)
    (letter, _) = bot.delivery.outbox.claim("w", bot.now(), timedelta(minutes=1), 2)
    bot.delivery.outbox.failed(letter, "w", Failed("attention", None, "rcpt_550"))
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"], ready.json()["delivery"]) == (200, "degraded", ["attention"])
    bot.close()
