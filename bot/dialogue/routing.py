"""Inquiry to route, with its reasons. Pure."""

from __future__ import annotations

from datetime import datetime

from bot.desks import Desk, Route
from bot.dialogue.contacts import Choice, Contacts
from bot.dialogue.hours import on_holiday, today
from bot.dialogue.timetable import timetable
from bot.dialogue.wording import Wording
from bot.vocabulary import Inquiry


def route(inquiry: Inquiry, contacts: Contacts, wording: Wording, moment: datetime, time_zone: str | None = None) -> Route:
    """The desk for an inquiry at an aware moment: by its kind, its topic, the law it names, else the default desk.

    Where that desk has a holiday, the one that stands in for it. `time_zone` is the visitor's, for the hours.
    """
    desk, reason = _desk(inquiry, contacts)
    return _route(desk, inquiry.kind, (*inquiry.reasons, reason), contacts, wording, moment, time_zone)


def default_route(contacts: Contacts, wording: Wording, moment: datetime, time_zone: str | None = None) -> Route:
    """The default desk, or the one that stands in for it: where there is no inquiry, such as beside an error."""
    return _route(contacts.default, "question", (_default(contacts),), contacts, wording, moment, time_zone)


def _route(
    chosen: Desk,
    kind: str,
    reasons: tuple[str, ...],
    contacts: Contacts,
    wording: Wording,
    moment: datetime,
    time_zone: str | None,
) -> Route:
    desk, more = _present(chosen, contacts, moment)
    subject = f"{desk.subject}{wording.text('desk', 'subject', kind)}"
    return Route(desk, subject, (*reasons, *more), contacts.version, timetable(desk, moment, time_zone, wording))


def _desk(inquiry: Inquiry, contacts: Contacts) -> tuple[Desk, str]:
    by_kind = contacts.for_kind(inquiry)
    if by_kind:
        return by_kind.desk, _reason(by_kind, f"takes {inquiry.kind} ahead of any other routing")
    by_topic = contacts.for_topic(inquiry)
    if by_topic:
        return by_topic.desk, _reason(by_topic, f"takes the topic {inquiry.topic}")
    by_law = contacts.for_jurisdiction(inquiry)
    if by_law:
        named = [code for code in inquiry.jurisdictions if code in by_law.desk.jurisdictions]
        return by_law.desk, _reason(by_law, f"takes the jurisdiction {', '.join(named)}")
    return contacts.default, _default(contacts)


def _reason(choice: Choice, takes: str) -> str:
    decided = f"; {choice.decided_by} decided between it and others" if choice.decided_by else ""
    return f"the {choice.desk.id} desk {takes}{decided}"


def _default(contacts: Contacts) -> str:
    return f"the {contacts.default.id} desk takes everything that has no better desk"


def _present(desk: Desk, contacts: Contacts, moment: datetime) -> tuple[Desk, tuple[str, ...]]:
    """The desk, or its stand-in while it has a holiday and the stand-in has none; with the reason for that."""
    other = contacts.desk(desk.stand_in)
    if other is None or not on_holiday(desk, today(desk, moment)):
        return desk, ()
    if on_holiday(other, today(other, moment)):
        return desk, (f"the {desk.id} desk has a holiday, and so has the {other.id} desk, its stand-in",)
    return other, (f"the {desk.id} desk has a holiday; the {other.id} desk stands in",)
