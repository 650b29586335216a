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
from bot.dialogue.rules import wants_evasion
from bot.knowledge.language import detect
from bot.vocabulary import Inquiry, InquiryKind, Language

Vectors = npt.NDArray[np.float32]
KINDS_FILE, TOPICS_FILE = "kinds.json", "topics.json"
TOPICLESS = ("off_topic", "smalltalk", "abuse")
GUARDED = ("circumvention", "screening", "prohibited_client")
GUARDED_AT = 0.4  # joint probability from which an inquiry is treated as the likeliest of these
LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Labeller:
    """The two classifiers an inquiry is labelled by."""

    kinds: Classifier
    topics: Classifier

    def __call__(self, text: str, vector: Vectors, language: Language | None = None) -> Inquiry:
        """The inquiry in a text; `vector` is its embedding, `language` the visitor's wish."""
        spoken = language or detect(text)
        laws = named(text)
        if not LETTERS.search(text):
            return Inquiry("abuse", None, spoken, laws, 1.0, {}, ("the text holds no letters",))
        scores = self.kinds(vector)
        kind, reason = ("circumvention", "asks for a way to hide or get around") if wants_evasion(text) else _decide(scores)
        topic = None if kind in TOPICLESS else _best(self.topics(vector))
        return Inquiry(cast("InquiryKind", kind), topic, spoken, laws, scores[kind], scores, (reason,))

    def to_files(self) -> dict[str, bytes]:
        """The labeller as files by name."""
        return {KINDS_FILE: self.kinds.to_json(), TOPICS_FILE: self.topics.to_json()}

    @classmethod
    def from_files(cls, read: Callable[[str], bytes]) -> Labeller:
        """The labeller of `to_files`' files; `read(name)` gives a file's bytes."""
        return cls(Classifier.from_json(read(KINDS_FILE)), Classifier.from_json(read(TOPICS_FILE)))


def fit_labeller(examples: Sequence[Example], vectors: Vectors) -> Labeller:
    """A labeller fitted on the examples; `vectors` are their embeddings, row by row."""
    topical = [i for i, example in enumerate(examples) if example.topic]
    return Labeller(
        fit(vectors, [example.kind for example in examples]),
        fit(vectors[topical], [examples[i].topic or "" for i in topical]),
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
