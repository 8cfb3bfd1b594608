"""A callback is tried again, every move of it is noted, and each person has one for a need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Attempts are counted; one that came to nothing closed its callback before."""
    op.create_table(
        "callback_moves",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("callback", sa.Text, sa.ForeignKey("callbacks.id"), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_index("ix_callback_moves_callback", "callback_moves", ["callback"])
    with op.batch_alter_table("callbacks") as table:
        table.add_column(sa.Column("attempts", sa.Integer, nullable=False, server_default="0"))
        table.add_column(sa.Column("tried_at", Moment))
        table.add_column(sa.Column("person", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE callbacks SET state = 'closed' WHERE state = 'unreached'")
    op.execute(
        "UPDATE callbacks SET state = 'cancelled', closed_at = asked_at WHERE closed_at IS NULL AND"
        " id NOT IN (SELECT MIN(id) FROM callbacks WHERE closed_at IS NULL"
        " GROUP BY number_key, need)"
    )
    op.create_index(
        "uq_callbacks_open_person",
        "callbacks",
        ["number_key", "need", "person"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    """As it was."""
    op.drop_index("uq_callbacks_open_person", "callbacks")
    op.execute(
        "UPDATE callbacks SET state = 'unreached'"
        " WHERE state NOT IN ('waiting', 'offered', 'calling', 'reached')"
    )
    with op.batch_alter_table("callbacks") as table:
        table.drop_column("person")
        table.drop_column("tried_at")
        table.drop_column("attempts")
    op.drop_table("callback_moves")
