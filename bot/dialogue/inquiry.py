"""What kind of inquiry a text is, on what topic, in which language, under which law."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from bot.dialogue import rules
from bot.dialogue.classifier import Classifier, fit, spread
from bot.dialogue.examples import Example
from bot.dialogue.jurisdictions import named
from bot.dialogue.likeness import Likeness
from bot.knowledge.language import detect
from bot.vocabulary import Inquiry, InquiryKind, Judgement, Language

Vectors = npt.NDArray[np.float32]
FILE = "labeller.npz"
TOPICLESS = ("off_topic", "smalltalk", "abuse")
GUARDED = ("circumvention", "screening", "prohibited_client")
GUARDED_AT = 0.2  # joint probability from which an inquiry is treated as the likeliest of these
ASKING = ("question", "advice")  # kinds of which some do not say what they are about
PARTS = ("likeness", "kinds", "topics", "clarity")
CLEAR, UNCLEAR = "clear", "unclear"


@dataclass(frozen=True, slots=True)
class Labeller:
    """What an inquiry is labelled by: its likeness to the examples, and three classifiers over that."""

    likeness: Likeness
    kinds: Classifier
    topics: Classifier
    clarity: Classifier

    def judge(self, traits: Vectors) -> Judgement:
        """How likely each kind and topic is, and that the text does not say what it is about, by its traits."""
        alike = self.likeness(traits)
        return Judgement(self.kinds(alike), self.topics(alike), self.clarity(alike)[UNCLEAR])

    def to_bytes(self) -> bytes:
        """The labeller as the bytes of an npz file."""
        parts = {name: getattr(self, name).to_arrays() for name in PARTS}
        file = io.BytesIO()
        np.savez(file, **{f"{part}.{name}": array for part, arrays in parts.items() for name, array in arrays.items()})
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Labeller:
        """The labeller of `to_bytes`' bytes."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        kinds, topics, clarity = (Classifier.from_arrays(_part(arrays, name)) for name in PARTS[1:])
        return cls(Likeness.from_arrays(_part(arrays, PARTS[0])), kinds, topics, clarity)


def _part(arrays: Mapping[str, npt.NDArray[np.generic]], part: str) -> Mapping[str, npt.NDArray[np.generic]]:
    return {name.removeprefix(f"{part}."): array for name, array in arrays.items() if name.startswith(f"{part}.")}


def understand(text: str, judgement: Judgement, language: Language | None = None) -> Inquiry:
    """The inquiry in a text that was judged; `language` is the visitor's wish."""
    spoken = language or detect(text)
    laws = named(text)
    sure = rules.certain(text)
    if sure:
        return Inquiry(cast("InquiryKind", sure[0]), None, spoken, laws, 1.0, {}, (sure[1],))
    scores = judgement.kinds
    kind, reason = decide(scores)
    topic = None if kind in TOPICLESS else _best(judgement.topics)
    return Inquiry(cast("InquiryKind", kind), topic, spoken, laws, scores[kind], scores, (reason,))


def fit_labeller(examples: Sequence[Example], traits: Vectors) -> Labeller:
    """A labeller fitted on the examples; `traits` are theirs, row by row."""
    likeness = Likeness.to(traits)
    alike = likeness.among_learned()

    def learn(label: Callable[[Example], str | None]) -> Classifier:
        labels = [label(example) for example in examples]
        places = [i for i, found in enumerate(labels) if found]
        groups = [examples[i].group for i in places]
        fitted = fit(alike[np.ix_(places, places)], [labels[i] or "" for i in places], groups)
        return spread(fitted.classifier, places, len(examples))

    return Labeller(likeness, learn(lambda one: one.kind), learn(lambda one: one.topic), learn(_clarity))


def _clarity(example: Example) -> str | None:
    if example.kind not in ASKING:
        return None
    return UNCLEAR if example.unclear else CLEAR


def decide(scores: dict[str, float]) -> tuple[str, str]:
    """The kind to treat an inquiry as, by how likely each is, and why."""
    guarded = {kind: scores.get(kind, 0.0) for kind in GUARDED}
    joint = sum(guarded.values())
    if joint >= GUARDED_AT:
        kind = _best(guarded)
        return kind, f"reads like {kind} ({joint:.2f} that it is one of {', '.join(GUARDED)})"
    kind = _best({kind: score for kind, score in scores.items() if kind not in GUARDED})
    return kind, f"reads like {kind} ({scores[kind]:.2f})"


def _best(scores: dict[str, float]) -> str:
    return max(scores, key=lambda label: (scores[label], label))
