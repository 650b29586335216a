"""One turn as a visible list of steps. Each takes the draft further, or stops the line with an answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from bot.desks import Route
from bot.dialogue import clarify
from bot.dialogue.answer import REFUSED_KINDS, SPOKEN_KINDS, Writer
from bot.dialogue.carrying import Carried
from bot.dialogue.contacts import Contacts
from bot.dialogue.evidence import Gate, features
from bot.dialogue.inquiry import ASKING, understand
from bot.dialogue.quotes import Quote, choose
from bot.dialogue.routing import route
from bot.dialogue.wording import Wording
from bot.knowledge.search import Query, Search
from bot.vocabulary import Answer, Hit, Inquiry, Judgement, Language, Turn

Vectors = npt.NDArray[np.float32]
HITS = 20
SPOKEN_WITHOUT_EVIDENCE = ("service", "urgent")  # kinds for which the template words are worth more than a refusal
CHOSEN_FROM = 40  # hits among which subjects to choose from are looked for


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a turn so far. A step may rely on what the steps before it filled in.

    `carried` is what the turn took over from the ones before it, if it leaned on them.
    """

    turn: Turn
    vector: Vectors
    judgement: Judgement
    moment: datetime
    inquiry: Inquiry | None = None
    route: Route | None = None
    hits: tuple[Hit, ...] = ()
    quotes: tuple[Quote, ...] = ()
    probability: float | None = None
    answer: Answer | None = None
    stopped_by: str = ""
    carried: Carried | None = None
    times: Mapping[str, float] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day of the turn, in UTC."""
        return self.moment.astimezone(UTC).date()


T = TypeVar("T")
Step = Callable[[Draft], Draft]


class Reply:
    """Answers turns from one snapshot. Holds no state of its own; safe for many threads."""

    def __init__(
        self,
        search: Search,
        gate: Gate,
        contacts: Contacts,
        wording: Mapping[Language, Wording],
        today: date,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._search, self.gate, self._contacts = search, gate, contacts
        self._writers = {language: Writer(words, today) for language, words in wording.items()}
        self._services = {document.id for document in search.snapshot.documents.values() if document.kind == "service"}
        self._clock = clock

    @property
    def steps(self) -> tuple[Step, ...]:
        """The line, made anew each time: kept, it would hold its own Reply, and a snapshot would outlive its last answer."""
        return (self.understand, self.send, self.guard, self.ask_back, self.look_up, self.weigh, self.write)

    def __call__(self, turn: Turn, vector: Vectors, judgement: Judgement, moment: datetime) -> Draft:
        """The finished draft of a turn of that moment: its answer, the step that gave it, and the milliseconds of every step."""
        draft = Draft(turn, vector, judgement, moment)
        times: dict[str, float] = {}
        for step in self.steps:
            began = self._clock()
            draft = step(draft)
            times[step.__name__] = round((self._clock() - began) * 1000, 3)
            if draft.answer:
                break
        return replace(draft, stopped_by=step.__name__, times=times)

    def understand(self, draft: Draft) -> Draft:
        """Which kind of inquiry, topic, language and law."""
        return replace(draft, inquiry=understand(draft.turn.text, draft.judgement, draft.turn.language))

    def send(self, draft: Draft) -> Draft:
        """Which desk, and when it is there."""
        inquiry = _known(draft.inquiry)
        words = self._writers[inquiry.language].wording
        return replace(draft, route=route(inquiry, self._contacts, words, draft.moment, draft.turn.time_zone))

    def guard(self, draft: Draft) -> Draft:
        """Kinds that never get passages stop here, and those that need none."""
        inquiry, to = _known(draft.inquiry), _known(draft.route)
        if inquiry.kind in REFUSED_KINDS:
            return replace(draft, answer=self._writers[inquiry.language].refused(inquiry, to, inquiry.kind))
        if inquiry.kind in SPOKEN_KINDS:
            return replace(draft, answer=self._writers[inquiry.language].spoken(inquiry, to))
        return draft

    def ask_back(self, draft: Draft) -> Draft:
        """A question that leaves out what it is about is asked for that, once."""
        inquiry, to = _known(draft.inquiry), _known(draft.route)
        if inquiry.kind not in ASKING or not clarify.is_open(draft.judgement):
            return draft
        query = Query(draft.turn.text, draft.vector, inquiry.language, draft.turn.jurisdictions, None, draft.today)
        choices = clarify.subjects(self._search(query, CHOSEN_FROM), draft.judgement, inquiry.language)
        return replace(draft, answer=self._writers[inquiry.language].asked_back(inquiry, to, choices)) if choices else draft

    def look_up(self, draft: Draft) -> Draft:
        """Which passages, and which of their sentences. A wish for a service is answered from service descriptions."""
        inquiry = _known(draft.inquiry)
        among = self._services if inquiry.kind == "service" and self._services else None
        query = Query(draft.turn.text, draft.vector, inquiry.language, draft.turn.jurisdictions, among, draft.today)
        hits = tuple(self._search(query, HITS))
        return replace(draft, hits=hits, quotes=tuple(choose(draft.turn.text, hits, inquiry.language, inquiry.jurisdictions)))

    def weigh(self, draft: Draft) -> Draft:
        """Whether the quotes are good enough to be an answer."""
        inquiry, to = _known(draft.inquiry), _known(draft.route)
        probability = self.gate(features(draft.turn.text, draft.hits, draft.quotes, inquiry.language))
        draft = replace(draft, probability=probability)
        writer = self._writers[inquiry.language]
        if draft.quotes and probability >= self.gate.threshold:
            return draft
        if inquiry.kind in SPOKEN_WITHOUT_EVIDENCE:
            return replace(draft, answer=writer.spoken(inquiry, to))
        reason = "off_topic" if inquiry.kind == "off_topic" else "no_evidence"
        return replace(draft, answer=writer.refused(inquiry, to, reason))

    def measured(self, draft: Draft) -> Draft:
        """A finished draft with the evidence there would have been, where a step stopped it before; its answer stays."""
        if draft.probability is not None:
            return draft
        found = self.weigh(self.look_up(draft))
        return replace(draft, hits=found.hits, quotes=found.quotes, probability=found.probability)

    def write(self, draft: Draft) -> Draft:
        """The answer in words."""
        inquiry, to = _known(draft.inquiry), _known(draft.route)
        writer, wish = self._writers[inquiry.language], draft.turn.jurisdictions
        return replace(draft, answer=writer.quoted(inquiry, to, draft.quotes, draft.today, wish))


def _known(value: T | None) -> T:
    if value is None:
        raise RuntimeError("a step ran before the one it relies on")
    return value
