"""When agents said that their wrap-ups end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table is new."""
    op.create_table(
        "wrap_ups",
        sa.Column("offer", sa.Text, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("offer", name=op.f("pk_wrap_ups")),
    )
    op.create_index("ix_wrap_ups_until", "wrap_ups", ["until"])


def downgrade() -> None:
    """Wrap-ups that go on end when the line says."""
    op.drop_table("wrap_ups")
