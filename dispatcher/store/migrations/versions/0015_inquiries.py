"""Requests that are answered in writing, or through a relay service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """How somebody wants to be answered, and what they wrote."""
    op.add_column(
        "callbacks", sa.Column("reply", sa.Text, nullable=False, server_default="telephone")
    )
    op.create_table(
        "inquiries",
        sa.Column("callback", sa.Text, nullable=False),
        sa.Column("question", sa.LargeBinary, nullable=False),
        sa.Column("address", sa.LargeBinary),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("turn", sa.Text),
        sa.Column("agent", sa.Integer),
        sa.Column("lease_until", Moment),
        sa.Column("answered_at", Moment),
        sa.Column("settled_at", Moment),
        sa.Column("unsent", sa.LargeBinary),
        sa.PrimaryKeyConstraint("callback", name=op.f("pk_inquiries")),
        sa.ForeignKeyConstraint(["callback"], ["callbacks.id"], name=op.f("fk_inquiries_callback")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_inquiries_agent")),
        sa.UniqueConstraint("turn", name=op.f("uq_inquiries_turn")),
    )
    op.create_index(
        "ix_inquiries_open",
        "inquiries",
        ["lease_until"],
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def downgrade() -> None:
    """As it was: what is to be answered in writing is given up, since it must not be rung."""
    callbacks = sa.table(
        "callbacks",
        *(sa.column(name) for name in ("reply", "state", "closed_at", "asked_at")),
    )
    written = callbacks.c.reply != "telephone"
    still_open = sa.and_(written, callbacks.c.closed_at.is_(None))
    op.execute(sa.update(callbacks).where(still_open).values(closed_at=callbacks.c.asked_at))
    op.execute(sa.update(callbacks).where(written).values(state="cancelled"))
    op.drop_table("inquiries")
    with op.batch_alter_table("callbacks") as table:
        table.drop_column("reply")
