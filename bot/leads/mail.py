"""Mail: a port that takes one letter for one recipient. By SMTP (the only door to smtplib), or shown to a developer."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer
from typing import Literal, Protocol

from bot.leads.failure import Kind, Undelivered
from bot.leads.message import Mail, address, domain, encoded, punycode

Security = Literal["starttls", "tls", "none"]
Stage = Literal["connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "content"]
# Until the sender is accepted nothing depends on the letter: what fails there would fail for each.
COMMON: tuple[Stage, ...] = ("connect", "ehlo", "starttls", "auth", "mail")
LOGIN_NEEDED = 530
Say = Callable[[str], None]


def nothing() -> None:
    """Does nothing."""


class Mailer(Protocol):
    """Sends mail."""

    def send(self, mail: Mail, hand_over: Callable[[], None] = nothing) -> None:
        """Returns once the mail was taken. `hand_over` is called before its words leave; what it raises stops them.

        Raises Undelivered.
        """


class ConsoleMailer:
    """For development: shows each mail instead of sending it."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def send(self, mail: Mail, hand_over: Callable[[], None] = nothing) -> None:
        """Shows the mail, which counts as sent."""
        hand_over()
        head = [f"To: {mail.recipient}", f"Subject: {mail.subject}", f"Message-ID: {mail.message_id}"]
        if mail.reply_to:
            head.append(f"Reply-To: {mail.reply_to}")
        self._say("\n".join([*head, "", mail.text]))


@dataclass(frozen=True, slots=True)
class Account:
    """Where mail is handed in. `step` and `whole` are seconds: for each wait on the network, and for a letter altogether."""

    host: str
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    step: float = 20.0
    whole: float = 90.0


class SmtpMailer:
    """Hands mail to a server, one connection a letter."""

    def __init__(self, account: Account, tls: ssl.SSLContext | None = None) -> None:
        self._account, self._tls = account, tls or ssl.create_default_context()

    def send(self, mail: Mail, hand_over: Callable[[], None] = nothing) -> None:
        """As the port says. Gives up `whole` seconds after the connection stands, however busy the line is."""
        course = Course()
        try:
            with self._server(mail, course) as server:
                _hand_in(server, mail, course, hand_over)
        except (OSError, smtplib.SMTPException) as error:
            raise failure(course.stage, error, course.international) from error

    @contextmanager
    def _server(self, mail: Mail, course: Course) -> Iterator[smtplib.SMTP]:
        """A server that is ready for mail, its line cut when time is up."""
        account = self._account
        line = socket.create_connection((account.host, account.port), account.step)
        with line, _limited(line, account.whole):
            if account.security == "tls":
                line = self._tls.wrap_socket(line, server_hostname=account.host)
            server = Server(line, account, domain(mail.sender))
            with _closed(server):
                _accepted(server.getreply(), 220)
                course.stage = "ehlo"
                _accepted(server.ehlo(), 250)
                self._enter(server, course)
                yield server

    def _enter(self, server: smtplib.SMTP, course: Course) -> None:
        account = self._account
        if account.security == "starttls":
            course.stage = "starttls"
            server.starttls(context=self._tls)
            _accepted(server.ehlo(), 250)
        if account.user:
            course.stage = "auth"
            server.login(account.user, account.password)


class Server(smtplib.SMTP):
    """A server at the other end of a line that stands already; greets it in the name of the sender's domain."""

    def __init__(self, line: socket.socket, account: Account, name: str) -> None:
        super().__init__(local_hostname=name, timeout=account.step)
        self._host = account.host  # starttls checks the certificate against it
        self.sock = line


@dataclass(slots=True)
class Course:
    """How far a letter has come. `international` once its addresses need a server that takes them."""

    stage: Stage = "connect"
    international: bool = False


def _hand_in(server: smtplib.SMTP, mail: Mail, course: Course, hand_over: Callable[[], None]) -> None:
    sender, recipient = punycode(address(mail.sender)), punycode(mail.recipient)
    course.international = not (sender + recipient).isascii()
    if course.international and not server.has_extn("smtputf8"):
        raise Undelivered("permanent", "no_smtputf8")
    try:
        content = encoded(mail, international=course.international)
    except ValueError as error:
        raise Undelivered("permanent", "address_unwritable") from error
    course.stage = "mail"
    _accepted(server.mail(sender, ["SMTPUTF8", "BODY=8BITMIME"] if course.international else []), 250)
    course.stage = "rcpt"
    _accepted(server.rcpt(recipient), 250, 251)
    hand_over()
    course.stage = "data"
    _accepted(server.docmd("DATA"), 354)
    course.stage = "content"
    server.send(_dots_doubled(content) + b".\r\n")
    _accepted(server.getreply(), 250)


def _accepted(reply: tuple[int, bytes], *codes: int) -> None:
    if reply[0] not in codes:
        raise smtplib.SMTPResponseException(*reply)


def _dots_doubled(content: bytes) -> bytes:
    """A line of one dot would end the letter (RFC 5321, 4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", content)


@contextmanager
def _limited(line: socket.socket, seconds: float) -> Iterator[None]:
    """Cuts a line after so many seconds: a time-out alone starts anew with every byte."""
    handle = line.dup()

    def cut() -> None:
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        handle.close()


@contextmanager
def _closed(server: smtplib.SMTP) -> Iterator[None]:
    """Says goodbye behind a letter that was taken, hangs up behind one that was not. Neither changes what became of it."""
    try:
        yield
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        with suppress(OSError):
            server.close()


def failure(stage: Stage, error: OSError | smtplib.SMTPException, international: bool = False) -> Undelivered:
    """What an error at a stage means for the letter."""
    code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else -1
    name = f"{stage}_{code}" if code > 0 else f"{stage}_{_word(error)}"
    return Undelivered(_kind(stage, code, international), name)


def _kind(stage: Stage, code: int, international: bool) -> Kind:
    if stage == "mail" and international and code >= 500:
        return "permanent"
    if stage in COMMON or code == LOGIN_NEEDED:
        return "outage"
    if code >= 500:
        return "permanent"
    return "ambiguous" if stage == "content" and code < 400 else "transient"


def _word(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, OSError):
        return _word(error.__context__)  # what smtplib met while it read
    if isinstance(error, socket.gaierror):
        return "dns"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "unsupported"
    return "dropped"
