"""Whoever is promised a callback may leave a message; a request may be another service's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('expected', 'kept')")


def upgrade() -> None:
    """The table and the column are new."""
    op.add_column("callbacks", sa.Column("redirected_to", sa.LargeBinary()))
    op.create_table(
        "messages",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("call", sa.Text(), sa.ForeignKey("calls.sid"), nullable=False, unique=True),
        sa.Column("callback", sa.Text(), sa.ForeignKey("callbacks.id"), index=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.BigInteger()),
        sa.Column("sound", sa.LargeBinary()),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("rung_until", sa.BigInteger()),
    )
    op.create_index(
        "ix_messages_open", "messages", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )


def downgrade() -> None:
    """What was said is lost with its table; what the carrier still has stays there."""
    op.drop_table("messages")
    op.drop_column("callbacks", "redirected_to")
