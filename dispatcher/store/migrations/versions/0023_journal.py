"""The journal, its signed heads, and the personal facts beside it.

The triggers are made here and nowhere else: what was ever written stays as it was written.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NUMBER = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
ONLY_ADDED_TO = {"journal": "seq", "journal_heads": "number"}
REFUSED = "the journal is only added to"


def upgrade() -> None:
    """Three tables, and what refuses alterations of two of them."""
    op.create_table(
        "journal",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
    )
    op.create_table(
        "journal_heads",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("after", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("prints", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_journal_heads")),
    )
    op.create_table(
        "journal_secrets",
        sa.Column("commitment", sa.Text, nullable=False),
        sa.Column("number_key", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_journal_secrets")),
    )
    for column in ("number_key", "subject"):
        op.create_index(f"ix_journal_secrets_{column}", "journal_secrets", [column])
    guard = _guard_postgresql if op.get_bind().dialect.name == "postgresql" else _guard_sqlite
    for table, number in ONLY_ADDED_TO.items():
        guard(table, number)


def downgrade() -> None:
    """As it was: the journal is lost. Export it first."""
    for table in ("journal_secrets", "journal_heads", "journal"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in ONLY_ADDED_TO:
            op.execute(f"DROP FUNCTION {table}_in_order()")
        op.execute("DROP FUNCTION journal_refuses()")


def _guard_sqlite(table: str, number: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    for name, verb in (("no_update", "UPDATE"), ("no_delete", "DELETE")):
        op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} {refuse}")
    # INSERT OR REPLACE deletes what stands in its way without asking the trigger of DELETE.
    next_one = f"(SELECT coalesce(max({number}), 0) + 1 FROM {table})"  # noqa: S608  ours
    op.execute(
        f"CREATE TRIGGER {table}_in_order BEFORE INSERT ON {table} "
        f"WHEN NEW.{number} IS NOT {next_one} {refuse}"
    )


def _guard_postgresql(table: str, number: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    next_one = f"(SELECT coalesce(max({number}), 0) + 1 FROM {table})"  # noqa: S608  ours
    op.execute(
        f"CREATE FUNCTION {table}_in_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.{number} IS DISTINCT FROM {next_one} "
        f"THEN RAISE EXCEPTION '{REFUSED}'; END IF; RETURN NEW; END $$"
    )
    for name, verb in (
        ("no_update", "UPDATE"),
        ("no_delete", "DELETE"),
        ("no_truncate", "TRUNCATE"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses()"
        )
    op.execute(
        f"CREATE TRIGGER {table}_in_order BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_in_order()"
    )
    for name in ("no_update", "no_delete", "no_truncate", "in_order"):
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")  # replicas too
