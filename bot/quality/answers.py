"""How good answers are: right when given, refused when there is none. Pure but for the answering it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.dialogue.reply import Draft
from bot.quality.gold import Labelled
from bot.vocabulary import Json


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a labelled question."""

    answerable: bool
    answered: bool
    right: bool
    probability: float


def evaluate(questions: Sequence[Labelled], draft: Callable[[str], Draft], precision: float) -> Json:
    """The measures over labelled questions.

    `answered`: share with quotes; `precision`: share of these that cite a labelled document; `refused_unanswerable`: share of
    questions without a document that got no quotes; `auroc`: how well the evidence tells right from wrong quotes;
    `coverage_at_precision`: the largest share that could be answered at the wanted precision by the evidence alone.
    """
    outcomes = [_outcome(question, draft(question.question)) for question in questions]
    answered = [o for o in outcomes if o.answered]
    unanswerable = [o for o in outcomes if not o.answerable]
    answerable = [o for o in outcomes if o.answerable]
    return {
        "questions": len(outcomes),
        "answered": _share([o.answered for o in outcomes]),
        "answered_answerable": _share([o.answered for o in answerable]),
        "precision": _share([o.right for o in answered]),
        "refused_unanswerable": _share([not o.answered for o in unanswerable]),
        "auroc": _auroc(outcomes),
        "coverage_at_precision": _coverage(outcomes, precision),
    }


def _outcome(question: Labelled, draft: Draft) -> Outcome:
    cited = {quote.hit.document.id for quote in draft.quotes}
    answered = bool(draft.answer and draft.answer.citations)
    right = bool(cited & set(question.documents))
    return Outcome(bool(question.documents), answered, right, draft.probability or 0.0)


def _share(outcomes: Sequence[bool]) -> float | None:
    return round(sum(outcomes) / len(outcomes), 4) if outcomes else None


def _auroc(outcomes: Sequence[Outcome]) -> float | None:
    from sklearn.metrics import roc_auc_score

    right = [o.right for o in outcomes]
    if all(right) or not any(right):
        return None
    return round(float(roc_auc_score(right, [o.probability for o in outcomes])), 4)


def _coverage(outcomes: Sequence[Outcome], precision: float) -> float:
    order = sorted(outcomes, key=lambda o: -o.probability)
    right = np.cumsum([o.right for o in order])
    enough = [i + 1 for i, n in enumerate(right) if n / (i + 1) >= precision]
    return round(max(enough, default=0) / len(order), 4) if order else 0.0
