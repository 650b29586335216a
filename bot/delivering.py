"""Delivery by the settings: what letters tell, how they leave, who is told when they do not."""

from __future__ import annotations

import ipaddress
import json
import os
import random
import secrets
import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial

from bot import shipped
from bot.dialogue import contacts_file, wording
from bot.dialogue.contacts import Contacts
from bot.errors import BadDirectory, BadSetting, NotFound, SnapshotError
from bot.intake import Conservation
from bot.knowledge.catalogue import Catalogue
from bot.leads import standing
from bot.leads.channels import ByMail, ByWebhook, Channel
from bot.leads.deliver import Clock, Courier, Note
from bot.leads.letters import NO_SITE, Dossier, House, Quoted, Spoken, Writer
from bot.leads.mail import Account, ConsoleMailer, Mailer, SmtpMailer
from bot.leads.message import domain
from bot.leads.watch import Alarm, Concern, Tell, Watch, concerns
from bot.leads.webhook import Call, Endpoint, Webhook, endpoint
from bot.leads.worker import Worker
from bot.settings import Settings
from bot.store.alarms import Alarms
from bot.store.answers import Answers
from bot.store.conservation import conservation
from bot.store.database import Database
from bot.store.leads import Leads
from bot.store.letters import Outbox
from bot.store.waiting import Waiting, listed, waiting
from bot.store.webhooks import Webhooks
from bot.vocabulary import Json, Receipt

Say = Callable[[str], None]
NO_MAIL = "no mail server is set: leads are kept and their letters wait; set BOT_SMTP_HOST and BOT_MAIL_FROM"
ALARM_EVENT = "outbox.alarm"


