"""What adapting gains on a task whose questions are judged: adapt to one half of its documents, ask about the other."""

from __future__ import annotations

import contextlib
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from bot import publishing
from bot.adapting import check
from bot.adapting.adapt import Told, nearest, train
from bot.adapting.pairs import Question, pairs
from bot.knowledge import models
from bot.knowledge.embedder import Embedder
from bot.knowledge.models import Place
from bot.knowledge.search import Search
from bot.publishing import Publisher
from bot.quality import bootstrap, retrieval
from bot.quality.beir import Task
from bot.quality.retrieval import Score
from bot.vocabulary import Json

MEASURES = {name: retrieval.MEASURES[name] for name in ("ndcg@10", "hit@1", "recall@10")}


@dataclass(frozen=True, slots=True)
class Fold:
    """Documents to adapt to, the questions these answer alone, and the questions that they answer not at all."""

    learned: frozenset[str]
    questions: tuple[Question, ...]
    asked: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """The same questions before and after adapting."""

    pairs: int
    before: Sequence[Score]
    after: Sequence[Score]


def folds(documents: Sequence[str], questions: Sequence[Question], count: int) -> Iterator[Fold]:
    """Random halves of the documents, the same for the same documents."""
    for n in range(count):
        order = sorted(documents)
        random.Random(n).shuffle(order)  # noqa: S311 - no secret, a draw that can be made again
        half = frozenset(order[: len(order) // 2])
        inside = tuple(question for question in questions if half.issuperset(question.documents))
        yield Fold(half, inside, tuple(question for question in questions if half.isdisjoint(question.documents)))


def evaluate(told: Told, task: Task, count: int, minutes: float) -> Json:
    """The measures before and after, each fold and their means, with the interval of the gain; `minutes` is the time of a fold.

    The encoder is that of the settings, whatever is adopted over it. Nothing is kept.
    """
    base = publishing.by_setting(told.settings, told.say)
    with told.bar("embedding", "passages") as advance:
        before = Publisher(told.settings, told.prepare, told.say, base).apart([task.corpus], advance)
    documents = before[0].snapshot.documents
    questions = [Question(text, tuple(task.relevant[identity])) for identity, text, _ in task.queries]
    made = []
    for n, fold in enumerate(folds(list(documents), questions, count), 1):
        made.append(_measured(told, base, before, fold, minutes))
        told.say(f"fold {n} of {count}: " + _line(_row(made[-1])))
    return _summary(made)


def _measured(told: Told, base: Place, before: tuple[Search, Embedder], fold: Fold, minutes: float) -> Measured:
    search, encoder = before
    snapshot = search.snapshot
    found = pairs(snapshot.documents, snapshot.passages, fold.learned, fold.questions, nearest(search, encoder))
    with tempfile.TemporaryDirectory(prefix="bot-") as folder:
        trained = train(told, base, found, Path(folder), minutes)
        with _lent(told, Place(f"{base.name}, adapted", trained, base.base)) as adapted:
            with told.bar("checking", "passages") as advance:
                after = check.embedded_by(adapted, snapshot, told.settings, advance)
            return Measured(len(found), check.scores(fold.asked, search, encoder), check.scores(fold.asked, after, adapted))


@contextlib.contextmanager
def _lent(told: Told, place: Place) -> Iterator[Embedder]:
    """An encoder for a while: what was made to run it is removed behind it."""
    folder = publishing.models(told.settings)
    try:
        yield models.load_from(place, told.settings.backend, folder, told.say)
    finally:
        shutil.rmtree(models.graphs(folder, models.fingerprint(place)), ignore_errors=True)


def _row(made: Measured) -> Json:
    """One fold's measures."""
    measures = {
        name: {when: round(fmean(map(read, some)), 4) for when, some in (("before", made.before), ("after", made.after))}
        for name, read in MEASURES.items()
    }
    return {"pairs": made.pairs, "questions": len(made.before), **measures}


def _summary(made: Sequence[Measured]) -> Json:
    """The means over the folds, and the interval of the gain over all their questions."""
    rows = [_row(one) for one in made]
    before = [score for one in made for score in one.before]
    after = [score for one in made for score in one.after]
    result: Json = {"folds": len(rows)}
    for name, read in MEASURES.items():
        _, *ends = bootstrap.difference(list(map(read, after)), list(map(read, before)))
        means = {when: round(fmean(row[name][when] for row in rows), 4) for when in ("before", "after")}
        result[name] = {**means, "gain": [round(end, 4) for end in ends]}
    return {**result, "by_fold": rows}


def _line(row: Json) -> str:
    return ", ".join(f"{name} {row[name]['before']:.3f} to {row[name]['after']:.3f}" for name in MEASURES)
