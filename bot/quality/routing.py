"""How well inquiries are told apart: by labels of one's own, with questions out of their scope, or by the shipped kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.dialogue.classifier import Classifier, fit
from bot.dialogue.examples import Example
from bot.dialogue.inquiry import decide
from bot.dialogue.likeness import Likeness
from bot.errors import BadData
from bot.knowledge.embedder import Embedder
from bot.knowledge.language import detect
from bot.quality import bootstrap, separation
from bot.quality import rows as lines
from bot.quality.guesses import Guess, Row, of_kinds, overall
from bot.vocabulary import INQUIRY_KINDS, Inquiry, Json

Vectors = npt.NDArray[np.float32]
Traits = Callable[[Sequence[str]], Vectors]
OUT_OF_SCOPE = "oos"
KEPT = 0.95  # share of the unseen examples in scope that the threshold lets pass


def read(path: Path, field: str) -> list[Row]:
    """The rows of a JSON lines file with `text` and the named field. Raises BadData with the line."""
    found = []
    for number, row in lines.read(path, f"`text` and `{field}`"):
        text, label = row.get("text"), row.get(field)
        if not isinstance(text, str) or not isinstance(label, str) or not text.strip():
            raise BadData(str(path), f"each line needs a JSON object with the texts `text` and `{field}`", number)
        if field == "kind" and label not in INQUIRY_KINDS:
            raise BadData(str(path), f"`kind` takes one of {', '.join(INQUIRY_KINDS)}", number)
        found.append(Row(text, label, str(row.get("language") or detect(text)), row.get("hard") is True))
    return found


@dataclass(frozen=True, slots=True)
class ByLabels:
    """Test rows and what they were taken for; below the fit `least` a row is refused."""

    guesses: tuple[Guess, ...]
    least: float

    @property
    def inside(self) -> list[Guess]:
        """The rows in scope."""
        return [guess for guess in self.guesses if guess.row.label != OUT_OF_SCOPE]


def labels(train: Sequence[Row], test: Sequence[Row], traits: Traits) -> ByLabels:
    """Fits the train rows' labels, out of scope left out, and tells the test rows. Raises BadData without two labels.

    A row is refused where its fit is below what all but a twentieth of the unseen train rows have.
    """
    known = [row for row in train if row.label != OUT_OF_SCOPE]
    if len({row.label for row in known}) < 2:
        raise BadData("--train", "needs rows of at least two labels besides `oos`")
    likeness = Likeness.to(traits([row.text for row in known]))
    fitted = fit(likeness.among_learned(), [row.label for row in known])
    least = float(np.quantile(fitted.scores.max(axis=1), 1 - KEPT))
    return ByLabels(tuple(_guesses(test, likeness(traits([row.text for row in test])), fitted.classifier)), least)


def of_labels(told: ByLabels) -> Json:
    """The measures of labels of one's own.

    `accuracy`, `macro_f1` and `ece` are over the rows in scope; `auroc_scope` is how well the fit alone tells in scope from out
    of it; `oos_precision` and `oos_recall` are of the refusals. `intervals`: 95 % ones.
    """
    fits = np.array([guess.fit for guess in told.guesses])
    inside = np.array([guess.row.label != OUT_OF_SCOPE for guess in told.guesses], dtype=bool)
    refused = fits < told.least
    scope = bootstrap.summary(
        {
            "auroc_scope": lambda rows: separation.auroc(fits[rows], inside[rows]),
            "oos_precision": ~inside[refused],
            "oos_recall": refused[~inside],
        },
        len(fits),
    )
    within = overall(told.inside)
    return {"rows": len(fits), **within, **scope, "intervals": {**within["intervals"], **scope["intervals"]}}


def kinds(rows: Sequence[Row], understand: Callable[[Sequence[str]], list[Inquiry]]) -> list[Guess]:
    """What labelled rows are taken for by the shipped kinds."""
    found = understand([row.text for row in rows])
    return [Guess(row, one.kind, one.scores.get(one.kind, one.confidence)) for row, one in zip(rows, found, strict=True)]


def unseen(examples: Sequence[Example], traits: Traits) -> list[Guess]:
    """The examples themselves, each taken for what it would be, had its group not been learned from."""
    alike = Likeness.to(traits([example.text for example in examples])).among_learned()
    fitted = fit(alike, [example.kind for example in examples], [example.group for example in examples])
    guesses = []
    for example, chances in zip(examples, fitted.unseen, strict=True):
        scores = dict(zip(fitted.classifier.labels, chances.tolist(), strict=True))
        kind, _ = decide(scores)
        guesses.append(Guess(Row(example.text, example.kind, example.language, example.hard), kind, scores[kind]))
    return guesses


def by_labels(train: Sequence[Row], test: Sequence[Row], traits: Traits) -> Json:
    """`of_labels` of `labels`."""
    return of_labels(labels(train, test, traits))


def by_kinds(rows: Sequence[Row], understand: Callable[[Sequence[str]], list[Inquiry]]) -> Json:
    """`of_kinds` of `kinds`."""
    return of_kinds(kinds(rows, understand))


def traits_by(encoder: Embedder) -> Traits:
    """Reads texts with an encoder."""
    return lambda texts: np.stack([reading.traits for reading in encoder.readings(texts)])


def _guesses(rows: Sequence[Row], likeness: Vectors, classifier: Classifier) -> list[Guess]:
    made = []
    for row, alike in zip(rows, likeness, strict=True):
        chances, scores = classifier(alike), classifier.scores(alike)
        label = max(chances, key=lambda name: (chances[name], name))
        made.append(Guess(row, label, chances[label], scores[label]))
    return made
