"""Who was shown a document or a passage: the answers that quoted it and the words they quoted, read off an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from sqlalchemy import Row, Select, and_, bindparam, desc, func, select, tuple_, type_coerce

from bot.paging import Place
from bot.store.database import Database
from bot.store.tables import Moment, Words, answer_citations, answers, quotes

Part = Literal["document", "passage"]
PARTS: tuple[Part, ...] = get_args(Part)
MOST = 2**31 - 2
# since ever, and behind nothing: one statement serves with bounds and without
_EVER, _NEVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
_BREAK = "\n"  # no id holds one


@dataclass(frozen=True, slots=True)
class Subject:
    """What is recalled: a document or a single passage, by its id."""

    part: Part
    id: str


@dataclass(frozen=True, slots=True)
class Quoting:
    """An answer that quoted the subject; `passages` are the ids of those of the subject's passages that it quoted."""

    answer_id: str
    conversation_id: str
    asked_at: datetime
    language: str
    kind: str
    snapshot: str
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """The answers of one language that quoted the subject: how many, in how many conversations, asked when first and last."""

    language: str
    answers: int
    conversations: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """Words of the subject as answers in `language` quoted them, how often, and asked when first and last.

    `title` and `written_in` are the document's title and language at that time.
    """

    language: str
    document_id: str
    passage_id: str
    title: str
    written_in: str
    text: str
    answers: int
    first: datetime
    last: datetime


class Recall:
    """Finds what quoted a subject, from the moment `since` (that moment included) where one is given."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def subject(self, identity: str) -> Subject | None:
        """What an id names among all that was ever quoted: a document before a passage; None if it was never quoted."""
        return next((one for part in PARTS if self.knows(one := Subject(part, identity))), None)

    def knows(self, subject: Subject) -> bool:
        """Whether any answer ever quoted the subject."""
        return bool(self._rows(_KNOWN[subject.part], subject))

    def answers(
        self, subject: Subject, since: datetime | None = None, limit: int = MOST, after: Place | None = None
    ) -> tuple[list[Quoting], Place | None]:
        """At most `limit` answers, newest first, those behind `after` if given; and where to go on, None at the end."""
        behind = after or Place(_NEVER, "")
        values = {"at": behind.at, "answer": behind.id, "limit": limit + 1}
        found = self._rows(_NEWEST[subject.part], subject, since, **values)
        page = [_quoting(row) for row in found[:limit]]
        return page, Place(page[-1].asked_at, page[-1].answer_id) if len(found) > limit else None

    def shares(self, subject: Subject, since: datetime | None = None) -> list[Share]:
        """How many answers, by their language; the language of the most first."""
        return [Share(*tuple(row)) for row in self._rows(_SHARES[subject.part], subject, since)]

    def conversations(self, subject: Subject, since: datetime | None = None) -> int:
        """How many conversations are concerned; one that went on in another language counts in both of its shares, here once."""
        return int(self._rows(_CONVERSATIONS[subject.part], subject, since)[0][0])

    def shown(self, subject: Subject, since: datetime | None = None) -> list[Shown]:
        """The different words that were quoted, by the language of the answers; those shown most often first."""
        return [Shown(*tuple(row)) for row in self._rows(_QUOTED[subject.part], subject, since)]

    def _rows(self, statement: Select[Any], subject: Subject, since: datetime | None = None, **values: object) -> list[Row[Any]]:
        with self._database.read() as connection:
            return list(connection.execute(statement, {"id": subject.id, "since": since or _EVER, **values}))


def _quoting(row: Row[Any]) -> Quoting:
    return Quoting(
        row.answer_id,
        row.conversation_id,
        row.asked_at,
        row.language,
        row.kind,
        row.snapshot,
        tuple(sorted(set(row.passages.split(_BREAK)))),
    )


_CITED = answer_citations.c
_IS: Mapping[Part, Any] = {
    "document": and_(_CITED.document_id == bindparam("id"), _CITED.asked_at >= bindparam("since")),
    "passage": and_(_CITED.passage_id == bindparam("id"), _CITED.asked_at >= bindparam("since")),
}
_SPAN = (func.min(_CITED.asked_at), func.max(_CITED.asked_at))


def _newest(part: Part) -> Select[Any]:
    """One row an answer, in the order of the index; only answers of the page are looked at themselves."""
    behind = tuple_(bindparam("at", type_=Moment), bindparam("answer", type_=Words))
    page = (
        select(
            _CITED.asked_at,
            _CITED.answer_id,
            func.min(_CITED.language).label("language"),
            func.min(_CITED.conversation_id).label("conversation_id"),
            type_coerce(func.aggregate_strings(_CITED.passage_id, _BREAK), Words).label("passages"),
        )
        .where(_IS[part], tuple_(_CITED.asked_at, _CITED.answer_id) < behind)
        .group_by(_CITED.asked_at, _CITED.answer_id)
        .order_by(desc(_CITED.asked_at), desc(_CITED.answer_id))
        .limit(bindparam("limit"))
        .subquery()
    )
    one = page.c
    return (
        select(one.answer_id, one.conversation_id, one.asked_at, one.language, answers.c.kind, answers.c.snapshot, one.passages)
        .join_from(page, answers, answers.c.id == one.answer_id)
        .order_by(desc(one.asked_at), desc(one.answer_id))
    )


def _shares(part: Part) -> Select[Any]:
    many = func.count(_CITED.answer_id.distinct())
    columns = (_CITED.language, many, func.count(_CITED.conversation_id.distinct()), *_SPAN)
    return select(*columns).where(_IS[part]).group_by(_CITED.language).order_by(desc(many), _CITED.language)


def _quoted(part: Part) -> Select[Any]:
    many = func.count(_CITED.answer_id.distinct()).label("answers")
    first, last = _SPAN
    counted = (
        select(_CITED.language, _CITED.quote_id, many, first.label("first"), last.label("last"))
        .where(_IS[part])
        .group_by(_CITED.language, _CITED.quote_id)
        .subquery()
    )
    q, c = quotes.c, counted.c
    return (
        select(c.language, q.document_id, q.passage_id, q.title, q.language, q.text, c.answers, c.first, c.last)
        .join_from(counted, quotes, q.id == c.quote_id)
        .order_by(c.language, desc(c.answers), q.passage_id, q.id)
    )


_KNOWN = {part: select(_CITED.answer_id).where(_IS[part]).limit(1) for part in PARTS}
_CONVERSATIONS = {part: select(func.count(_CITED.conversation_id.distinct())).where(_IS[part]) for part in PARTS}
_NEWEST = {part: _newest(part) for part in PARTS}
_SHARES = {part: _shares(part) for part in PARTS}
_QUOTED = {part: _quoted(part) for part in PARTS}
