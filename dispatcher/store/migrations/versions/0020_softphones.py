"""An agent may be rung in their browser."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table is new and empty: until they open a page that rings, agents have a telephone."""
    op.create_table(
        "softphones",
        sa.Column("agent", sa.Integer, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("agent", name=op.f("pk_softphones")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_softphones_agent")),
        sa.UniqueConstraint("identity", name=op.f("uq_softphones_identity")),
    )
    op.add_column("offers", sa.Column("via", sa.Text))


def downgrade() -> None:
    """Everybody is rung on their telephone again."""
    op.drop_column("offers", "via")
    op.drop_table("softphones")
