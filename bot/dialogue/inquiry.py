"""What kind of inquiry a text is, on what topic, in which language, under which law."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from bot.dialogue.classifier import Classifier, fit
from bot.dialogue.examples import Example
from bot.dialogue.jurisdictions import named
from bot.knowledge.language import detect
from bot.vocabulary import Inquiry, InquiryKind, Judgement, Language

Vectors = npt.NDArray[np.float32]
KINDS_FILE, TOPICS_FILE = "kinds.npz", "topics.npz"
TOPICLESS = ("off_topic", "smalltalk", "abuse")
GUARDED = ("circumvention", "screening", "prohibited_client")
GUARDED_AT = 0.2  # joint probability from which an inquiry is treated as the likeliest of these
LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Labeller:
    """The two classifiers an inquiry is labelled by."""

    kinds: Classifier
    topics: Classifier

    def judge(self, traits: Vectors) -> Judgement:
        """How likely each kind and topic is, by the traits of a text."""
        return Judgement(self.kinds(traits), self.topics(traits))

    def to_files(self) -> dict[str, bytes]:
        """The labeller as files by name."""
        return {KINDS_FILE: self.kinds.to_bytes(), TOPICS_FILE: self.topics.to_bytes()}

    @classmethod
    def from_files(cls, read: Callable[[str], bytes]) -> Labeller:
        """The labeller of `to_files`' files; `read(name)` gives a file's bytes."""
        return cls(Classifier.from_bytes(read(KINDS_FILE)), Classifier.from_bytes(read(TOPICS_FILE)))


def understand(text: str, judgement: Judgement, language: Language | None = None) -> Inquiry:
    """The inquiry in a text that was judged; `language` is the visitor's wish."""
    spoken = language or detect(text)
    laws = named(text)
    if not LETTERS.search(text):
        return Inquiry("abuse", None, spoken, laws, 1.0, {}, ("the text holds no letters",))
    scores = judgement.kinds
    kind, reason = _decide(scores)
    topic = None if kind in TOPICLESS else _best(judgement.topics)
    return Inquiry(cast("InquiryKind", kind), topic, spoken, laws, scores[kind], scores, (reason,))


def fit_labeller(examples: Sequence[Example], traits: Vectors) -> Labeller:
    """A labeller fitted on the examples; `traits` are theirs, row by row."""
    topical = [i for i, example in enumerate(examples) if example.topic]
    return Labeller(
        fit(traits, [example.kind for example in examples], [example.group for example in examples]).classifier,
        fit(traits[topical], [examples[i].topic or "" for i in topical], [examples[i].group for i in topical]).classifier,
    )


def _decide(scores: dict[str, float]) -> tuple[str, str]:
    guarded = {kind: scores.get(kind, 0.0) for kind in GUARDED}
    joint = sum(guarded.values())
    if joint >= GUARDED_AT:
        kind = _best(guarded)
        return kind, f"reads like {kind} ({joint:.2f} that it is one of {', '.join(GUARDED)})"
    kind = _best({kind: score for kind, score in scores.items() if kind not in GUARDED})
    return kind, f"reads like {kind} ({scores[kind]:.2f})"


def _best(scores: dict[str, float]) -> str:
    return max(scores, key=lambda label: (scores[label], label))
