"""Prometheus measures. Labels are words of ours; a question, a name or an address never becomes one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.delivering import Delivering
from bot.dialogue.reply import Draft
from bot.errors import BotError
from bot.intake import LETTER_SORTS, LETTER_STATES
from bot.store.feedback import Feedback

BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class OutboxCollector(Collector):
    """Where leads and letters are, and how long the oldest letter has waited: looked up when asked, the same in every process."""

    def __init__(self, delivery: Delivering, clock: Callable[[], datetime]) -> None:
        self._delivery, self._clock = delivery, clock

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing, so that registering does not look the outbox up."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; none where the store cannot be read, so that the other measures still can."""
        try:
            places, found = self._delivery.conservation(), self._delivery.standing()
        except BotError:
            return
        leads = GaugeMetricFamily("bot_leads", "Leads by place; all but `received` sum up to that.", labels=("place",))
        for place, number in asdict(places).items():
            leads.add_metric((place,), number)
        letters = GaugeMetricFamily("bot_letters", "Letters by sort and state.", labels=("sort", "state"))
        for sort in LETTER_SORTS:
            for state in LETTER_STATES:
                letters.add_metric((sort, state), found.counts.get((sort, state), 0))
        age = (self._clock() - found.oldest).total_seconds() if found.oldest else 0.0
        yield from (leads, letters)
        yield GaugeMetricFamily("bot_letters_oldest_seconds", "How long the oldest letter has waited.", value=max(age, 0.0))


class FeedbackCollector(Collector):
    """How many answers visitors found helpful and how many not, by their last word."""

    def __init__(self, opinions: Feedback) -> None:
        self._opinions = opinions

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing, as above."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauge; none where the store cannot be read."""
        try:
            counts = self._opinions.counts()
        except BotError:
            return
        found = GaugeMetricFamily("bot_feedback", "Answers that visitors found helpful, or not.", labels=("helpful",))
        for helpful, number in counts.items():
            found.add_metric(("yes" if helpful else "no",), number)
        yield found


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
        self._attempts = Counter(
            "bot_delivery_attempts", "Attempts to deliver a letter.", ("channel", "outcome"), registry=self._registry
        )
        self._steps = Counter("bot_step_seconds", "Time spent in each step of a reply.", ("step",), registry=self._registry)

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

    def attempted(self, channel: str, outcome: str) -> None:
        """Counts an attempt to deliver a letter."""
        self._attempts.labels(channel, outcome).inc()

    def outbox(self, delivery: Delivering, clock: Callable[[], datetime]) -> None:
        """Adds where leads and letters are."""
        self._registry.register(OutboxCollector(delivery, clock))

    def feedback(self, opinions: Feedback) -> None:
        """Adds what visitors think of answers."""
        self._registry.register(FeedbackCollector(opinions))

    def text(self) -> bytes:
        """All measures in the exposition format."""
        return generate_latest(self._registry)
