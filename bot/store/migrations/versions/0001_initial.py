"""Conversations, answers with their citations, staff keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Makes the first tables."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn_conversation_id", sa.Text),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("language_wish", sa.Text),
        sa.Column("jurisdictions", sa.JSON, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Column("judgement", sa.JSON, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("steps", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_answers_conversation_id", ondelete="CASCADE"),
    )
    op.create_index("ix_answers_conversation_id_asked_at", "answers", ["conversation_id", "asked_at"])
    _citations()
    op.create_table(
        "keys",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_keys"),
    )


def _citations() -> None:
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


def downgrade() -> None:
    """Removes every table, and what is in it."""
    for table in ("keys", "answer_citations", "answers", "conversations"):
        op.drop_table(table)
