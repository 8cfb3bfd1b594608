"""The tables. Moments are integer milliseconds since 1970 in UTC, on both databases alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware datetime, kept as integer milliseconds."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Milliseconds of an aware moment; a naive one is refused."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return round(value.timestamp() * 1000)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """The moment, in UTC."""
        del dialect
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


structures: Final = sa.Table(
    "structures",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("commune", sa.Text, nullable=False),
    sa.Column("zones", sa.Text, nullable=False),
    sa.Column("telephone", sa.LargeBinary),
    sa.Column("telephone_key", sa.Text, index=True),
)

agents: Final = sa.Table(
    "agents",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.Text, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("structure", sa.ForeignKey("structures.id"), nullable=False),
    sa.Column("telephone", sa.LargeBinary),
    sa.Column("telephone_key", sa.Text, unique=True),
    sa.Column("pin_hash", sa.Text),
    sa.Column("skills", sa.Text, nullable=False),
    sa.Column("zones", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("languages", sa.Text, nullable=False),
    sa.Column("slots", sa.Text, nullable=False),  # what the file last said: see timetables.py
    sa.Column("automatic", sa.Boolean, nullable=False),
    sa.Column("judged_since", Moment),
    sa.Column("paused_until", Moment),
    sa.Column("pause", sa.Text),
    sa.Column("aside_at", Moment),
    sa.Column("aside", sa.Text),
    sa.Column("on_until", Moment),
    sa.Column("pin_tries", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Column("pin_locked_until", Moment),
)

calls: Final = sa.Table(
    "calls",
    metadata,
    sa.Column("sid", sa.Text, primary_key=True),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("number", sa.LargeBinary),
    sa.Column("number_key", sa.Text, index=True),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("page", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
    sa.Column("postal_code", sa.Text),
    sa.Column("commune", sa.Text),
    sa.Column("need", sa.Text),
    sa.Column("why", sa.Text),
    sa.Column("keyed_number", sa.LargeBinary),
    sa.Column("waiting_since", Moment),
    sa.Column("seen_at", Moment),
    sa.Column("queue", sa.Text),
    sa.Column("offer", sa.Text),
    sa.Column("offers", sa.Integer, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("outcome", sa.Text),
    sa.Column("house", sa.Text),
    sa.Column("placed", sa.Text),
    sa.Column("remembered", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("helper", sa.Integer),
    sa.Column("as_agent", sa.Integer),
    sa.Column("case_code", sa.Text),
    sa.Index("ix_calls_started_at", "started_at"),
    sa.Index(
        "ix_calls_open",
        "step",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
)

moves: Final = sa.Table(
    "moves",
    metadata,
    sa.Column("call", sa.ForeignKey("calls.sid"), primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
)

callbacks: Final = sa.Table(
    "callbacks",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("call", sa.ForeignKey("calls.sid"), unique=True),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("number", sa.LargeBinary, nullable=False),
    sa.Column("number_key", sa.Text, nullable=False, index=True),
    sa.Column("commune", sa.Text),
    sa.Column("need", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("place_since", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Column("house", sa.Text),
    sa.Column("helper", sa.Integer),
    sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Column("tried_at", Moment),
    sa.Column("person", sa.Text, nullable=False, server_default=""),
    sa.Column("first_name", sa.LargeBinary),
    sa.Column("part", sa.Text, nullable=False, server_default="any"),
    sa.Column("discreet", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("regular", sa.Text, index=True),
    sa.Column("not_before", sa.Integer),
    sa.Column("booked_at", Moment),
    sa.Column("redirected_to", sa.LargeBinary),
    sa.Column("reply", sa.Text, nullable=False, server_default="telephone"),
    sa.Index(
        "uq_callbacks_open_person",  # whoever asks twice is rung back once
        *("number_key", "need", "person"),
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
    sa.Index(
        "ix_callbacks_open",
        "due_at",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
)

callback_moves: Final = sa.Table(
    "callback_moves",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("callback", sa.ForeignKey("callbacks.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Index("ix_callback_moves_callback", "callback"),
)

offers: Final = sa.Table(
    "offers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("agent", sa.ForeignKey("agents.id"), nullable=False),
    sa.Column("call", sa.ForeignKey("calls.sid")),
    sa.Column("callback", sa.ForeignKey("callbacks.id")),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("lease_until", Moment, nullable=False),
    sa.Column("placed_at", Moment),
    sa.Column("ringing_at", Moment),
    sa.Column("picked_up_at", Moment),
    sa.Column("accepted_at", Moment),
    sa.Column("declined_at", Moment),
    sa.Column("reached_at", Moment),
    sa.Column("key_tries", sa.Integer, nullable=False),
    sa.Column("leg", sa.Text),
    sa.Column("carrier_code", sa.Integer),
    sa.Column("closed_at", Moment),
    sa.Column("end", sa.Text),
    sa.Column("beside", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("citizen_leg", sa.Text),
    sa.Column("via", sa.Text),
    sa.CheckConstraint("(call IS NULL) <> (callback IS NULL)", name="one_subject"),
    sa.Index("ix_offers_agent_opened_at", "agent", "opened_at"),
    sa.Index("ix_offers_closed_at", "closed_at"),
)

for _subject, _where in (
    ("agent", _open := offers.c.closed_at.is_(None)),
    ("callback", _open),
    ("call", sa.and_(_open, ~offers.c.beside)),  # a colleague may be asked beside its agent
):  # the second gate: whatever Redis proposed, SQL holds one open offer of each
    _only: dict[str, Any] = {"sqlite_where": _where, "postgresql_where": _where}
    sa.Index(f"uq_offers_open_{_subject}", offers.c[_subject], unique=True, **_only)
sa.Index("ix_offers_of_call", offers.c.call)
sa.Index("ix_offers_of_callback", offers.c.callback)

decisions: Final = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("call", sa.ForeignKey("calls.sid"), index=True),
    sa.Column("callback", sa.ForeignKey("callbacks.id"), index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("offer", sa.Text),
    sa.Column("agent", sa.Integer),
    sa.Column("reasons", sa.JSON, nullable=False),
)

known_callers: Final = sa.Table(
    "known_callers",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("commune", sa.Text, nullable=False),
    sa.Column("agent", sa.ForeignKey("agents.id")),
    sa.Column("until", Moment, nullable=False, index=True),
)

marks: Final = sa.Table(
    "marks",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

texts: Final = sa.Table(
    "texts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("number", sa.LargeBinary, nullable=False),
    sa.Column("number_key", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("tried_at", Moment),
    sa.Column("lease_until", Moment),
    sa.Column("rung_until", Moment),
    sa.Column("sid", sa.Text),
    sa.Column("sent_at", Moment),
    sa.Column("reason", sa.Text),
    sa.UniqueConstraint("kind", "about", "number_key", name="uq_texts_once"),
    sa.Index("ix_texts_number_key", "number_key", "created_at"),
    sa.Index("ix_texts_created_at", "created_at"),
    sa.Index("ix_texts_sid", "sid"),
    sa.Index(
        "ix_texts_open",
        "due_at",
        sqlite_where=sa.text("state IN ('waiting', 'sending', 'unsure')"),
        postgresql_where=sa.text("state IN ('waiting', 'sending', 'unsure')"),
    ),
)

erasures: Final = sa.Table(
    "erasures",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("before", Moment, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
)

allowances: Final = sa.Table(
    "allowances",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("spent", sa.Integer, nullable=False),
    sa.Column("until", Moment, nullable=False, index=True),
)
