"""How well search finds the right documents: the usual measures over a BEIR task. Pure but for the search it is given."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from bot.knowledge.embedder import Embedder
from bot.knowledge.language import detect
from bot.knowledge.search import Query, Search
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


def evaluate(task: Task, rank: Ranking, documents: int) -> Json:
    """The measures over all queries, and by language where the task names them."""
    rankings = rank([text for _, text, _ in task.queries])
    scores = [score(found, task.relevant[identity]) for (identity, _, _), found in zip(task.queries, rankings, strict=True)]
    groups: dict[str, list[Score]] = {}
    for (_, _, language), one in zip(task.queries, scores, strict=True):
        groups.setdefault(language, []).append(one)
    result = {"documents": documents, **_means(scores)}
    if set(groups) != {""}:
        result["by_language"] = {language: _means(some) for language, some in sorted(groups.items())}
    return result


def score(ranked: Sequence[str], relevant: Mapping[str, int]) -> Score:
    """The measures of one ranking; gain is 2^grade - 1, discounted by log2(rank + 1)."""
    top = list(ranked[:DEPTH])
    ideal = sorted(relevant.values(), reverse=True)[:DEPTH]
    gained = sum(_gain(relevant.get(identity, 0), i) for i, identity in enumerate(top))
    possible = sum(_gain(grade, i) for i, grade in enumerate(ideal))
    first = next((i for i, identity in enumerate(top) if identity in relevant), None)
    return Score(
        ndcg=gained / possible,
        hit=float(first == 0),
        recall5=len(set(top[:5]) & set(relevant)) / min(5, len(relevant)),
        recall10=len(set(top) & set(relevant)) / min(DEPTH, len(relevant)),
        reciprocal_rank=1 / (first + 1) if first is not None else 0.0,
    )


def _gain(grade: int, position: int) -> float:
    return float((2**grade - 1) / math.log2(position + 2))


def _means(scores: Sequence[Score]) -> Json:
    return {
        "queries": len(scores),
        "ndcg@10": round(fmean(s.ndcg for s in scores), 4),
        "hit@1": round(fmean(s.hit for s in scores), 4),
        "recall@5": round(fmean(s.recall5 for s in scores), 4),
        "recall@10": round(fmean(s.recall10 for s in scores), 4),
        "mrr@10": round(fmean(s.reciprocal_rank for s in scores), 4),
    }


def by(search: Search, embedder: Embedder) -> Ranking:
    """Ranks documents by their best passage, as search finds it."""

    def rank(questions: Sequence[str]) -> list[list[str]]:
        vectors = embedder.questions(questions)
        hits = [search(Query(text, vector, detect(text)), PASSAGES) for text, vector in zip(questions, vectors, strict=True)]
        return [list(dict.fromkeys(hit.document.id for hit in found)) for found in hits]

    return rank
