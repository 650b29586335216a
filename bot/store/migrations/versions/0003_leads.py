"""Leads, their letters, and what keeps them single, private and recoverable."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

LEAD_TEXTS = (
    ("language", "kind", "subject"),
    ("name", "email", "email_key", "company", "country"),
    ("goods", "topic", "message", "preferred_time"),
    ("established", "on_behalf", "listed_party", "consent_version", "consent_text"),
)


def upgrade() -> None:
    """Makes the tables of leads."""
    _leads()
    _letters()
    _singles()
    _records()


def downgrade() -> None:
    """Removes the tables of leads, and what is in them."""
    for table in ("alarms", "webhooks", "backups", "erasures", "secrets", "spent_challenges", "lead_keys", "letters", "leads"):
        op.drop_table(table)


def _leads() -> None:
    first, person, matter, consent = ([_text(name) for name in group] for group in LEAD_TEXTS)
    op.create_table(
        "leads",
        _text("id"),
        _moment("received_at"),
        _text("status"),
        _text("desk"),
        sa.Column("priority", sa.Integer, nullable=False),
        *first,
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("suspicions", sa.JSON, nullable=False),
        *person,
        sa.Column("countries", sa.JSON, nullable=False),
        *matter,
        sa.Column("urgent", sa.Boolean, nullable=False),
        *consent,
        _moment("consented_at"),
        sa.Column("conversation_id", sa.Text),
        sa.Column("transcript", sa.Boolean, nullable=False),
        sa.Column("content_hash", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_leads"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_leads_conversation_id", ondelete="SET NULL"),
    )
    _index("leads", "content_hash", "received_at")
    _index("leads", "received_at", "id")
    for column in ("email_key", "conversation_id", "status"):
        _index("leads", column)


def _letters() -> None:
    op.create_table(
        "letters",
        *map(_text, ("id", "lead_id", "sort", "recipient", "message_id", "state")),
        _moment("queued_at"),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("handed_over", sa.Integer, nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        sa.Column("claimed_by", sa.Text),
        sa.Column("last_error", sa.Text),
        sa.Column("ambiguous", sa.Boolean, nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        _of_a_lead("letters"),
    )
    op.create_index("ix_letters_message_id", "letters", ["message_id"], unique=True)
    _index("letters", "lead_id")
    _index("letters", "state", "next_at")


def _singles() -> None:
    op.create_table(
        "lead_keys",
        sa.Column("key_hash", sa.LargeBinary, nullable=False),
        sa.Column("body_hash", sa.LargeBinary, nullable=False),
        _text("lead_id"),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("key_hash", name="pk_lead_keys"),
        _of_a_lead("lead_keys"),
    )
    _index("lead_keys", "lead_id")
    _index("lead_keys", "created_at")
    op.create_table(
        "spent_challenges", _text("id"), _moment("expires_at"), sa.PrimaryKeyConstraint("id", name="pk_spent_challenges")
    )
    _index("spent_challenges", "expires_at")


def _records() -> None:
    op.create_table(
        "secrets",
        _text("name"),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secrets"),
    )
    op.create_table(
        "erasures",
        _text("id"),
        _moment("erased_at"),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
    _index("erasures", "digest")
    op.create_table(
        "backups",
        _text("id"),
        _moment("made_at"),
        _text("file"),
        sa.Column("sha256", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_backups"),
    )
    op.create_table(
        "webhooks",
        _text("url"),
        sa.Column("disabled_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("url", name="pk_webhooks"),
    )
    op.create_table(
        "alarms",
        _text("name"),
        _moment("raised_at"),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("name", name="pk_alarms"),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _of_a_lead(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=f"fk_{table}_lead_id", ondelete="CASCADE")
