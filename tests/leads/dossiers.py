"""Leads and what letters about them tell, as tests need them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.intake import Consent, Lead, Letter
from bot.leads.letters import Dossier, Quoted, Spoken

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEAD = Lead(
    id="ABCD-EFGH-2345",
    received_at=AT,
    status="received",
    desk="compliance",
    priority=1,
    language="de",
    kind="service",
    subject="[Compliance] Request for services",
    reasons=("kind service", "topic sanctions is the desk's"),
    suspicions=(),
    name="Jörg Müller",
    email="j.mueller@client.example",
    company="Müller & Söhne <GmbH>",
    country="DE",
    countries=("KZ", "RU"),
    goods="Ventile, HS 8481",
    topic="sanctions",
    message="Wir liefern Ventile.\nDürfen wir das?",
    preferred_time="vormittags",
    urgent=True,
    established="AT",
    on_behalf="Müller Holding",
    listed_party="unsure",
    consent=Consent("2026-11", "I agree.", AT),
    conversation_id="c1",
    transcript=True,
)
TURN = Spoken(
    AT,
    "What is the\n50 percent rule?",
    "Our published material says:\n\n“An entity is blocked …” [1]",
    (
        Quoted(
            1, "OFAC's 50 Percent Rule", "How it works", "2025-01-01", "https://desk.example/library/a", "An entity is blocked …"
        ),
    ),
)


def dossier(turns: tuple[Spoken, ...] = (TURN,), speaks: tuple[str, ...] = ("en", "de"), **changes: Any) -> Dossier:
    return Dossier(replace(LEAD, **changes), "Compliance desk", "russia@firm.example", speaks, turns)


def letter(**changes: Any) -> Letter:
    plain = Letter("l1", LEAD.id, "desk", "russia@firm.example", "<l1@firm.example>", "pending", AT, AT)
    return replace(plain, **changes)
