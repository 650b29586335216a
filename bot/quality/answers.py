"""How good answers are: right when given, refused when there is none. Pure but for the answering it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.dialogue.reply import Draft
from bot.knowledge.language import detect
from bot.quality import bootstrap, separation
from bot.quality.gold import Labelled
from bot.vocabulary import Json

WEIGHED = ("weigh", "write")  # the steps of a reply from which on its evidence counts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a labelled question; `right`: a document that answers it is among those quoted or nearly quoted.

    `kind` is what the question was taken for, `stopped_by` the step that gave the answer, `weighed` whether its evidence counted;
    `probability` is that of the evidence in any case.
    """

    language: str
    answerable: bool
    answered: bool
    right: bool
    probability: float
    stopped_by: str = ""
    weighed: bool = True
    kind: str = ""


def outcomes(questions: Sequence[Labelled], draft: Callable[[str], Draft]) -> list[Outcome]:
    """What becomes of each question."""
    return [_outcome(question, draft(question.question)) for question in questions]


def evaluate(found: Sequence[Outcome], precision: float) -> Json:
    """The measures over outcomes, and the same by language.

    `answered`: share with quotes; `precision`: share of these that cite a labelled document; `cited_right`: share of the
    questions that have one; `refused_unanswerable`: share of questions without a document that got no quotes; `auroc`: how well
    the evidence tells right from wrong quotes; `coverage_at_precision`: the largest share that could be answered at the wanted
    precision by the evidence alone. `intervals` holds the 95 % intervals of these.
    """
    languages = sorted({outcome.language for outcome in found})
    by_language = {language: _measures([o for o in found if o.language == language], precision) for language in languages}
    return {**_measures(found, precision), "by_language": by_language}


def _measures(found: Sequence[Outcome], precision: float) -> Json:
    answered, right = np.array([o.answered for o in found], bool), np.array([o.right for o in found], bool)
    answerable, said = np.array([o.answerable for o in found], bool), np.array([o.probability for o in found])
    measures: dict[str, bootstrap.Values | bootstrap.Statistic] = {
        "answered": answered,
        "answered_answerable": answered[answerable],
        "cited_right": (answered & right)[answerable],
        "precision": right[answered],
        "refused_unanswerable": ~answered[~answerable],
        "auroc": lambda rows: separation.auroc(said[rows], right[rows]),
        "coverage_at_precision": lambda rows: separation.coverage(said[rows], right[rows], precision),
    }
    return {"questions": len(found), "answerable": int(answerable.sum()), **bootstrap.summary(measures, len(found))}


def _outcome(question: Labelled, draft: Draft) -> Outcome:
    cited = {quote.hit.document.id for quote in draft.quotes}
    answered = bool(draft.answer and draft.answer.citations)
    right = bool(cited & set(question.documents))
    language = question.language or detect(question.question)
    kind = draft.inquiry.kind if draft.inquiry else ""
    return Outcome(
        language,
        bool(question.documents),
        answered,
        right,
        draft.probability or 0.0,
        draft.stopped_by,
        draft.stopped_by in WEIGHED,
        kind,
    )
