"""Case codes: what somebody keys to find the same agent again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The codes, and which was given on a call."""
    op.create_table(
        "cases",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("call", sa.Text),
        sa.Column("callback", sa.Text),
        sa.Column("agent", sa.Integer),
        sa.Column("last_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_cases")),
        sa.ForeignKeyConstraint(["call"], ["calls.sid"], name=op.f("fk_cases_call")),
        sa.ForeignKeyConstraint(["callback"], ["callbacks.id"], name=op.f("fk_cases_callback")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_cases_agent")),
        sa.UniqueConstraint("call", name=op.f("uq_cases_call")),
        sa.UniqueConstraint("callback", name=op.f("uq_cases_callback")),
        sa.CheckConstraint(
            "(call IS NULL) <> (callback IS NULL)", name=op.f("ck_cases_one_subject")
        ),
    )
    op.create_index(op.f("ix_cases_last_at"), "cases", ["last_at"])
    op.add_column("calls", sa.Column("case_code", sa.Text))


def downgrade() -> None:
    """As it was: codes lead nowhere."""
    with op.batch_alter_table("calls") as table:
        table.drop_column("case_code")
    op.drop_table("cases")
