"""Known callers, forwarded houses, agents by telephone, and how far we have asked the carrier."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What point by point the line has learnt."""
    op.create_table(
        "known_callers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("agent", sa.Integer(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_known_callers_agent")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_known_callers")),
    )
    op.create_index(op.f("ix_known_callers_until"), "known_callers", ["until"])
    op.create_table(
        "marks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    with op.batch_alter_table("calls") as calls:
        calls.add_column(sa.Column("house", sa.Text(), nullable=True))
        calls.add_column(sa.Column("placed", sa.Text(), nullable=True))
        calls.add_column(
            sa.Column("remembered", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        calls.add_column(sa.Column("helper", sa.Integer(), nullable=True))
        calls.add_column(sa.Column("as_agent", sa.Integer(), nullable=True))
    with op.batch_alter_table("callbacks") as callbacks:
        callbacks.add_column(sa.Column("house", sa.Text(), nullable=True))
        callbacks.add_column(sa.Column("helper", sa.Integer(), nullable=True))
    with op.batch_alter_table("agents") as agents:
        agents.add_column(sa.Column("on_until", sa.BigInteger(), nullable=True))
        agents.add_column(
            sa.Column("pin_tries", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
        agents.add_column(sa.Column("pin_locked_until", sa.BigInteger(), nullable=True))
    op.execute("UPDATE calls SET step = 'agent_pin' WHERE step = 'coming_back'")
    op.execute("UPDATE moves SET step = 'agent_pin' WHERE step = 'coming_back'")
    op.execute("UPDATE calls SET outcome = 'agent' WHERE outcome = 'agent_back'")
    op.execute("UPDATE agents SET pause = 'break' WHERE pause = 'asked'")


def downgrade() -> None:
    """As it was."""
    op.execute("UPDATE calls SET outcome = 'agent_back' WHERE outcome = 'agent'")
    op.execute("UPDATE agents SET pause = 'asked' WHERE pause <> 'missed'")
    op.execute("UPDATE calls SET step = 'coming_back' WHERE step LIKE 'agent_%'")
    op.execute("UPDATE moves SET step = 'coming_back' WHERE step LIKE 'agent_%'")
    with op.batch_alter_table("agents") as agents:
        for column in ("pin_locked_until", "pin_tries", "on_until"):
            agents.drop_column(column)
    with op.batch_alter_table("callbacks") as callbacks:
        for column in ("helper", "house"):
            callbacks.drop_column(column)
    with op.batch_alter_table("calls") as calls:
        for column in ("as_agent", "helper", "remembered", "placed", "house"):
            calls.drop_column(column)
    op.drop_table("marks")
    op.drop_index(op.f("ix_known_callers_until"), table_name="known_callers")
    op.drop_table("known_callers")