class Delivering:
    """The outbox of a database, and what carries it by the settings."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._settings, self._database, self._clock = settings, database, clock
        self.outbox, self.webhooks = Outbox(database), Webhooks(database)
        self._catalogue = Catalogue(settings.snapshots)

    def standing(self) -> Waiting:
        """How the outbox stands."""
        return waiting(self._database)

    def conservation(self) -> Conservation:
        """Where every lead is."""
        return conservation(self._database)

    def concerns(self) -> tuple[Concern, ...]:
        """What is to be looked at now."""
        return concerns(self.standing(), self._clock())

    def ways(self) -> dict[str, str]:
        """How letters leave by the settings: mail `smtp`, `console` or `unset`; webhook `set`, `disabled` or `unset`."""
        settings = self._settings
        mail = settings.mailer if leaves(settings) else "unset"
        if not settings.webhook_url:
            return {"mail": mail, "webhook": "unset"}
        return {"mail": mail, "webhook": "disabled" if self.webhooks.disabled(settings.webhook_url) else "set"}

    def wire(self, limit: int) -> Json:
        """How the outbox stands, as JSON, with at most `limit` letters that have not arrived, oldest first."""
        letters = listed(self._database, ("attention", "pending", "claimed"), limit)
        return standing.wire(self.standing(), self.ways(), self.concerns(), letters)

    def worker(self, note: Note, say: Say) -> Worker:
        """A worker that carries the outbox; `say` shows letters to a developer. Raises BadSetting."""
        name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        post = mailer(self._settings, say)
        carry = partial(Courier, outbox=self.outbox, worker=name, clock=self._clock, chance=random.random, note=note)
        couriers = [carry(channel) for channel in self._channels(post)]
        watch = Watch(self.outbox, self.standing, Alarms(self._database), list(self._ways(post)))
        return Worker(couriers, watch, self._clock)

    def dossier(self, lead_id: str) -> Dossier:
        """All that letters about a lead tell. Raises NotFound."""
        lead = Leads(self._database).get(lead_id)
        found = self._contacts()
        desk = found.desk(lead.desk) or found.default
        agreed = lead.transcript and lead.conversation_id is not None
        receipts = Answers(self._database).conversation(lead.conversation_id or "") if agreed else []
        turns = tuple(spoken(receipt, self._settings.site_url) for receipt in receipts)
        return Dossier(lead, desk.name, desk.email, desk.languages, turns)

    def _channels(self, post: Mailer | None) -> Iterator[Channel]:
        if post:
            yield ByMail(post, self._writer(), self.dossier)
        if target := webhook(self._settings):
            yield ByWebhook(target.url, Webhook(target), self.webhooks, self.dossier)

    def _ways(self, post: Mailer | None) -> Iterator[Tell]:
        settings = self._settings
        if post and settings.alarm_to:
            yield partial(_by_mail, post, self._writer(), settings.alarm_to, domain(settings.mail_from))
        if target := alarm_webhook(settings):
            yield partial(_by_webhook, Webhook(target))

    def _writer(self) -> Writer:
        house = House(self._settings.mail_from, self._firm(), self._settings.site_url.rstrip("/"))
        return Writer(shipped.folder("web") / "letters", house)

    def _contacts(self) -> Contacts:
        """The desks of the live snapshot, else the shipped ones."""
        try:
            return contacts_file.parse(self._catalogue.attached(contacts_file.FILE))
        except (SnapshotError, NotFound, BadDirectory):
            return contacts_file.parse(_shipped(contacts_file.FILE))

    def _firm(self) -> str:
        try:
            words = wording.load(self._catalogue.attached)
        except (SnapshotError, NotFound, BadDirectory):
            words = wording.load(_shipped)
        return words["en"].text("page", "firm")


def mailer(settings: Settings, say: Say) -> Mailer | None:
    """What letters leave by; None where no mail server is set. Raises BadSetting where a setting lacks another."""
    if settings.mailer == "console":
        return ConsoleMailer(say)
    if not settings.smtp_host:
        return None
    password = settings.smtp_password.get_secret_value()
    if not settings.mail_from:
        raise BadSetting("BOT_MAIL_FROM: is needed with BOT_SMTP_HOST, such as `Inquiry Desk <desk@example.com>`")
    if bool(settings.smtp_user) != bool(password):
        raise BadSetting("BOT_SMTP_USER and BOT_SMTP_PASSWORD go together: set both or neither")
    if password and settings.smtp_security == "none" and not _on_this_machine(settings.smtp_host):
        raise BadSetting("BOT_SMTP_SECURITY=none: no password is sent over an open line; take starttls or tls")
    account = Account(settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_user, password)
    return SmtpMailer(account)


def webhook(settings: Settings) -> Endpoint | None:
    """Where leads are posted to; None where no address is set. Raises BadSetting."""
    return _endpoint(settings, "webhook_url")


def alarm_webhook(settings: Settings) -> Endpoint | None:
    """Where alarms are posted to; None where no address is set. Raises BadSetting."""
    return _endpoint(settings, "alarm_webhook_url")


def leaves(settings: Settings) -> bool:
    """Whether mail can leave at all."""
    return settings.mailer == "console" or bool(settings.smtp_host)


def check(settings: Settings) -> None:
    """Raises BadSetting where delivery cannot be as it is set."""
    mailer(settings, lambda _: None)
    webhook(settings)
    alarm_webhook(settings)


def spoken(receipt: Receipt, site_url: str) -> Spoken:
    """A turn of a conversation as a letter tells it; addresses of this site are made whole."""
    body = json.loads(receipt.body)
    site = site_url.rstrip("/") or NO_SITE
    quotes = tuple(
        Quoted(
            n=one["n"],
            title=one["title"],
            section=one["section"] or "",
            as_of=one["as_of"] or one["published"] or "",
            address=one["url"] if "://" in one["url"] else site + one["url"],
            quote=one["quote"],
        )
        for one in body["citations"]
    )
    return Spoken(receipt.asked_at, receipt.turn.question, body["text"], quotes, receipt.answer_id)


def _endpoint(settings: Settings, name: str) -> Endpoint | None:
    url: str = getattr(settings, name)
    if not url:
        return None
    return endpoint(
        url, settings.webhook_secret.get_secret_value(), private=settings.webhook_private, setting=f"BOT_{name.upper()}"
    )


def _by_mail(post: Mailer, writer: Writer, to: str, at: str, alarm: Alarm) -> None:
    post.send(writer.alarm(f"<{alarm.identity}@{at}>", to, alarm.at, alarm.values))


def _by_webhook(hook: Webhook, alarm: Alarm) -> None:
    row = {"type": ALARM_EVENT, "timestamp": alarm.at.isoformat(), "data": dict(alarm.values)}
    hook.send(Call(f"msg_{alarm.identity}", alarm.at, json.dumps(row, ensure_ascii=False).encode()))


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shipped(name: str) -> bytes:
    return (shipped.folder("corpus") / name).read_bytes()


def show(text: str) -> None:
    """A letter on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
