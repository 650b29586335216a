"""A turn, and the conversation before it, to what is judged and looked up: written out if it leans on that, else as it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.dialogue import carrying, followup, references, rules
from bot.dialogue.carrying import Carried
from bot.dialogue.followup import Before
from bot.dialogue.inquiry import GUARDED, Labeller, decide
from bot.dialogue.jurisdictions import named
from bot.dialogue.leaning import Leaning, Leans
from bot.knowledge.embedder import Reading
from bot.knowledge.language import detect
from bot.vocabulary import Judgement, Language, Turn

Vectors = npt.NDArray[np.float32]
Half = npt.NDArray[np.float16]
LACKS_AT = 0.5  # probability from which a turn does not stand alone
LACKS_AFTER_REFUSAL = 0.15  # the same after a request that must get no passages: they are not to be had piece by piece
OPEN_AT = 0.5  # probability from which a turn that names a thing is about another than any before
OPEN_ALL_THE_SAME_AT = 0.7  # the same where it names none, or one that was named before
OWN_SHARE = 0.15  # how far the turn as typed counts in the vector that is looked up, beside the turn written out
STAYS = ("circumvention", "prohibited_client")  # kinds that what leans on them is of as well
WANTED = ("urgent", "service")  # kinds that the turn alone tells: what the visitor wants now
SURE = 0.5  # probability from which it does


@dataclass(frozen=True, slots=True)
class Heard:
    """What is answered: the turn, its vector in the precision a receipt keeps, and how it was judged.

    `carried` is what a turn that was written out took over; `leans` how likely it leaned, where there was something before.
    """

    turn: Turn
    kept: Half
    judgement: Judgement
    carried: Carried | None = None
    leans: Leans | None = None

    @property
    def vector(self) -> Vectors:
        """The vector that is looked up."""
        return self.kept.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Hearing:
    """Hears turns by the models of one snapshot. `laws` holds the jurisdiction of each name a law may be chosen by."""

    labeller: Labeller
    leaning: Leaning
    laws: Mapping[str, str]

    def __call__(self, turn: Turn, before: Sequence[Before], read: Callable[[str], Reading]) -> Heard:
        """What to answer a turn after those `before` it, oldest first. Reads the turn, and once more what is written out."""
        replied = followup.stand_alone(turn, before[-1] if before else None, self.laws)
        if replied is not turn:
            return self._answered_back(replied, read(replied.text))
        reading = read(turn.question)
        judgement = self.labeller.judge(reading.traits)
        told = [one for one in before if one.kind not in followup.WITHOUT_SUBJECT and one.vector.shape == reading.vector.shape]
        if not told or rules.certain(turn.question) or _sure(judgement, followup.WITHOUT_SUBJECT):
            return Heard(turn, _kept(reading.vector), judgement)
        last = told[-1]
        leans = self.leaning(turn.question, reading, last.question, last.vector)
        if not _takes_over(leans, judgement, last):
            return Heard(turn, _kept(reading.vector), judgement, None, leans)
        if _is_open(turn.question, leans, told) and last.kind not in GUARDED:
            return Heard(turn, _kept(reading.vector), replace(judgement, unclear=leans.open), None, leans)
        carried = carrying.write_out(turn.question, followup.subject(told))
        whole = read(carried.text)
        joined = join(self.labeller.judge(whole.traits), judgement, last)
        vector = (1 - OWN_SHARE) * whole.vector + OWN_SHARE * reading.vector
        return Heard(_written_out(turn, carried, last), _kept(vector), joined, carried, leans)

    def _answered_back(self, turn: Turn, reading: Reading) -> Heard:
        """A reply to what was asked back. The desk asks once: nothing about it is unclear any more."""
        judged = self.labeller.judge(reading.traits)
        return Heard(turn, _kept(reading.vector), replace(judged, unclear=0.0))


def join(whole: Judgement, alone: Judgement, last: Before) -> Judgement:
    """One judgement of a turn written out and as typed. A kind that must get no passages wins, whichever of them is of it, and
    also where the turn before was a request for evasion."""
    candidates = [whole, alone]
    if last.kind in STAYS and last.judgement:
        candidates.append(last.judgement)
    for judgement in candidates:
        if decide(judgement.kinds)[0] in GUARDED:
            return replace(whole, kinds=judgement.kinds)
    return replace(whole, kinds=alone.kinds) if _sure(alone, WANTED) else whole


def _sure(judgement: Judgement, kinds: Sequence[str]) -> bool:
    return decide(judgement.kinds)[0] in kinds and max(judgement.kinds.get(kind, 0.0) for kind in kinds) >= SURE


def _takes_over(leans: Leans, judgement: Judgement, last: Before) -> bool:
    """Whether a turn does not stand alone: it leans, is open, or leaves out what it is about, be that before or not."""
    lacks = max(leans.leaning + leans.open, judgement.unclear)
    return lacks >= (LACKS_AFTER_REFUSAL if last.kind in GUARDED else LACKS_AT)


def _is_open(text: str, leans: Leans, told: Sequence[Before]) -> bool:
    before = " ".join(part for one in told for part in (one.question, one.shown))
    another = references.names_what_nothing_before_does(text, before)
    return leans.open >= (OPEN_AT if another else OPEN_ALL_THE_SAME_AT)


def _written_out(turn: Turn, carried: Carried, last: Before) -> Turn:
    """The turn that stands alone. A law the visitor had chosen stays chosen until a turn names another."""
    laws = turn.jurisdictions or (() if named(turn.question) else last.jurisdictions)
    return replace(turn, meant=carried.text, jurisdictions=laws, language=turn.language or spoken(turn.question, last.language))


def spoken(text: str, before: Language) -> Language:
    """The language of a turn after one in the language `before`: a few Latin words may be of either language."""
    found = detect(text, before)
    few = len(text.split()) < 4
    return before if few and {found, before} == {"en", "de"} else found


def _kept(vector: Vectors) -> Half:
    """The vector in the precision that a receipt keeps, unit length."""
    kept: Half = (vector / np.linalg.norm(vector)).astype("<f2")
    return kept
