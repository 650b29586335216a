"""Prometheus measures. Labels are words of ours; a question, a name or an address never becomes one."""

from __future__ import annotations

from contextlib import AbstractContextManager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.dialogue.reply import Draft
from bot.intake import Conservation

PLACES = ("delivered", "pending", "attention", "quarantined", "erased")
BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Measures:
    """Counts of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._seconds = Histogram("bot_ask_seconds", "Time to answer a question.", buckets=BUCKETS, registry=self._registry)
        self._answers = Counter(
            "bot_answers",
            "Answers by status, reason, kind and desk.",
            ("status", "reason", "kind", "desk"),
            registry=self._registry,
        )
        self._steps = Counter("bot_step_seconds", "Time spent in each step of a reply.", ("step",), registry=self._registry)

        self._places = Gauge("bot_leads", "Leads by where they are; each is in one place.", ("place",), registry=self._registry)
        self._received = Gauge("bot_leads_received", "All leads ever received that are still kept.", registry=self._registry)
        self._missing = Gauge("bot_leads_missing", "1 where the places do not sum up to those received.", registry=self._registry)

    def asking(self) -> AbstractContextManager[object]:
        """Times an answer."""
        return self._seconds.time()

    def answered(self, draft: Draft) -> None:
        """Counts an answer."""
        if draft.answer:
            answer = draft.answer
            self._answers.labels(answer.status, answer.reason or "", answer.inquiry.kind, answer.route.desk.id).inc()
        for step, milliseconds in draft.times.items():
            self._steps.labels(step).inc(milliseconds / 1000)

    def leads(self, places: Conservation) -> None:
        """Tells where every lead of the database is, now."""
        for name in PLACES:
            self._places.labels(name).set(getattr(places, name))
        self._received.set(places.received)
        self._missing.set(0 if places.holds else 1)

    def text(self) -> bytes:
        """All measures in the exposition format."""
        return generate_latest(self._registry)
