"""How well follow-ups are understood: what is found for a turn written out, as typed, and as a person wrote it out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np

from bot.dialogue import clarify
from bot.dialogue.followup import REMEMBERED, Before
from bot.dialogue.hearing import Heard, Hearing
from bot.dialogue.inquiry import understand
from bot.dialogue.reply import Draft, Reply
from bot.knowledge.embedder import Reading
from bot.knowledge.search import Query, Search
from bot.quality import bootstrap
from bot.quality.conversations import ANSWERABLE, UNANSWERABLE, UNDERSPECIFIED, Task
from bot.quality.separation import auroc
from bot.vocabulary import Json, Turn

Read = Callable[[str], Reading]
TOP = 5
PASSAGES = 40  # enough for five documents where some have several passages among the best
REMEMBERED_HISTORIES = 256


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a task: recall@5 as it was heard, as typed and as written out by a person (None: not known).

    `probability` is how likely the quotes answer, `open` whether the desk would ask back, `leaned` whether it was written out.
    """

    task: Task
    heard: Heard
    recall: float
    recall_alone: float
    recall_written_out: float | None
    probability: float
    open: bool

    @property
    def leaned(self) -> bool:
        """Whether the turn took something over."""
        return self.heard.carried is not None


class Examiner:
    """Asks the turns of conversations of one snapshot: what is understood and found, whatever kind each is taken for."""

    def __init__(self, hearing: Hearing, search: Search, reply: Reply, read: Read, moment: datetime) -> None:
        self._hearing, self._search, self._reply, self._read, self._moment = hearing, search, reply, read, moment
        self._before = lru_cache(maxsize=REMEMBERED_HISTORIES)(self._conversation)

    def __call__(self, task: Task) -> Asked:
        """What becomes of a task."""
        heard = self._hearing(
            Turn(task.question), self._before(tuple(zip(task.asked, task.told, strict=True)))[-REMEMBERED:], self._read
        )
        plain, written = self._plain(task.question), self._plain(task.written_out) if task.written_out else None
        return Asked(
            task=task,
            heard=heard,
            recall=self._recall(task, heard),
            recall_alone=self._recall(task, plain),
            recall_written_out=self._recall(task, written) if written else None,
            probability=self._probability(heard),
            open=clarify.is_open(heard.judgement),
        )

    def _conversation(self, turns: tuple[tuple[str, str], ...]) -> tuple[Before, ...]:
        """The turns of a conversation (what was asked, and told), each heard after those before it."""
        if not turns:
            return ()
        before, (asked, told) = self._before(turns[:-1]), turns[-1]
        heard = self._hearing(Turn(asked), before[-REMEMBERED:], self._read)
        inquiry = understand(heard.turn.text, heard.judgement, heard.turn.language)
        turn = Before(
            question=heard.turn.text,
            choices=(),
            waiting=False,
            typed=asked,
            leaned=heard.carried is not None,
            kind=inquiry.kind,
            language=inquiry.language,
            shown=told,
            judgement=heard.judgement,
            vector=heard.vector,
        )
        return (*before, turn)

    def _plain(self, text: str) -> Heard:
        return self._hearing(Turn(text), (), self._read)

    def _recall(self, task: Task, heard: Heard) -> float:
        if not task.documents:
            return 0.0
        language = understand(heard.turn.text, heard.judgement, heard.turn.language).language
        hits = self._search(Query(heard.turn.text, heard.vector, language, heard.turn.jurisdictions), PASSAGES)
        top = list(dict.fromkeys(hit.document.id for hit in hits))[:TOP]
        return len(set(top) & set(task.documents)) / min(TOP, len(set(task.documents)))

    def _probability(self, heard: Heard) -> float:
        draft = Draft(heard.turn, heard.vector, heard.judgement, self._moment)
        for step in (self._reply.understand, self._reply.send, self._reply.look_up, self._reply.weigh):
            draft = step(draft)
        return draft.probability or 0.0


def evaluate(found: Sequence[Asked]) -> Json:
    """The measures over tasks, their 95 % intervals, and the same by language.

    `recall@5`: of answerable turns as they were heard; `recall@5_written_out` and `recall@5_alone`: the same as a person wrote
    them out, and as typed; `lost`: what hearing loses against the person, over the same turns; `rewritten`: share of the turns
    that lean which were written out; `inherits_nothing`: share of the others that were left as they are; `auroc`: how well the
    gate's probability tells answerable turns from unanswerable ones; `clarified_underspecified`, `clarified_answerable`: share of
    these turns that would be asked back.
    """
    languages = sorted({one.task.language for one in found})
    by_language = {language: _measures([one for one in found if one.task.language == language]) for language in languages}
    return {**_measures(found), "by_language": by_language}


def as_lines(found: Sequence[Asked]) -> str:
    """What became of each turn, as JSON lines."""
    rows = (
        {
            "line": one.task.line,
            "question": one.task.question,
            "meant": one.heard.turn.text,
            "leans": one.task.leans,
            "probability_leans": one.heard.leans and one.heard.leans.leaning,
            "recall@5": one.recall,
            "recall@5_alone": one.recall_alone,
            "recall@5_written_out": one.recall_written_out,
            "answerability": one.task.answerability,
            "probability": round(one.probability, 4),
            "open": one.open,
        }
        for one in found
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _measures(found: Sequence[Asked]) -> Json:
    answerable = [one for one in found if one.task.answerability == ANSWERABLE]
    in_history = [one for one in answerable if one.task.asked and one.task.documents]
    written = [(one.recall, one.recall_written_out) for one in in_history if one.recall_written_out is not None]
    underspecified = [one for one in found if one.task.answerability == UNDERSPECIFIED]
    said = np.array([one.probability for one in found])
    labels = np.array([one.task.answerability for one in found])

    def separated(rows: bootstrap.Indices) -> float:
        told = rows[np.isin(labels[rows], (ANSWERABLE, UNANSWERABLE))]
        return auroc(said[told], labels[told] == ANSWERABLE)

    measures: dict[str, bootstrap.Values | bootstrap.Statistic] = {
        "recall@5": [one.recall for one in in_history],
        "recall@5_written_out": [theirs for _, theirs in written],
        "recall@5_alone": [one.recall_alone for one in in_history],
        "lost": [theirs - mine for mine, theirs in written],
        "rewritten": [one.leaned for one in found if one.task.leans],
        "inherits_nothing": [not one.leaned for one in found if one.task.leans is False],
        "auroc": separated,
        "clarified_underspecified": [one.open for one in underspecified],
        "clarified_answerable": [one.open for one in answerable],
    }
    return {"turns": len(found), "answerable": len(answerable), **bootstrap.summary(measures, len(found))}
