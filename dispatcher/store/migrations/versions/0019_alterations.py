"""Whoever runs a house may change the slots of its agents, and it is noted who did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

UNTOLD = sa.text("told_at IS NULL")


def upgrade() -> None:
    """The table is new."""
    op.create_table(
        "alterations",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agent", sa.Integer, nullable=False),
        sa.Column("by", sa.Text),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date),
        sa.Column("last_day", sa.Date),
        sa.Column("start", sa.Integer),
        sa.Column("end", sa.Integer),
        sa.Column("at", Moment, nullable=False),
        sa.Column("told_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alterations")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_alterations_agent")),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_alterations_by")),
    )
    op.create_index(op.f("ix_alterations_agent"), "alterations", ["agent"])
    op.create_index(op.f("ix_alterations_by"), "alterations", ["by"])
    op.create_index(
        "ix_alterations_untold",
        "alterations",
        ["at"],
        sqlite_where=UNTOLD,
        postgresql_where=UNTOLD,
    )


def downgrade() -> None:
    """Who changed whose slots is lost; the slots stay."""
    op.drop_table("alterations")
