"""Mail by SMTP: what is sent, and what each way to fail means. The server is a real one (aiosmtpd), or speaks bytes."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.leads.failure import ClaimLost, Undelivered
from bot.leads.mail import Account, ConsoleMailer, SmtpMailer
from bot.leads.message import Mail, encoded
from tests.leads.post_office import PostOffice, certificate, free_port, opened, talking

MAIL = Mail(
    message_id="<abc.1@desk.example>",
    date=datetime(2026, 3, 1, 12, tzinfo=UTC),
    sender="Приёмная <desk@desk.example>",
    recipient="russia@firm.example",
    subject="[Russia] Новый запрос",
    text="Здравствуйте\n.\n..two\nFrom here\n" + "x" * 2000 + "\n",
    reply_to="visitor@client.example",
    language="ru",
)
FAST: dict[str, Any] = {"step": 1.0, "whole": 2.0}


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A sound server without TLS or login."""
    with opened(PostOffice()) as found:
        yield found


def plain(office: PostOffice, **changes: Any) -> SmtpMailer:
    return SmtpMailer(Account("127.0.0.1", office.port, "none", **(FAST | changes)))


def failed(mailer: SmtpMailer, mail: Mail = MAIL) -> tuple[str, str]:
    with pytest.raises(Undelivered) as raised:
        mailer.send(mail)
    return raised.value.kind, raised.value.code


def test_a_mail_arrives_as_it_was_written(office: PostOffice) -> None:
    plain(office).send(MAIL)
    (message,) = office.messages
    assert office.taken[0][0] == MAIL.recipient
    assert message.get_content().replace("\r\n", "\n") == MAIL.text
    assert (message["Subject"], message["Message-ID"]) == (MAIL.subject, MAIL.message_id)
    assert (message["From"], message["To"], message["Reply-To"]) == (MAIL.sender, MAIL.recipient, MAIL.reply_to)
    assert (message["Content-Language"], message["Auto-Submitted"]) == ("ru", "auto-generated")
    assert office.taken[0][1].isascii()


def test_every_attempt_is_the_same_to_the_byte(office: PostOffice) -> None:
    plain(office).send(MAIL)
    plain(office).send(MAIL)
    assert office.taken[0] == office.taken[1]


@pytest.mark.parametrize("breaker", ["\r\n", "\n", "\r", "\r\n\r\n", "\u2028", "\x85", "\x0b", "\x00"])
def test_no_field_begins_a_header_of_its_own(breaker: str, office: PostOffice) -> None:
    evil = breaker.join(["x", "Bcc: victim@example.com", "Evil: yes"])
    plain(office).send(replace(MAIL, subject=evil, text=evil, sender=f'"{evil}" <desk@desk.example>'))
    (message,) = office.messages
    assert not {"bcc", "evil"} & {name.lower() for name in message}
    assert len(office.taken) == 1 and office.taken[0][0] == MAIL.recipient
    assert message["From"].endswith("<desk@desk.example>")


def test_half_characters_and_long_addresses_do_not_stop_a_letter(office: PostOffice) -> None:
    long = "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".com"
    plain(office).send(replace(MAIL, subject="\ud83d broken " * 40, text="\udc00 end", reply_to=long))
    (message,) = office.messages
    assert message["Reply-To"] == long
    assert len(message["Subject"]) == 200


def test_addresses_beyond_ascii(office: PostOffice) -> None:
    plain(office).send(replace(MAIL, recipient="приём@пример.рф", reply_to="имя@пример.рф"))
    assert office.taken[0][0] == "приём@xn--e1afmkfd.xn--p1ai"
    plain(office).send(replace(MAIL, recipient="desk@bücher.example", reply_to="имя@пример.рф"))
    assert office.taken[1][0] == "desk@xn--bcher-kva.example"
    assert office.messages[1]["Reply-To"] is None  # this server could take it; the next may not


def test_without_smtputf8_only_the_recipient_matters() -> None:
    with opened(PostOffice(), decode_data=False) as office:
        office.refuse = {"mail": "555 no such option"}
        assert failed(plain(office), replace(MAIL, recipient="приём@firm.example")) == ("permanent", "mail_555")
        assert failed(plain(office)) == ("outage", "mail_555")


