"""Leads and letters as staff receive them. Pure."""

from __future__ import annotations

from dataclasses import asdict

from bot.intake import Lead, Letter
from bot.store.leads import Kept
from bot.vocabulary import Json


def told(kept: Kept) -> Json:
    """What a visitor is told of a lead: the same bytes each time."""
    return {"lead_id": kept.lead_id, "desk": kept.desk, "received_at": kept.received_at.isoformat()}


def lead_wire(lead: Lead) -> Json:
    """The wire form of a lead for staff."""
    row = asdict(lead)
    row = {"lead_id": row.pop("id")} | row | {"received_at": lead.received_at.isoformat()}
    row["consent"] = {"version": lead.consent.version, "text": lead.consent.text, "at": lead.consent.at.isoformat()}
    return row


def letter_wire(letter: Letter) -> Json:
    """The wire form of a letter for staff."""
    row = asdict(letter)
    times = ("queued_at", "next_at", "claimed_until", "delivered_at")
    return row | {name: row[name].isoformat() if row[name] else None for name in times}
