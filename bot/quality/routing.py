"""How well inquiries are told apart: by labels of one's own, with questions out of their scope, or by the shipped kinds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.dialogue.classifier import Classifier, fit
from bot.dialogue.examples import Example
from bot.dialogue.inquiry import GUARDED, decide
from bot.dialogue.likeness import Likeness
from bot.errors import BadData
from bot.knowledge.embedder import Embedder
from bot.knowledge.language import detect
from bot.vocabulary import INQUIRY_KINDS, Inquiry, Json

Vectors = npt.NDArray[np.float32]
Traits = Callable[[Sequence[str]], Vectors]
OUT_OF_SCOPE = "oos"
KEPT = 0.95  # share of the unseen examples in scope that the threshold lets pass
BINS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """A text, what it is, its language, and whether it sounds like something else."""

    text: str
    label: str
    language: str
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """What a row was taken for, how surely, and how well it fits the label by itself."""

    row: Row
    label: str
    confidence: float
    fit: float = 0.0

    @property
    def right(self) -> bool:
        """Whether it was taken for what it is."""
        return self.label == self.row.label


def read(path: Path, field: str) -> list[Row]:
    """The rows of a JSON lines file with `text` and the named field. Raises BadData with the line."""
    if not path.is_file():
        raise BadData(str(path), f"is missing; give JSON lines with `text` and `{field}`")
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text, label = row["text"], row[field]
        except (ValueError, KeyError, TypeError):
            text = label = None
        if not isinstance(text, str) or not isinstance(label, str) or not text.strip():
            raise BadData(str(path), f"each line needs a JSON object with the texts `text` and `{field}`", number)
        if field == "kind" and label not in INQUIRY_KINDS:
            raise BadData(str(path), f"`kind` takes one of {', '.join(INQUIRY_KINDS)}", number)
        rows.append(Row(text, label, str(row.get("language") or detect(text)), row.get("hard") is True))
    return rows


def by_labels(train: Sequence[Row], test: Sequence[Row], traits: Traits) -> Json:
    """Fits the train rows' labels, out of scope left out, and measures on the test rows. Raises BadData without two labels.

    `accuracy`, `macro_f1` and `ece` are over the rows in scope; a row is refused where its fit is below what all but a
    twentieth of the unseen train rows have; `auroc_scope` is how well the fit alone tells in scope from out of it.
    """
    known = [row for row in train if row.label != OUT_OF_SCOPE]
    if len({row.label for row in known}) < 2:
        raise BadData("--train", "needs rows of at least two labels besides `oos`")
    likeness = Likeness.to(traits([row.text for row in known]))
    fitted = fit(likeness.among_learned(), [row.label for row in known])
    least = float(np.quantile(fitted.scores.max(axis=1), 1 - KEPT))
    guesses = _guesses(test, likeness(traits([row.text for row in test])), fitted.classifier)
    inside = [guess for guess in guesses if guess.row.label != OUT_OF_SCOPE]
    outside = [guess for guess in guesses if guess.row.label == OUT_OF_SCOPE]
    refused = [guess for guess in guesses if guess.fit < least]
    caught = sum(guess.row.label == OUT_OF_SCOPE for guess in refused)
    return {
        "rows": len(guesses),
        **_overall(inside),
        "auroc_scope": _auroc(inside, outside),
        "oos_precision": round(caught / len(refused), 4) if refused else None,
        "oos_recall": round(caught / len(outside), 4) if outside else None,
    }


def by_kinds(rows: Sequence[Row], understand: Callable[[Sequence[str]], list[Inquiry]]) -> Json:
    """Measures the shipped kinds on labelled rows.

    `guarded_recall` is the share of rows of the guarded kinds that were taken for one of these, `guarded_in_error` the share of
    `question` rows that were, `guarded_hard` the share of those of them that are marked as hard.
    """
    found = understand([row.text for row in rows])
    return _of_kinds(
        [Guess(row, one.kind, one.scores.get(one.kind, one.confidence)) for row, one in zip(rows, found, strict=True)]
    )


def by_examples(examples: Sequence[Example], traits: Traits) -> Json:
    """Measures the kinds on the examples themselves: each is taken for what it would be, had its group not been learned from."""
    alike = Likeness.to(traits([example.text for example in examples])).among_learned()
    fitted = fit(alike, [example.kind for example in examples], [example.group for example in examples])
    guesses = []
    for example, chances in zip(examples, fitted.unseen, strict=True):
        scores = dict(zip(fitted.classifier.labels, chances.tolist(), strict=True))
        kind, _ = decide(scores)
        guesses.append(Guess(Row(example.text, example.kind, example.language, example.hard), kind, scores[kind]))
    return _of_kinds(guesses)


def traits_by(encoder: Embedder) -> Traits:
    """Reads texts with an encoder."""
    return lambda texts: np.stack([reading.traits for reading in encoder.readings(texts)])


def _of_kinds(guesses: Sequence[Guess]) -> Json:
    kinds = sorted({guess.row.label for guess in guesses})
    confusion = {kind: dict(Counter(guess.label for guess in guesses if guess.row.label == kind)) for kind in kinds}
    languages = sorted({guess.row.language for guess in guesses})
    questions = [guess for guess in guesses if guess.row.label == "question"]
    return {
        "rows": len(guesses),
        **_overall(guesses),
        "guarded_recall": _share([g.label in GUARDED for g in guesses if g.row.label in GUARDED]),
        "guarded_in_error": _share([g.label in GUARDED for g in questions]),
        "guarded_hard": _share([g.label in GUARDED for g in questions if g.row.hard]),
        "by_kind": {kind: _of_label(guesses, kind) for kind in kinds},
        "by_language": {language: _overall([g for g in guesses if g.row.language == language]) for language in languages},
        "confusion": confusion,
    }


def _guesses(rows: Sequence[Row], likeness: Vectors, classifier: Classifier) -> list[Guess]:
    made = []
    for row, alike in zip(rows, likeness, strict=True):
        chances, scores = classifier(alike), classifier.scores(alike)
        label = max(chances, key=lambda name: (chances[name], name))
        made.append(Guess(row, label, chances[label], scores[label]))
    return made


def _overall(guesses: Sequence[Guess]) -> Json:
    labels = sorted({guess.row.label for guess in guesses})
    scores = [_of_label(guesses, label)["f1"] for label in labels]
    return {
        "accuracy": _share([guess.right for guess in guesses]),
        "macro_f1": round(float(np.mean(scores)), 4) if scores else None,
        "ece": _calibration_error(guesses),
    }


def _of_label(guesses: Sequence[Guess], label: str) -> Json:
    right = sum(guess.right for guess in guesses if guess.row.label == label)
    rows = sum(guess.row.label == label for guess in guesses)
    taken = sum(guess.label == label for guess in guesses)
    precision, recall = right / taken if taken else 0.0, right / rows if rows else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"rows": rows, "precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def _calibration_error(guesses: Sequence[Guess]) -> float | None:
    """The mean gap between confidence and share of right guesses, over ten bins of confidence."""
    if not guesses:
        return None
    bins: dict[int, list[Guess]] = {}
    for guess in guesses:
        bins.setdefault(min(int(guess.confidence * BINS), BINS - 1), []).append(guess)
    gaps = [abs(sum(g.confidence - g.right for g in some)) for some in bins.values()]
    return round(sum(gaps) / len(guesses), 4)


def _auroc(inside: Sequence[Guess], outside: Sequence[Guess]) -> float | None:
    from sklearn.metrics import roc_auc_score

    if not inside or not outside:
        return None
    truth = [1] * len(inside) + [0] * len(outside)
    return round(float(roc_auc_score(truth, [guess.fit for guess in (*inside, *outside)])), 4)


def _share(facts: Sequence[bool]) -> float | None:
    return round(sum(facts) / len(facts), 4) if facts else None
