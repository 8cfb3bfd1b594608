"""Agents' slots as rows; a week's text in the directory becomes one for each span of hours.

Such a row names no zone: its hours are meant where its agent's house is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from alembic import op

from dispatcher.store.schema import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def upgrade() -> None:
    """Slots, their days, absences and calendars; what the directory said of hours is kept."""
    slots = op.create_table(
        "slots",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agent", sa.Integer, nullable=False),
        sa.Column("by_directory", sa.Boolean, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("until_day", sa.Date),
        sa.Column("days", sa.Text, nullable=False),
        sa.Column("every", sa.Integer, nullable=False),
        sa.Column("weeks", sa.Text, nullable=False),
        sa.Column("nth", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("pauses", sa.Text, nullable=False),
        sa.Column("holidays", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_slots_agent")),
    )
    op.create_index(op.f("ix_slots_agent"), "slots", ["agent"])
    for name, *columns in (
        (
            "slot_changes",
            sa.Column("to_day", sa.Date),
            sa.Column("start", sa.Integer),
            sa.Column("end", sa.Integer),
        ),
        ("slot_confirmations", sa.Column("at", Moment, nullable=False)),
    ):
        op.create_table(
            name,
            sa.Column("slot", sa.Text, nullable=False),
            sa.Column("day", sa.Date, nullable=False),
            *columns,
            sa.PrimaryKeyConstraint("slot", "day", name=op.f(f"pk_{name}")),
            sa.ForeignKeyConstraint(["slot"], ["slots.id"], name=op.f(f"fk_{name}_slot")),
        )
    op.create_table(
        "absences",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agent", sa.Integer, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_absences_agent")),
    )
    op.create_index(op.f("ix_absences_agent"), "absences", ["agent"])
    op.create_table(
        "calendars",
        sa.Column("agent", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("agent", name=op.f("pk_calendars")),
        sa.ForeignKeyConstraint(["agent"], ["agents.id"], name=op.f("fk_calendars_agent")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendars_token_hash")),
    )
    agents = sa.table("agents", sa.column("id"), sa.column("slots"))
    for id, week in op.get_bind().execute(sa.select(agents.c.id, agents.c.slots)).all():
        for nth, ((start, end), days) in enumerate(_spans(week)):
            op.execute(
                sa.insert(slots).values(
                    id=f"week-{id}-{nth}",
                    agent=id,
                    by_directory=True,
                    first_day=date(2000, 1, 3),
                    days=" ".join(map(str, sorted(days))),
                    every=1,
                    weeks="all",
                    nth="",
                    start=start,
                    end=end,
                    zone="",
                    pauses="",
                    holidays=True,
                    version=1,
                )
            )


def downgrade() -> None:
    """As it was: the hours of the directory's file, which are still with each agent."""
    for table_name in ("calendars", "absences", "slot_confirmations", "slot_changes", "slots"):
        op.drop_table(table_name)


def _spans(week: str) -> Iterator[tuple[tuple[int, int], set[int]]]:
    """The days of each span of a week's text, as it is kept: ``mon-fri 09:00-12:30; sat …``."""
    found: dict[tuple[int, int], set[int]] = {}
    for part in filter(None, (each.strip() for each in week.split(";"))):
        named, *hours = part.split()
        days = {day for run in named.split(",") for day in _run(run)}
        for span in hours:
            a, b, c, d = map(int, re.findall(r"[0-9]+", span))
            start, end = a * 60 + b, c * 60 + d
            found.setdefault((start, end if end > start else end + 1440), set()).update(days)
    yield from found.items()


def _run(run: str) -> range:
    first, _, last = run.partition("-")
    return range(DAYS.index(first), DAYS.index(last or first) + 1)
