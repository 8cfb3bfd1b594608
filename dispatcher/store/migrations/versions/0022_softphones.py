"""An agent may be rung in their browser."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Both tables are new. Until they open a page that rings, agents have a telephone; whoever was
    here before needs no practice.
    """
    op.create_table(
        "softphones",
        sa.Column("agent", sa.Integer, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("agent", name=op.f("pk_softphones")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_softphones_agent")),
        sa.UniqueConstraint("identity", name=op.f("uq_softphones_identity")),
    )
    op.create_table(
        "practices",
        sa.Column("agent", sa.Integer, nullable=False),
        sa.Column("practised_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("agent", name=op.f("pk_practices")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_practices_agent")),
    )
    op.execute("INSERT INTO practices (agent, practised_at) SELECT id, 0 FROM agents")
    op.add_column("offers", sa.Column("via", sa.Text))


def downgrade() -> None:
    """Everybody is rung on their telephone again."""
    op.drop_column("offers", "via")
    op.drop_table("practices")
    op.drop_table("softphones")
