"""Mandates, what they let do, who was asked how, what was done by them, and who looked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables are new."""
    _mandates()
    _grants()
    _consents()
    _seen("mandate_deeds", sa.Column("procedure", sa.Text, nullable=False), result=True)
    _seen("mandate_readings")


def downgrade() -> None:
    """As it was: mandates are lost."""
    for table in ("mandate_readings", "mandate_deeds", "mandate_consents", "mandate_grants"):
        op.drop_table(table)
    op.drop_table("mandates")


def _mandates() -> None:
    op.create_table(
        "mandates",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("structure", sa.Text, nullable=False),
        sa.Column("prepared_by", sa.Integer, nullable=False),
        sa.Column("prepared_at", Moment, nullable=False),
        sa.Column("number", sa.LargeBinary),
        sa.Column("number_key", sa.Text),
        sa.Column("name", sa.LargeBinary),
        sa.Column("person_key", sa.Text),
        sa.Column("consented_at", Moment),
        sa.Column("refused_at", Moment),
        sa.Column("withdrawn_at", Moment),
        sa.Column("over_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
        sa.ForeignKeyConstraint(
            ["structure"], ["structures.id"], name=op.f("fk_mandates_structure")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["agents.id"], name=op.f("fk_mandates_prepared_by")
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_mandates_reference")),
    )
    for column in ("structure", "prepared_by", "number_key", "person_key"):
        op.create_index(f"ix_mandates_{column}", "mandates", [column])


def _grants() -> None:
    op.create_table(
        "mandate_grants",
        sa.Column("mandate", sa.Text, nullable=False),
        sa.Column("procedure", sa.Text, nullable=False),
        sa.Column("precision", sa.LargeBinary),
        sa.Column("duration", sa.Text, nullable=False),
        sa.Column("until", Moment),
        sa.Column("ended_at", Moment),
        sa.Column("end", sa.Text),
        sa.PrimaryKeyConstraint("mandate", "procedure", name=op.f("pk_mandate_grants")),
        _of_mandate("mandate_grants"),
    )


def _consents() -> None:
    op.create_table(
        "mandate_consents",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("mandate", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("text", sa.LargeBinary),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("code_hash", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("again", sa.Integer, nullable=False),
        sa.Column("sendings", sa.Integer, nullable=False),
        sa.Column("questioned_at", Moment),
        sa.Column("answer", sa.Text),
        sa.Column("answered_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_consents")),
        _of_mandate("mandate_consents"),
    )
    op.create_index("ix_mandate_consents_mandate", "mandate_consents", ["mandate"])


def _seen(table: str, *more: sa.Column[str], result: bool = False) -> None:
    """A table of who did, or looked at, something of a mandate."""
    op.create_table(
        table,
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("mandate", sa.Text, nullable=False),
        *more,
        sa.Column("agent", sa.Integer),
        sa.Column("at", Moment, nullable=False),
        *([sa.Column("result", sa.LargeBinary)] if result else []),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _of_mandate(table),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f(f"fk_{table}_agent")),
    )
    for column in ("mandate", "agent"):
        op.create_index(f"ix_{table}_{column}", table, [column])


def _of_mandate(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["mandate"], ["mandates.id"], name=op.f(f"fk_{table}_mandate"))
