"""Unanswered questions in the order they were asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

UNANSWERED = sa.text("status <> 'answered'")


def upgrade() -> None:
    """Makes the index."""
    op.create_index("ix_answers_unanswered", "answers", ["asked_at", "id"], sqlite_where=UNANSWERED, postgresql_where=UNANSWERED)


def downgrade() -> None:
    """Removes the index."""
    op.drop_index("ix_answers_unanswered", "answers")
