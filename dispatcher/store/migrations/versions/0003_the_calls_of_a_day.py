"""The calls of a day are counted along an index."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Without it every look at the load would read every call ever made."""
    op.create_index("ix_calls_started_at", "calls", ["started_at"])


def downgrade() -> None:
    """As it was."""
    op.drop_index("ix_calls_started_at", table_name="calls")
