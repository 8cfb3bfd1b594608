"""A callback may be booked for a half-hour of an agent's, or wished for after a time of day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What people chose, and whose half-hours were promised."""
    op.add_column("callbacks", sa.Column("not_before", sa.Integer))
    op.add_column("callbacks", sa.Column("booked_at", Moment))
    op.create_table(
        "seats",
        sa.Column("agent", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("callback", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("agent", "at", "number", name=op.f("pk_seats")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_seats_agent")),
        sa.ForeignKeyConstraint(["callback"], ["callbacks.id"], name=op.f("fk_seats_callback")),
    )
    op.create_index(op.f("ix_seats_callback"), "seats", ["callback"])
    op.create_index("ix_seats_at", "seats", ["at"])


def downgrade() -> None:
    """As it was: who chose a half-hour is rung from it on all the same."""
    op.drop_table("seats")
    with op.batch_alter_table("callbacks") as table:
        table.drop_column("booked_at")
        table.drop_column("not_before")
