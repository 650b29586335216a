"""What a turn means and where its visitor is; the words of every quote, so that whoever was shown them can be told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

QUOTE = ("id", "document_id", "passage_id", "title", "language", "text")
SHOWN = ("asked_at", "answer_id", "language", "conversation_id", "quote_id")
AT_ONCE = 500  # answers
quotes = sa.table("quotes", *map(sa.column, QUOTE))
cited = sa.table("answer_citations", *map(sa.column, (*SHOWN, "document_id", "passage_id")))


def upgrade() -> None:
    """Adds columns, and makes the citations anew from the answers as they were sent."""
    op.add_column("answers", sa.Column("meant", sa.Text))
    op.add_column("answers", sa.Column("time_zone", sa.Text))
    op.drop_table("answer_citations")
    _new_tables()
    connection = op.get_bind()
    for rows in _answers(connection):
        _cite(connection, rows)


def downgrade() -> None:
    """Goes back to ids alone; what was quoted stays in the answers' bodies."""
    connection = op.get_bind()
    kept = connection.execute(sa.select(cited.c.answer_id, cited.c.document_id, cited.c.passage_id).distinct()).all()
    op.drop_table("answer_citations")
    op.drop_table("quotes")
    _old_citations()
    old = sa.table("answer_citations", *map(sa.column, ("answer_id", "document_id", "passage_id")))
    if kept:
        connection.execute(sa.insert(old), [dict(row._mapping) for row in kept])
    op.drop_column("answers", "time_zone")
    op.drop_column("answers", "meant")


def _new_tables() -> None:
    op.create_table(
        "quotes",
        *(sa.Column(name, sa.Text, nullable=False) for name in QUOTE),
        sa.PrimaryKeyConstraint("id", name="pk_quotes"),
    )
    op.create_table(
        "answer_citations",
        sa.Column("answer_id", sa.Text, nullable=False),
        sa.Column("quote_id", sa.Text, nullable=False),
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("passage_id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "quote_id", name="pk_answer_citations"),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="fk_answer_citations_answer_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name="fk_answer_citations_quote_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answer_citations_document", "answer_citations", ["document_id", *SHOWN, "passage_id"])
    op.create_index("ix_answer_citations_passage", "answer_citations", ["passage_id", *SHOWN])


def _old_citations() -> None:
    op.create_table(
        "answer_citations",
        sa.Column("answer_id", sa.Text, nullable=False),
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("passage_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "document_id", "passage_id", name="pk_answer_citations"),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="fk_answer_citations_answer_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answer_citations_document_id_answer_id", "answer_citations", ["document_id", "answer_id"])
    op.create_index("ix_answer_citations_passage_id_answer_id", "answer_citations", ["passage_id", "answer_id"])


def _answers(connection: sa.Connection) -> Iterator[list[sa.Row[tuple[str, str, object, str]]]]:
    """All answers, some at a time, by id."""
    moment = sa.column("asked_at", sa.DateTime(timezone=True))
    answers = sa.table("answers", sa.column("id"), sa.column("conversation_id"), moment, sa.column("body"))
    last = ""
    while rows := connection.execute(sa.select(answers).where(answers.c.id > last).order_by(answers.c.id).limit(AT_ONCE)).all():
        last = rows[-1].id
        yield list(rows)


def _cite(connection: sa.Connection, answers: list[sa.Row[tuple[str, str, object, str]]]) -> None:
    known: dict[str, dict[str, str]] = {}
    shown: dict[tuple[str, str], dict[str, object]] = {}
    for answer in answers:
        body = json.loads(answer.body)
        for citation in body.get("citations", []):
            quote = _quote(citation)
            known[quote["id"]] = quote
            place = {"document_id": quote["document_id"], "passage_id": quote["passage_id"], "language": body["language"]}
            when = {"answer_id": answer.id, "conversation_id": answer.conversation_id, "asked_at": answer.asked_at}
            shown[answer.id, quote["id"]] = {**place, **when, "quote_id": quote["id"]}
    there = set(connection.scalars(sa.select(quotes.c.id).where(quotes.c.id.in_(known)))) if known else set()
    if new := [quote for identity, quote in known.items() if identity not in there]:
        connection.execute(sa.insert(quotes), new)
    if shown:
        connection.execute(sa.insert(cited), list(shown.values()))


def _quote(citation: dict[str, str]) -> dict[str, str]:
    named = {"document_id": "document_id", "passage_id": "passage_id", "title": "title", "language": "language", "text": "quote"}
    row = {column: citation[key] for column, key in named.items()}
    digest = hashlib.blake2b(json.dumps(list(row.values())).encode(), digest_size=12)
    return row | {"id": digest.hexdigest()}
