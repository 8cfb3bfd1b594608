"""People with an account, how they sign in, and where they are signed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every table is new."""
    op.create_table(
        "users",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("agent", sa.Integer),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("disabled_at", Moment),
        sa.Column("password", sa.Text),
        sa.Column("code_key", sa.LargeBinary),
        sa.Column("next_code_key", sa.LargeBinary),
        sa.Column("code_step", sa.BigInteger),
        sa.Column("subject", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_users_agent")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("agent", name=op.f("uq_users_agent")),
        sa.UniqueConstraint("subject", name=op.f("uq_users_subject")),
    )
    op.create_table(
        "user_roles",
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("structure", sa.Text, nullable=False, server_default=""),
        sa.Column("zones", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("user", "role", "structure", name=op.f("pk_user_roles")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_user_roles_user")),
    )
    op.create_index("ix_user_roles_structure", "user_roles", ["structure"])
    op.create_table(
        "sign_in_links",
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_sign_in_links")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_sign_in_links_user")),
    )
    op.create_index(op.f("ix_sign_in_links_user"), "sign_in_links", ["user"])
    op.create_index(op.f("ix_sign_in_links_until"), "sign_in_links", ["until"])
    op.create_table(
        "link_requests",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("email", sa.LargeBinary, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_requests")),
    )
    op.create_index(op.f("ix_link_requests_asked_at"), "link_requests", ["asked_at"])
    op.create_table(
        "sessions",
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("began_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("hint", sa.LargeBinary),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_sessions")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_sessions_user")),
        sa.UniqueConstraint("id", name=op.f("uq_sessions_id")),
    )
    op.create_index(op.f("ix_sessions_user"), "sessions", ["user"])
    op.create_index(op.f("ix_sessions_until"), "sessions", ["until"])
    op.create_table(
        "provider_attempts",
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("verifier", sa.Text, nullable=False),
        sa.Column("back", sa.Text, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_provider_attempts")),
    )
    op.create_index(op.f("ix_provider_attempts_until"), "provider_attempts", ["until"])
    op.create_table(
        "recovery_codes",
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_recovery_codes")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_recovery_codes_user")),
    )
    op.create_index(op.f("ix_recovery_codes_user"), "recovery_codes", ["user"])


def downgrade() -> None:
    """Nobody has an account any more."""
    for table in ("recovery_codes", "sessions", "link_requests", "sign_in_links", "user_roles"):
        op.drop_table(table)
    op.drop_table("provider_attempts")
    op.drop_table("users")
