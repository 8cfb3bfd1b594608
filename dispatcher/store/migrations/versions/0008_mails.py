"""Mails wait in SQL until they are sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'sending')")


def upgrade() -> None:
    """The table is new."""
    op.create_table(
        "mails",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.BigInteger()),
        sa.Column("handed_at", sa.BigInteger()),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("rung_until", sa.BigInteger()),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("reason", sa.Text()),
        sa.UniqueConstraint("kind", "about", "address_key", name="uq_mails_once"),
    )
    op.create_index("ix_mails_created_at", "mails", ["created_at"])
    op.create_index("ix_mails_open", "mails", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    """What waits is lost with its table."""
    op.drop_table("mails")
