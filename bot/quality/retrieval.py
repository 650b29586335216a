"""How well search finds the right documents: the usual measures over a BEIR task. Pure but for the search it is given."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.knowledge.embedder import Embedder
from bot.knowledge.language import detect
from bot.knowledge.search import Query, Search
from bot.knowledge.snapshot import Snapshot
from bot.quality import bootstrap
from bot.quality.beir import Task
from bot.vocabulary import Json

Ranking = Callable[[Sequence[str]], list[list[str]]]  # questions to ranked document ids each
DEPTH = 10
PASSAGES = 40  # enough for ten documents where some have several passages among the best


@dataclass(frozen=True, slots=True)
class Score:
    """One query's measures."""

    ndcg: float
    hit: float
    recall5: float
    recall10: float
    reciprocal_rank: float
    recalls: tuple[float, ...] = ()  # among the first one, two, … DEPTH documents


MEASURES: dict[str, Callable[[Score], float]] = {
    "ndcg@10": lambda one: one.ndcg,
    "hit@1": lambda one: one.hit,
    "recall@5": lambda one: one.recall5,
    "recall@10": lambda one: one.recall10,
    "mrr@10": lambda one: one.reciprocal_rank,
}


def evaluate(task: Task, rank: Ranking, documents: int) -> Json:
    """The measures over all queries, and by language where the task names them; `documents` is how many there are."""
    return of_scores(task, scores(task, rank), documents)


def scores(task: Task, rank: Ranking) -> list[Score]:
    """The measures of each query."""
    rankings = rank([text for _, text, _ in task.queries])
    return [score(found, task.relevant[identity]) for (identity, _, _), found in zip(task.queries, rankings, strict=True)]


def of_scores(task: Task, found: Sequence[Score], documents: int) -> Json:
    """Means over all queries and by language where the task names them, with 95 % `intervals`."""
    groups: dict[str, list[Score]] = {}
    for (_, _, language), one in zip(task.queries, found, strict=True):
        groups.setdefault(language, []).append(one)
    result = {"documents": documents, **_means(found)}
    if set(groups) != {""}:
        result["by_language"] = {language: _means(some) for language, some in sorted(groups.items())}
    return result


def beside(mine: Sequence[Score], theirs: Sequence[Score]) -> Json:
    """Another system's means over the same queries; `ours_less_theirs`: the paired difference of each and its 95 % interval."""
    gaps = {
        name: bootstrap.difference([read(one) for one in mine], [read(one) for one in theirs]) for name, read in MEASURES.items()
    }
    return {**_means(theirs), "ours_less_theirs": {name: [round(number, 4) for number in gap] for name, gap in gaps.items()}}


def score(ranked: Sequence[str], relevant: Mapping[str, int]) -> Score:
    """The measures of one ranking; gain is 2^grade - 1, discounted by log2(rank + 1)."""
    top = list(ranked[:DEPTH])
    ideal = sorted(relevant.values(), reverse=True)[:DEPTH]
    gained = sum(_gain(relevant.get(identity, 0), i) for i, identity in enumerate(top))
    possible = sum(_gain(grade, i) for i, grade in enumerate(ideal))
    first = next((i for i, identity in enumerate(top) if identity in relevant), None)
    recalls = tuple(len(set(top[:k]) & set(relevant)) / min(k, len(relevant)) for k in range(1, DEPTH + 1))
    return Score(
        ndcg=gained / possible,
        hit=float(first == 0),
        recall5=recalls[4],
        recall10=recalls[-1],
        reciprocal_rank=1 / (first + 1) if first is not None else 0.0,
        recalls=recalls,
    )


def _gain(grade: int, position: int) -> float:
    return float((2**grade - 1) / math.log2(position + 2))


def _means(found: Sequence[Score]) -> Json:
    measures = {name: [read(one) for one in found] for name, read in MEASURES.items()}
    return {"queries": len(found), **bootstrap.summary(measures, len(found))}


def by(search: Search, embedder: Embedder) -> Ranking:
    """Ranks documents by their best passage, as search finds it."""

    def rank(questions: Sequence[str]) -> list[list[str]]:
        vectors = embedder.questions(questions)
        hits = [search(Query(text, vector, detect(text)), PASSAGES) for text, vector in zip(questions, vectors, strict=True)]
        return [list(dict.fromkeys(hit.document.id for hit in found)) for found in hits]

    return rank


def by_vectors(search: Search, embedder: Embedder) -> Ranking:
    """Ranks documents by the nearness of their nearest passage alone: the plain use of an encoder."""
    snapshot = search.snapshot

    def rank(questions: Sequence[str]) -> list[list[str]]:
        found = [snapshot.dense.search(vector, PASSAGES)[0] for vector in embedder.questions(questions)]
        return [list(dict.fromkeys(snapshot.passages[row].document_id for row in rows)) for rows in found]

    return rank


def by_words(search: Search) -> Ranking:
    """Ranks documents by the words they share with the question alone (BM25)."""
    snapshot = search.snapshot

    def rank(questions: Sequence[str]) -> list[list[str]]:
        matches = [snapshot.sparse.match(text, detect(text)) for text in questions]
        return [_first(snapshot, np.argsort(-match.scores, kind="stable")) if match else [] for match in matches]

    return rank


def _first(snapshot: Snapshot, rows: npt.NDArray[np.int64]) -> list[str]:
    """The first DEPTH documents of these passages."""
    found: dict[str, None] = {}
    for row in rows:
        found[snapshot.passages[row].document_id] = None
        if len(found) == DEPTH:
            break
    return list(found)
