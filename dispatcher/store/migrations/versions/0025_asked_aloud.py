"""What a citizen is asked alone on a call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is being asked."""
    op.add_column("transfers", sa.Column("consent", sa.Text))


def downgrade() -> None:
    """Who is being asked waits as on any hold."""
    op.drop_column("transfers", "consent")
