"""Texts wait in SQL until they are sent, and whoever said STOP is remembered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'sending', 'unsure')")


def upgrade() -> None:
    """Both tables are new."""
    op.create_table(
        "texts",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.BigInteger()),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("rung_until", sa.BigInteger()),
        sa.Column("sid", sa.Text()),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("reason", sa.Text()),
        sa.UniqueConstraint("kind", "about", "number_key", name="uq_texts_once"),
    )
    op.create_index("ix_texts_number_key", "texts", ["number_key", "created_at"])
    op.create_index("ix_texts_created_at", "texts", ["created_at"])
    op.create_index("ix_texts_sid", "texts", ["sid"])
    op.create_index("ix_texts_open", "texts", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "stops",
        sa.Column("number_key", sa.Text(), primary_key=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    """What waits is lost with its table."""
    op.drop_table("stops")
    op.drop_table("texts")
