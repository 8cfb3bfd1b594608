"""People who asked to be rung from time to time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The list of regulars, and which callbacks are theirs."""
    op.create_table(
        "regulars",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("number_key", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("first_name", sa.LargeBinary, nullable=False),
        sa.Column("commune", sa.Text, nullable=False),
        sa.Column("need", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("agent", sa.Integer),
        sa.Column("every_days", sa.Integer, nullable=False),
        sa.Column("next_at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("consented_at", Moment, nullable=False),
        sa.Column("consent", sa.Text, nullable=False),
        sa.Column("asked_again_at", Moment),
        sa.Column("stopped_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulars")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_regulars_agent")),
        sa.UniqueConstraint("number_key", "person", "purpose", name="uq_regulars_once"),
    )
    op.create_index(op.f("ix_regulars_next_at"), "regulars", ["next_at"])
    op.add_column("callbacks", sa.Column("regular", sa.Text))
    op.create_index(op.f("ix_callbacks_regular"), "callbacks", ["regular"])


def downgrade() -> None:
    """As it was: callbacks of regulars stay as callbacks that somebody asked for."""
    callbacks = sa.table("callbacks", sa.column("why"))
    op.execute(sa.update(callbacks).where(callbacks.c.why == "regular").values(why="form"))
    op.drop_index(op.f("ix_callbacks_regular"), "callbacks")
    with op.batch_alter_table("callbacks") as table:
        table.drop_column("regular")
    op.drop_table("regulars")
