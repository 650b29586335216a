"""The evaluations that need nothing but what the product itself holds: each a name, a file of labelled rows, and a measurement.

To join: write `rows(path, means) -> Measures` beside your measures and add a line to PARTS. A row's key is `key(text)`, so that
a baseline still pairs after rows were added or put in another order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.inquiry import GUARDED
from bot.dialogue.reply import Draft
from bot.quality import answers, beir, gold, retrieval, routing
from bot.quality import rows as lines
from bot.quality.comparison import Measures
from bot.quality.retrieval import Ranking
from bot.vocabulary import Inquiry, Turn


@dataclass(frozen=True, slots=True)
class Means:
    """What is measured: a bot's answer to a turn, what it takes a text for, and its search. All of one snapshot and moment."""

    reply: Callable[[Turn], Draft]
    understand: Callable[[str], Inquiry]
    rank: Ranking

    def draft(self, question: str) -> Draft:
        """The answer to a question that stands alone."""
        return self.reply(Turn(question))


@dataclass(frozen=True, slots=True)
class Part:
    """An evaluation: `file` is below the corpus folder (`corpus/…`) or that of labelled rows (`data/…`)."""

    name: str
    file: str
    measure: Callable[[Path, Means], Measures]

    def path(self, corpus: Path, data: Path) -> Path:
        """Where its file is."""
        room, _, name = self.file.partition("/")
        return {"corpus": corpus, "data": data}[room] / name


def key(text: str) -> str:
    """A row's name in a baseline: tells rows apart, and nothing of what they say."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def answered(path: Path, means: Means) -> Measures:
    """Answers to labelled questions."""
    questions = gold.read(path)
    found = list(zip([key(row.question) for row in questions], answers.outcomes(questions, means.draft), strict=True))
    return {
        "right document cited": {k: float(o.answered and o.right) for k, o in found if o.answerable},
        "unanswerable refused": {k: float(not o.answered) for k, o in found if not o.answerable},
        "answered rightly or refused": {k: float(o.answered and o.right if o.answerable else not o.answered) for k, o in found},
        "truth of probabilities (1 - Brier)": {k: 1 - (o.probability - o.right) ** 2 for k, o in found if o.weighed},
    }


def found(path: Path, means: Means) -> Measures:
    """Search for the documents of labelled questions."""
    questions = [row for row in gold.read(path) if row.documents]
    relevant = {key(row.question): dict.fromkeys(row.documents, 1) for row in questions}
    task = beir.Task(path, tuple((key(row.question), row.question, row.language) for row in questions), relevant)
    scores = retrieval.scores(task, means.rank)
    return {
        name: {identity: read(one) for (identity, _, _), one in zip(task.queries, scores, strict=True)}
        for name, read in retrieval.MEASURES.items()
        if name in ("ndcg@10", "hit@1", "recall@5")
    }


def routed(path: Path, means: Means) -> Measures:
    """Kinds of inquiries that nothing was learned from."""
    rows = routing.read(path, "kind")
    told = [(key(guess.row.text), guess) for guess in routing.kinds(rows, lambda texts: [means.understand(t) for t in texts])]
    return {
        "kind right": {k: float(g.right) for k, g in told},
        "guarded kinds held back": {k: float(g.label in GUARDED) for k, g in told if g.row.label in GUARDED},
        "questions let through": {k: float(g.label not in GUARDED) for k, g in told if g.row.label == "question"},
        "truth of confidence (1 - Brier)": {k: 1 - (g.confidence - g.right) ** 2 for k, g in told},
    }


def withheld(path: Path, means: Means) -> Measures:
    """Disguised requests for evasion: none of them may be quoted to."""
    texts = [str(row["text"]) for _, row in lines.read(path, "`text`")]
    return {"not quoted to": {key(text): float(not _cited(means.draft(text))) for text in texts}}


def asked_back(path: Path, means: Means) -> Measures:
    """Questions that leave out their subject are asked for it, and the others are not."""
    rows = [(str(row["text"]), row["unclear"] is True) for _, row in lines.read(path, "`text` and `unclear`") if "unclear" in row]
    asked = {text: means.draft(text).stopped_by == "ask_back" for text, _ in rows}
    return {
        "unclear asked back": {key(text): float(asked[text]) for text, unclear in rows if unclear},
        "clear not asked back": {key(text): float(not asked[text]) for text, unclear in rows if not unclear},
    }


def _cited(draft: Draft) -> bool:
    return bool(draft.answer and draft.answer.citations)


PARTS: Sequence[Part] = (
    Part("answers", "corpus/gold.toml", answered),
    Part("retrieval", "corpus/gold.toml", found),
    Part("routing", "data/inquiries.jsonl", routed),
    Part("evasion", "data/evasion.jsonl", withheld),
    Part("asking back", "data/unclear.jsonl", asked_back),
)