def test_starttls_login_and_tls(tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    with opened(PostOffice(), tls_context=server, require_starttls=True, auth_required=True) as office:
        account = Account("localhost", office.port, "starttls", "desk", "secret", **FAST)
        SmtpMailer(account, client).send(MAIL)
        assert office.message_ids == [MAIL.message_id]
        assert "secret" not in repr(account)
        office.refuse = {"auth": "yes"}
        assert failed(SmtpMailer(account, client)) == ("outage", "auth_535")
        assert failed(SmtpMailer(account)) == ("outage", "starttls_tls")
        # a server that wants a login is the operator's to mend
        assert failed(SmtpMailer(replace(account, user=""), client)) == ("outage", "mail_530")
    with opened(PostOffice(), ssl_context=server) as office:
        SmtpMailer(Account("localhost", office.port, "tls", **FAST), client).send(MAIL)
        assert len(office.taken) == 1
        assert failed(SmtpMailer(Account("localhost", office.port, "tls", **FAST))) == ("outage", "connect_tls")


def test_starttls_is_never_left_out(office: PostOffice) -> None:
    assert failed(SmtpMailer(Account("127.0.0.1", office.port, **FAST), ssl.create_default_context()))[0] == "outage"
    assert office.taken == []


def test_a_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, "elsewhere.example")
    with opened(PostOffice(), tls_context=server) as office:
        assert failed(SmtpMailer(Account("localhost", office.port, **FAST), client)) == ("outage", "starttls_tls")


@pytest.mark.parametrize(
    ("refuse", "kind", "code"),
    [
        ({"ehlo": "421 closing"}, "outage", "ehlo_421"),
        ({"mail": "421 closing"}, "outage", "mail_421"),
        ({"mail": "550 not you"}, "outage", "mail_550"),
        ({"rcpt": "451 greylisted"}, "transient", "rcpt_451"),
        ({"rcpt": "421 closing"}, "transient", "rcpt_421"),
        ({"rcpt": "550 no such user"}, "permanent", "rcpt_550"),
        ({"data": "451 try later"}, "transient", "content_451"),
        ({"data": "421 closing"}, "transient", "content_421"),
        ({"data": "552 too much"}, "permanent", "content_552"),
    ],
)
def test_a_refusal_is_told_by_its_stage_and_code(refuse: dict[str, str], kind: str, code: str, office: PostOffice) -> None:
    office.refuse = refuse
    assert failed(plain(office)) == (kind, code)
    assert office.taken == []


def test_a_host_that_is_not_there() -> None:
    assert failed(SmtpMailer(Account("127.0.0.1", free_port(), "none"))) == ("outage", "connect_refused")
    assert failed(SmtpMailer(Account("nowhere.invalid", 25, "none"))) == ("outage", "connect_dns")


def test_after_data_nobody_knows(office: PostOffice) -> None:
    office.hang_in_data = True
    assert failed(plain(office)) == ("ambiguous", "content_timeout")
    office.hang_in_data, office.drop_after_data = False, True
    assert failed(plain(office)) == ("ambiguous", "content_dropped")
    assert office.message_ids == [MAIL.message_id] * 2


@pytest.mark.parametrize("said", [b"220 " + b"x" * 90 + b"\r\n", b"220-" + b"-" * 90])
def test_a_byte_a_second_ends_when_time_is_up(said: bytes) -> None:
    with talking(said, 0.1) as port:
        began = time.monotonic()
        assert failed(SmtpMailer(Account("127.0.0.1", port, "none", step=1.0, whole=0.5)))[0] == "outage"
        assert time.monotonic() - began < 5


def test_a_handshake_that_never_ends_is_cut() -> None:
    with talking(b"\x16\x03\x03\x40\x00" + bytes(90), 0.1) as port:
        began = time.monotonic()
        assert failed(SmtpMailer(Account("127.0.0.1", port, "tls", step=1.0, whole=0.5)))[0] == "outage"
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"554 go away\r\n", b"\xff\xfe\r\n"])
def test_what_is_no_mail_server(said: bytes) -> None:
    with talking(said, 0) as port:
        assert failed(SmtpMailer(Account("127.0.0.1", port, "none", **FAST)))[0] == "outage"


def test_what_stops_the_handing_over_stops_the_letter(office: PostOffice) -> None:
    def lost() -> None:
        raise ClaimLost("another has it")

    with pytest.raises(ClaimLost):
        plain(office).send(MAIL, lost)
    assert office.taken == []


def test_a_letter_is_handed_over_once_its_recipient_was_taken(office: PostOffice) -> None:
    seen: list[int] = []
    plain(office).send(MAIL, lambda: seen.append(len(office.taken)))
    assert (seen, len(office.taken)) == ([0], 1)
    office.refuse = {"rcpt": "550 no"}
    with pytest.raises(Undelivered):
        plain(office).send(MAIL, lambda: seen.append(9))
    assert seen == [0]


def test_the_console_shows_a_letter() -> None:
    shown: list[str] = []
    ConsoleMailer(shown.append).send(MAIL)
    assert MAIL.text in shown[0] and MAIL.recipient in shown[0] and MAIL.reply_to in shown[0]


def test_an_address_that_is_none_is_an_error_before_anything_leaves() -> None:
    with pytest.raises(ValueError, match="address"):
        encoded(replace(MAIL, recipient="a@b\r\nBcc: x@y.example"))
