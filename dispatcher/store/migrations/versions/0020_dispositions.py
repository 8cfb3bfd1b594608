"""What agents write of their conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One for each conversation."""
    op.create_table(
        "dispositions",
        sa.Column("offer", sa.Text, nullable=False),
        sa.Column("agent", sa.Integer),
        sa.Column("call", sa.Text),
        sa.Column("callback", sa.Text),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("commune", sa.Text),
        sa.Column("need", sa.Text),
        sa.Column("matter", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("service", sa.LargeBinary),
        sa.Column("note", sa.LargeBinary),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("tab", sa.Text),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
        sa.Column("followed_up_at", Moment),
        sa.Column("recapped_at", Moment),
        sa.PrimaryKeyConstraint("offer", name=op.f("pk_dispositions")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_dispositions_agent")),
        sa.ForeignKeyConstraint(["call"], ["calls.sid"], name=op.f("fk_dispositions_call")),
        sa.ForeignKeyConstraint(
            ["callback"], ["callbacks.id"], name=op.f("fk_dispositions_callback")
        ),
    )
    for column in ("call", "callback", "day"):
        op.create_index(f"ix_dispositions_{column}", "dispositions", [column])


def downgrade() -> None:
    """As it was: what was written is lost."""
    op.drop_table("dispositions")
