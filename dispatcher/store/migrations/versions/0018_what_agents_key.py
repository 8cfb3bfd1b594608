"""What agents key of a slot that comes again, or of an absence, is more than 31 bits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """SQLite's integers are wide enough already."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("calls", "page", type_=sa.BigInteger, existing_nullable=False)


def downgrade() -> None:
    """What somebody is keying at that moment is asked anew."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("UPDATE calls SET page = 0 WHERE page > 2147483647")
        op.alter_column("calls", "page", type_=sa.Integer, existing_nullable=False)
