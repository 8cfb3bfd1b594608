"""Timetables: agents' slots, what became of single days, when they are away, and their calendars.

Read for many agents at once, in one statement however many they are. A slot is changed over the
version that was read: of two who change it, the second finds that out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.occurrences import Change, Moved, Pattern, Slot, SlotId
from dispatcher.domain.recurrences import Rule, Weeks
from dispatcher.domain.slots import Span, read_day
from dispatcher.domain.timetables import Absence
from dispatcher.store.schema import Moment, metadata

NOWHERE: Final[Mapping[AgentId, str]] = {}

slots: Final = sa.Table(
    "slots",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("agent", sa.ForeignKey("agents.id"), nullable=False, index=True),
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
)

slot_changes: Final = sa.Table(
    "slot_changes",
    metadata,
    sa.Column("slot", sa.ForeignKey("slots.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("to_day", sa.Date),
    sa.Column("start", sa.Integer),
    sa.Column("end", sa.Integer),
)

slot_confirmations: Final = sa.Table(
    "slot_confirmations",
    metadata,
    sa.Column("slot", sa.ForeignKey("slots.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

absences: Final = sa.Table(
    "absences",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("agent", sa.ForeignKey("agents.id"), nullable=False, index=True),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
)

_RULE: Final = (
    *(slots.c.first_day, slots.c.until_day, slots.c.days),
    *(slots.c.every, slots.c.weeks, slots.c.nth),
)
_HOURS: Final = (slots.c.start, slots.c.end, slots.c.zone, slots.c.pauses, slots.c.holidays)
_OF_DAY: Final = (
    slot_changes.c.day.label("changed_day"),
    slot_changes.c.to_day,
    slot_changes.c.start.label("to_start"),
    slot_changes.c.end.label("to_end"),
)
_SLOTS: Final = sa.select(
    *(slots.c.agent, slots.c.id, slots.c.version, slots.c.by_directory), *_RULE, *_HOURS, *_OF_DAY
).outerjoin(slot_changes, slot_changes.c.slot == slots.c.id)
_ABSENT: Final = {"first_day": absences.c.first_day, "until_day": absences.c.last_day}
_ABSENCES: Final = sa.select(
    absences.c.agent,
    *(
        _ABSENT.get(column.name, sa.cast(sa.null(), column.type)).label(column.name)
        for column in list(_SLOTS.selected_columns)[1:]
    ),
)
"""Among slots: those without an id."""


@dataclass(slots=True)
class Kept:
    """What is kept of one agent."""

    slots: list[Slot] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)


class Timetables:
    """The timetables of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(
        self, only: Iterable[AgentId] | None = None, zones: Mapping[AgentId, str] = NOWHERE
    ) -> dict[AgentId, Kept]:
        """What is kept of everybody, or of ``only`` these; nobody of whom there is nothing.

        ``zones``: where agents are, for slots that name no zone of their own.
        """
        found: dict[AgentId, Kept] = {}
        for agent, id, version, by_directory, first, last, *rest in self._rows(only):
            its = found.setdefault(agent, Kept())
            if id is None:
                its.absences.append(Absence(first, last))
            elif not its.slots or its.slots[-1].id != id:
                pattern = _pattern(first, last, *rest[:9], zones.get(agent, ""))
                its.slots.append(Slot(id, pattern, (), version, by_directory))
            if rest[9] is not None:
                slot = its.slots[-1]
                its.slots[-1] = replace(slot, changes=(*slot.changes, _change(*rest[9:])))
        return found

    def _rows(self, only: Iterable[AgentId] | None) -> Iterable[Any]:
        """Slots with what was said of their days, and absences, of these agents."""
        kept, away = _SLOTS, _ABSENCES
        if only is not None:
            named = list(only)
            kept = kept.where(slots.c.agent.in_(named))
            away = away.where(absences.c.agent.in_(named))
        query = sa.union_all(kept, away)
        its = query.selected_columns
        order = (its.agent, its.start, its.id, its.changed_day, its.first_day)
        return self._connection.execute(query.order_by(*order))

    def post(self, agent: AgentId, slot: Slot) -> bool:
        """Keep a new slot; False when it is kept already (its id is who asks twice)."""
        known = sa.exists().where(slots.c.id == slot.id)
        if self._connection.scalar(sa.select(known)):
            return False
        self._connection.execute(sa.insert(slots), [_row(agent, slot)])
        return True

    def edit(self, slot: Slot, pattern: Pattern) -> bool:
        """Make it another; False when somebody changed it since it was read."""
        return self._over(slot, sa.update(slots).values(**_facts(pattern), by_directory=False))

    def remove(self, slot: Slot) -> bool:
        """Take it away with all its days; False when somebody changed it since it was read."""
        if not self._over(slot, sa.update(slots)):
            return False
        self._remove([slot.id])
        return True

    def change(self, slot: Slot, change: Change) -> bool:
        """Say where one of its days stands; False when somebody changed it since it was read."""
        if not self._over(slot, sa.update(slots)):
            return False
        of_day = (slot_changes.c.slot == slot.id, slot_changes.c.day == change.day)
        self._connection.execute(sa.delete(slot_changes).where(*of_day))
        row: dict[str, Any] = {"slot": slot.id, "day": change.day}
        if (to := change.to) is not None:
            row |= {"to_day": to.day, "start": to.span.start, "end": to.span.end}
        self._connection.execute(sa.insert(slot_changes).values(**row))
        return True

    def confirm(self, id: SlotId, day: date, *, at: datetime) -> bool:
        """Note that its agent will be there on this day; False when they said so before."""
        named = (slot_confirmations.c.slot == id, slot_confirmations.c.day == day)
        if self._connection.scalar(sa.select(sa.exists().where(*named))):
            return False
        self._connection.execute(sa.insert(slot_confirmations).values(slot=id, day=day, at=at))
        return True

    def unconfirm(self, id: SlotId, day: date) -> None:
        """They may not be there after all."""
        of_day = (slot_confirmations.c.slot == id, slot_confirmations.c.day == day)
        self._connection.execute(sa.delete(slot_confirmations).where(*of_day))

    def confirmed(self, *of: AgentId) -> frozenset[tuple[SlotId, date]]:
        """Which slots these agents said they will be there for, by the rule's day."""
        query = sa.select(slot_confirmations).join(slots, slots.c.id == slot_confirmations.c.slot)
        rows = self._connection.execute(query.where(slots.c.agent.in_(of)))
        return frozenset((SlotId(row.slot), row.day) for row in rows)

    def go_away(self, id: str, agent: AgentId, absence: Absence) -> None:
        """They are away on these days."""
        row = {"id": id, "agent": agent, "first_day": absence.first, "last_day": absence.last}
        self._connection.execute(sa.insert(absences).values(**row))

    def come_back(self, agent: AgentId, absence: Absence) -> bool:
        """They are not; False when nobody had said so."""
        its = (absences.c.first_day == absence.first, absences.c.last_day == absence.last)
        gone = sa.delete(absences).where(absences.c.agent == agent, *its)
        return self._connection.execute(gone).rowcount > 0

    def forget(self, agent: AgentId) -> None:
        """Keep nothing of this agent any more."""
        query = sa.select(slots.c.id).where(slots.c.agent == agent)
        self._remove([SlotId(id) for id in self._connection.scalars(query)])
        self._connection.execute(sa.delete(absences).where(absences.c.agent == agent))

    def follow(self, new: Iterable[tuple[AgentId, Slot]], gone: Iterable[SlotId]) -> None:
        """What the directory says anew, and says no more."""
        self._remove(list(gone))
        if rows := [_row(agent, slot) for agent, slot in new]:
            self._connection.execute(sa.insert(slots), rows)

    def _over(self, slot: Slot, change: sa.Update) -> bool:
        now = change.where(slots.c.id == slot.id, slots.c.version == slot.version)
        return self._connection.execute(now.values(version=slot.version + 1)).rowcount == 1

    def _remove(self, ids: list[SlotId]) -> None:
        if not ids:
            return
        for table, of in ((slot_changes, "slot"), (slot_confirmations, "slot"), (slots, "id")):
            gone = sa.delete(table).where(table.c[of] == sa.bindparam("gone"))
            self._connection.execute(gone, [{"gone": id} for id in ids])


