"""Transfers: a call that is held, passed on, or shared with a third person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")
_FIRST = sa.text("closed_at IS NULL AND NOT beside")


def upgrade() -> None:
    """Intended moves; and a call may have a second offer, made beside its agent's own."""
    op.create_table(
        "transfers",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("call", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("begun_at", Moment, nullable=False),
        sa.Column("moved_at", Moment, nullable=False),
        sa.Column("deadline", Moment, nullable=False),
        sa.Column("offer", sa.Text),
        sa.Column("agent_leg", sa.Text),
        sa.Column("target_offer", sa.Text),
        sa.Column("target_leg", sa.Text),
        sa.Column("referral", sa.Text),
        sa.Column("leaver_leg", sa.Text),
        sa.Column("citizen_at", sa.Text, nullable=False),
        sa.Column("agent_at", sa.Text, nullable=False),
        sa.Column("target_at", sa.Text, nullable=False),
        sa.Column("leaver_at", sa.Text, nullable=False),
        sa.Column("follows", sa.Text),
        sa.Column("asked_at", Moment),
        sa.Column("closed_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    op.create_index("ix_transfers_closed_at", "transfers", ["closed_at"])
    op.create_index("ix_transfers_offer", "transfers", ["offer"])
    op.create_index("ix_transfers_call", "transfers", ["call"])
    op.create_index(
        "uq_transfers_open_call",
        "transfers",
        ["call"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.add_column(
        "offers", sa.Column("beside", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("offers", sa.Column("citizen_leg", sa.Text))
    op.drop_index("uq_offers_open_call", "offers")
    op.create_index(
        "uq_offers_open_call",
        "offers",
        ["call"],
        unique=True,
        sqlite_where=_FIRST,
        postgresql_where=_FIRST,
    )


def downgrade() -> None:
    """As it was: whoever was asked beside is no longer known."""
    op.drop_index("uq_offers_open_call", "offers")
    op.execute("DELETE FROM offers WHERE beside")
    with op.batch_alter_table("offers") as table:
        table.drop_column("citizen_leg")
        table.drop_column("beside")
    op.create_index(
        "uq_offers_open_call",
        "offers",
        ["call"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.drop_table("transfers")
