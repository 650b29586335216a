"""What the codes of letters and suspicions mean, in words for staff. Pure."""

from __future__ import annotations

import re

from bot.intake import LetterSort
from bot.store.letters import BY_HAND

UNKNOWN = "an error without words of its own; the log has more"
SUSPICIONS = {
    "bait": "a field was filled that no person sees",
    "haste": "the form came back within three seconds",
    "form_token": "it came from no form of ours",
    "no_proof": "no proof of work: the visitor's browser ran no scripts",
    "wrong_proof": "the proof of work was wrong",
    "challenge_spent": "the proof of work had been used before",
    "rate": "many inquiries came from this network within the hour",
    "content": "the message reads like spam",
}
_EXACT = {
    BY_HAND: "a person has seen to it in another way",
    "unknown_end": "it was handed over twice without a reply: it may have arrived, ask the recipient",
    "no_smtputf8": "the address has letters beyond ASCII, which the mail server does not take: write to it in another way",
    "address_unwritable": "the address cannot be written into a mail: write to the visitor in another way",
    "webhook_disabled": "the webhook answered 410 before and is called no more until it is enabled again",
    "http_410": "the webhook asks never to be called again",
    "address_private": "the webhook's name leads into a private network, which BOT_WEBHOOK_PRIVATE does not allow",
}
_STAGES = {
    "connect": "no line to {server}",
    "ehlo": "{server} did not greet",
    "starttls": "no private line to the mail server (STARTTLS)",
    "auth": "the mail server refuses the login: see BOT_SMTP_USER and BOT_SMTP_PASSWORD",
    "mail": "the mail server refuses the sender: see BOT_MAIL_FROM",
    "rcpt": "the mail server refuses the recipient's address",
    "data": "the mail server refuses to take the text",
    "content": "the mail server refuses the text",
    "http": "the webhook refuses the call",
    "fault": "the letter could not be written: a fault of ours, the log has more",
}
_ENDS = {
    "dns": "the name is not known",
    "refused": "the port is closed",
    "tls": "the certificate or the encryption does not fit",
    "timeout": "no reply came in time",
    "dropped": "the line was cut",
    "unsupported": "the server does not offer it",
}
_CODE = re.compile(r"([a-z]+)_(\w+)")


def suspicion(code: str) -> str:
    """What spoke for spam."""
    return SUSPICIONS.get(code, code)


def error(code: str | None, sort: LetterSort | None = None) -> str:
    """What the last error of a letter (of a sort, where that is known) means; empty where there is none."""
    if not code:
        return ""
    if code in _EXACT:
        return _EXACT[code]
    shape = _CODE.fullmatch(code)
    if shape is None or shape[1] not in _STAGES:
        return UNKNOWN
    stage, end = shape[1], shape[2]
    if stage in ("content", "http") and end in ("timeout", "dropped"):
        return f"all was sent and {_ENDS[end]}: it may have arrived"
    server = "the mail server or webhook" if sort is None else "the webhook" if sort == "webhook" else "the mail server"
    said = _STAGES[stage].format(server=server)
    return f"{said}{_end(end)}"


def _end(end: str) -> str:
    if end.isdigit():
        return f" (it answers {end})"
    return f": {_ENDS[end]}" if end in _ENDS else ""