@lru_cache(maxsize=4096)  # thousands of agents write a few dozen
def _pattern(  # noqa: PLR0913, PLR0917  a row's columns
    first: date,
    until: date | None,
    days: str,
    every: int,
    weeks: str,
    nth: str,
    start: int,
    end: int,
    zone: str,
    pauses: str,
    holidays: bool,
    where: str,
) -> Pattern:
    rule = Rule(first, _numbers(days), every, Weeks(weeks), _numbers(nth), until)
    return Pattern(rule, Span(start, end), zone or where, read_day(pauses), holidays)


def _change(day: date, to_day: date | None, start: int, end: int) -> Change:
    return Change(day, None if to_day is None else Moved(to_day, Span(start, end)))


def _row(agent: AgentId, slot: Slot) -> dict[str, Any]:
    kept = {"id": slot.id, "agent": agent, "by_directory": slot.by_directory}
    return kept | _facts(slot.pattern) | {"version": slot.version}


def _facts(pattern: Pattern) -> dict[str, Any]:
    rule = pattern.rule
    return {
        "first_day": rule.first,
        "until_day": rule.until,
        "days": " ".join(map(str, rule.days)),
        "every": rule.every,
        "weeks": rule.weeks,
        "nth": " ".join(map(str, rule.nth)),
        "start": pattern.span.start,
        "end": pattern.span.end,
        "zone": pattern.zone,
        "pauses": " ".join(map(str, pattern.pauses)),
        "holidays": pattern.holidays,
    }


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split())
