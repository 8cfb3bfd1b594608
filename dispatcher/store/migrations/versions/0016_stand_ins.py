"""Whoever cannot answer in one slot of theirs may ask colleagues to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """The table is new."""
    op.create_table(
        "stand_ins",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agent", sa.Integer, nullable=False),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("starts_at", Moment, nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("released", sa.Boolean, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("taken_by", sa.Integer),
        sa.Column("closed_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_ins")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_stand_ins_agent")),
        sa.ForeignKeyConstraint(["taken_by"], ["agents.id"], name=op.f("fk_stand_ins_taken_by")),
    )
    op.create_index(op.f("ix_stand_ins_agent"), "stand_ins", ["agent"])
    op.create_index(op.f("ix_stand_ins_taken_by"), "stand_ins", ["taken_by"])
    op.create_index(
        "uq_stand_ins_open",
        "stand_ins",
        ["slot", "day"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_index(
        "ix_stand_ins_open",
        "stand_ins",
        ["starts_at"],
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )


def downgrade() -> None:
    """What somebody asked for is lost; slots that were taken over stay."""
    op.drop_table("stand_ins")
