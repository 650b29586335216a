"""Inquiry to route, with its reasons. Pure."""

from __future__ import annotations

from bot.dialogue.contacts import Contacts
from bot.dialogue.wording import Wording
from bot.vocabulary import Desk, Inquiry, Route


def route(inquiry: Inquiry, contacts: Contacts, wording: Wording) -> Route:
    """The desk for an inquiry: first by its kind, then by its topic, else the default desk."""
    desk, reason = _desk(inquiry, contacts)
    subject = f"{desk.subject}{wording.text('desk', 'subject', inquiry.kind)}"
    return Route(desk, subject, (*inquiry.reasons, reason))


def _desk(inquiry: Inquiry, contacts: Contacts) -> tuple[Desk, str]:
    by_kind = contacts.for_kind(inquiry.kind)
    if by_kind:
        return by_kind, f"the {by_kind.id} desk takes {inquiry.kind} ahead of any other routing"
    by_topic = contacts.for_topic(inquiry.topic)
    if by_topic:
        return by_topic, f"the {by_topic.id} desk takes the topic {inquiry.topic}"
    return contacts.default, f"the {contacts.default.id} desk takes everything that has no better desk"
