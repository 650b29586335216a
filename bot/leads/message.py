"""A mail and its MIME form: UTF-8, safe against headers within headers, the same to the byte at every attempt. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Literal

# Seven-bit bodies, since not every server takes eight; addresses beyond ASCII need SMTPUTF8 (RFC 6531) all the same.
PLAIN = SMTP.clone(cte_type="7bit")
INTERNATIONAL = PLAIN.clone(utf8=True)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONGEST_SUBJECT = 200  # characters


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter to one recipient, as it is to be read. `sender` may have a name, as in `Desk <desk@example.com>`.

    `automatic` is its Auto-Submitted header (RFC 3834), which keeps answering machines from answering.
    """

    message_id: str
    date: datetime
    sender: str
    recipient: str
    subject: str
    text: str
    reply_to: str = ""
    language: str = "en"
    automatic: Literal["auto-generated", "auto-replied"] = "auto-generated"
    urgent: bool = False


def address(written: str) -> str:
    """The bare address of `Name <address>`."""
    return _parts(written)[1]


def domain(written: str) -> str:
    """The domain of `Name <address>`, in ASCII."""
    return punycode(address(written)).rpartition("@")[2]


def punycode(written: str) -> str:
    """The address with its domain in ASCII (IDNA); where that cannot be, as it was."""
    local, at, domain = written.rpartition("@")
    try:
        return local + at + domain.encode("idna").decode()
    except UnicodeError:
        return written


def encoded(mail: Mail, *, international: bool = False) -> bytes:
    """The message as it goes over the line, lines ended by CR LF. Raises ValueError where an address is none."""
    message = EmailMessage(INTERNATIONAL if international else PLAIN)
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(mail.date)
    message["From"] = _address(mail.sender)
    message["To"] = _address(mail.recipient)
    if mail.reply_to and (international or punycode(mail.reply_to).isascii()):  # else it stands in the text alone
        message["Reply-To"] = _address(mail.reply_to)
    message["Subject"] = _line(mail.subject)
    message["Auto-Submitted"] = mail.automatic
    message["X-Auto-Response-Suppress"] = "All"
    if mail.urgent:
        message["Importance"] = "high"
    message.set_content(_body(mail.text), cte="base64" if _mostly_foreign(mail.text) else "quoted-printable")
    message["Content-Language"] = mail.language  # set_content takes away what begins with Content
    return message.as_bytes()


def _address(written: str) -> Address:
    """Only an operator's sender has a name: that of a visitor would be words of theirs in a header."""
    name, bare = _parts(written) if "<" in written else ("", written)
    local, _, domain = punycode(bare).rpartition("@")
    return Address(_line(name), local, domain)


def _parts(written: str) -> tuple[str, str]:
    """The name and the address. At a line break Python finds no address, or another one, depending on its version."""
    return parseaddr(_UNPRINTABLE.sub(" ", written))


def _line(text: str) -> str:
    """One line: a break in it would begin another header."""
    return _UNPRINTABLE.sub(" ", _writable(text)).strip()[:LONGEST_SUBJECT]


def _body(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", _writable(text).replace("\r\n", "\n").replace("\r", "\n")).rstrip() + "\n"


def _writable(text: str) -> str:
    """Half of a pair of surrogates cannot be written in UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _mostly_foreign(text: str) -> bool:
    return sum(not character.isascii() for character in text) * 4 > len(text)
