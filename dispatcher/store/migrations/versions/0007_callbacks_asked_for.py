"""A callback may be asked for without a call, by somebody with a name and wishes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Callbacks without a call; how often an address, a number and a text may ask."""
    with op.batch_alter_table("callbacks") as table:
        table.alter_column("call", existing_type=sa.Text(), nullable=True)
        table.add_column(sa.Column("first_name", sa.LargeBinary))
        table.add_column(sa.Column("part", sa.Text, nullable=False, server_default="any"))
        discreet = sa.Column("discreet", sa.Boolean, nullable=False, server_default=sa.false())
        table.add_column(discreet)
    op.create_table(
        "allowances",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("spent", sa.Integer, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_allowances")),
    )
    op.create_index(op.f("ix_allowances_until"), "allowances", ["until"])


def downgrade() -> None:
    """As it was: a callback without a call cannot stay."""
    op.drop_table("allowances")
    callbacks = sa.table("callbacks", sa.column("id"), sa.column("call"))
    lost = sa.select(callbacks.c.id).where(callbacks.c.call.is_(None))
    for name in ("callback_moves", "decisions", "offers"):
        about = sa.table(name, sa.column("callback"))
        op.execute(sa.delete(about).where(about.c.callback.in_(lost)))
    op.execute(sa.delete(callbacks).where(callbacks.c.call.is_(None)))
    with op.batch_alter_table("callbacks") as table:
        table.drop_column("discreet")
        table.drop_column("part")
        table.drop_column("first_name")
        table.alter_column("call", existing_type=sa.Text(), nullable=False)
