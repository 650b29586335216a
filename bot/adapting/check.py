"""Whether an encoder finds more than another: the same questions asked of the same documents by the search that answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from bot import publishing
from bot.adapting.pairs import Question
from bot.knowledge.dense import DenseIndex
from bot.knowledge.embedder import Embedder
from bot.knowledge.lens import Lens
from bot.knowledge.search import Search
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.vectors import Progress, embed
from bot.quality import retrieval
from bot.quality.bootstrap import difference
from bot.quality.retrieval import Score
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Gain:
    """Two encoders on the same questions: mean nDCG@10 and hit@1 of each, and the interval of the difference in nDCG@10."""

    questions: int
    ndcg_before: float
    ndcg_after: float
    hit_before: float
    hit_after: float
    least: float
    most: float

    @property
    def beyond_noise(self) -> bool:
        """Whether the second is better, and not by chance."""
        return self.least > 0

    def __str__(self) -> str:
        return (
            f"nDCG@10 {self.ndcg_before:.3f} to {self.ndcg_after:.3f} "
            f"({self.ndcg_after - self.ndcg_before:+.3f}, interval {self.least:+.3f} to {self.most:+.3f}), "
            f"hit@1 {self.hit_before:.3f} to {self.hit_after:.3f}, on {self.questions} questions kept aside"
        )


def gain(before: Sequence[Score], after: Sequence[Score]) -> Gain:
    """Compares the measures of the same questions, resampled in pairs."""
    _, least, most = difference([one.ndcg for one in after], [one.ndcg for one in before])
    return Gain(
        questions=len(before),
        ndcg_before=fmean(one.ndcg for one in before),
        ndcg_after=fmean(one.ndcg for one in after),
        hit_before=fmean(one.hit for one in before),
        hit_after=fmean(one.hit for one in after),
        least=least,
        most=most,
    )


def scores(questions: Sequence[Question], search: Search, encoder: Embedder) -> list[Score]:
    """How well each question's documents are found."""
    found = retrieval.by(search, encoder)([question.text for question in questions])
    return [retrieval.score(ranked, dict.fromkeys(q.documents, 1)) for q, ranked in zip(questions, found, strict=True)]


def embedded_by(encoder: Embedder, snapshot: Snapshot, settings: Settings, progress: Progress) -> Search:
    """A search over the same passages, as an ingest by another encoder would make it."""
    made = embed(snapshot.passages, snapshot.documents, None, lambda: encoder, progress)
    languages = [snapshot.documents[passage.document_id].language for passage in snapshot.passages]
    return Search(
        replace(
            snapshot,
            dense=DenseIndex.build(made.dense, settings.exact_limit),
            sentences=made.sentences,
            lens=Lens.fit(made.dense, languages, publishing.usual_questions(settings, encoder)),
        )
    )
