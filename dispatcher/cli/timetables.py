"""``dispatcher slots``: when an agent means to answer; adding, taking away, being absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from config.words import words
from dispatcher.cli import left_open, phrases
from dispatcher.cli.opening import Refused, Unfit, opened
from dispatcher.domain import removals, slot_readings, slot_sentences
from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.occurrences import Change, Moved, Slot, SlotId
from dispatcher.domain.schedule import local
from dispatcher.domain.slot_readings import BadSentence
from dispatcher.domain.slots import BadSlots, Span, read_day
from dispatcher.domain.timetables import Absence
from dispatcher.operations import calendars, timetables
from dispatcher.operations.services import Services

WORDS = words("reports")
HELP = words("operator")
BAD: Final = {
    "no_hours": "timetable.bad.no_hours",
    "no_day": "timetable.bad.no_day",
    "no_date": "timetable.bad.no_date",
    "no_length": "timetable.bad.no_length",
    "no_such_time": "timetable.bad.no_such_time",
    "not_understood": "timetable.bad.not_understood",
    "ends_before": "timetable.bad.ends_before",
    "two_rhythms": "timetable.bad.two_rhythms",
    "out_of_range": "timetable.bad.out_of_range",
}
_EXAMPLE: Final = "2027-01-12"


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose slots are looked at, and with what."""

    agent: Agent
    services: Services

    def slot(self, id: str) -> Slot:
        """One of theirs. Raises Unfit."""
        found = self.agent.slots.slot(SlotId(id))
        if found is None:
            raise Unfit(WORDS["timetable.no_slot"].format(name=self.agent.name, value=id))
        return found


@click.group(help=HELP["cli.slots.help"])
def slots() -> None:
    """Only holds the commands."""


@slots.command("list", help=HELP["cli.slots.list"])
@click.argument("agent", metavar="AGENT")
@click.option("--json", "as_json", is_flag=True, help=HELP["cli.json"])
def show(agent: str, *, as_json: bool) -> None:
    """Their slots, absences, and days to come."""
    with opened() as services:
        desk = _desk(agent, services)
    if as_json:
        phrases.write_json(_in_json(desk))
        return
    name, table = desk.agent.name, desk.agent.slots
    said = "timetable.count" if table.slots else "timetable.none"
    click.echo(WORDS[said].format(name=name, count=len(table.slots)))
    for slot in table.slots:
        _show_slot(slot)
    for away in table.absences:
        click.echo(WORDS["timetable.absent"].format(**_days(away)))
    if coming := table.to_come(desk.services.now()):
        click.echo(WORDS["timetable.coming"])
    for each in coming:
        click.echo(WORDS["timetable.occurrence"].format(occurrence=phrases.occurrence(each)))


@slots.command(help=HELP["cli.slots.add"])
@click.argument("agent", metavar="AGENT")
@click.argument("sentence", metavar="PHRASE")
@click.option("--zone", metavar="ZONE", help=HELP["cli.slots.zone"])
def add(agent: str, sentence: str, *, zone: str | None) -> None:
    """Keep a new slot, and warn of those that it runs into."""
    with opened() as services:
        desk = _desk(agent, services)
        where = _zone(zone) if zone is not None else desk.agent.timezone
        today = local(services.now(), where).date()
        try:
            pattern = slot_readings.read(sentence, phrases.SLOTS, today=today, zone=where)
        except BadSentence as wrong:
            raise Unfit(WORDS[BAD[wrong.code]].format(text=wrong.text)) from None
        posted = timetables.post(desk.agent.id, pattern, services)
    if isinstance(posted, timetables.Refused):
        raise _unfit(posted, desk.agent.name, agent)
    said = slot_sentences.write(pattern, phrases.SLOTS, since=today)
    click.echo(WORDS["timetable.added"].format(slot=said, id=posted.slot.id))
    for each in posted.overlaps[:1]:
        day = phrases.occurrence(each)
        click.echo(WORDS["timetable.overlaps"].format(name=desk.agent.name, day=day), err=True)


@slots.command(help=HELP["cli.slots.cancel"])
@click.argument("agent", metavar="AGENT")
@click.argument("slot", metavar="SLOT")
@click.option("--day", metavar="DATE", help=HELP["cli.slots.day"])
def cancel(agent: str, slot: str, *, day: str | None) -> None:
    """Take a slot away, or one of its days."""
    on = _day(day) if day is not None else None
    with opened() as services:
        desk = _desk(agent, services)
        found = desk.slot(slot)
        left_open.warn(desk.agent, removals.cancelled(found, on), services)
        refused = timetables.cancel(desk.agent.id, found, services, day=on)
    if refused is not None:
        raise _unfit(refused, desk.agent.name, slot if on is None else day or "")
    if on is None:
        click.echo(WORDS["timetable.cancelled_for_good"].format(slot=phrases.slot(found.pattern)))
    else:
        click.echo(WORDS["timetable.cancelled_on"].format(day=_said(on)))


@slots.command(help=HELP["cli.slots.move"])
@click.argument("agent", metavar="AGENT")
@click.argument("slot", metavar="SLOT")
@click.argument("day", metavar="DAY")
@click.argument("to", metavar="TO")
@click.argument("hours", metavar="HOURS")
def move(agent: str, slot: str, day: str, to: str, hours: str) -> None:
    """One day of a slot stands elsewhere, or at other hours."""
    on, moved = _day(day), Moved(_day(to), _span(hours))
    with opened() as services:
        desk = _desk(agent, services)
        found = desk.slot(slot)
        left_open.warn(desk.agent, removals.Changed(found, Change(on, moved)), services)
        refused = timetables.move(desk.agent.id, found, on, moved, services)
    if refused is not None:
        raise _unfit(refused, desk.agent.name, day)
    click.echo(WORDS["timetable.moved_to"].format(occurrence=_moved(moved)))


@slots.command(help=HELP["cli.slots.absent"])
@click.argument("agent", metavar="AGENT")
@click.argument("first", metavar="FIRST")
@click.argument("last", metavar="LAST")
@click.option("--back", is_flag=True, help=HELP["cli.slots.back"])
def absent(agent: str, first: str, last: str, *, back: bool) -> None:
    """They are away on these days, both included; or are not after all."""
    absence = Absence(_day(first), _day(last))
    if absence.last < absence.first:
        raise Refused(WORDS["timetable.bad_days"])
    with opened() as services:
        desk = _desk(agent, services)
        facts = {"name": desk.agent.name, **_days(absence)}
        if not back:
            left_open.warn(desk.agent, absence, services)
            missed = timetables.absent(desk.agent.id, absence, services)
            click.echo(WORDS["timetable.away"].format(count=len(missed), **facts))
        elif timetables.back(desk.agent.id, absence, services):
            click.echo(WORDS["timetable.came_back"].format(**facts))
        else:
            raise Unfit(WORDS["timetable.no_absence"].format(**facts))


@slots.command(help=HELP["cli.slots.calendar"])
@click.argument("agent", metavar="AGENT")
@click.option("--revoke", is_flag=True, help=HELP["cli.slots.revoke"])
def calendar(agent: str, *, revoke: bool) -> None:
    """Give the secret address of their calendar, or close it."""
    with opened() as services:
        desk = _desk(agent, services)
        if revoke:
            calendars.close(desk.agent.id, services)
            click.echo(WORDS["timetable.revoked"].format(name=desk.agent.name))
        else:
            link = calendars.open(desk.agent.id, services)
            click.echo(WORDS["timetable.calendar"].format(link=link))


def _desk(named: str, services: Services) -> Desk:
    """The agent of this e-mail or number. Raises Unfit."""
    with services.store.reading() as tx:
        id = tx.agents.by_email().get(named.strip().lower())
        if id is None and named.isdecimal() and len(named) < 10:
            id = AgentId(int(named))
        found = timetables.find(id, tx, services) if id is not None else None
    if found is None:
        raise Unfit(WORDS["timetable.no_agent"].format(value=named))
    return Desk(found, services)


def _unfit(why: timetables.Refused, name: str, value: str) -> Unfit:
    said = {
        timetables.Refused.UNKNOWN: "timetable.no_slot",
        timetables.Refused.TAKEN: "timetable.conflict",
        timetables.Refused.CONFLICT: "timetable.conflict",
        timetables.Refused.NOT_THEN: "timetable.not_then",
    }
    return Unfit(WORDS[said[why]].format(name=name, value=value, day=value))


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused(WORDS["timetable.bad_day"].format(value=typed, example=_EXAMPLE)) from None


def _span(typed: str) -> Span:
    try:
        [span] = read_day(typed)
    except (BadSlots, ValueError):
        raise Refused(WORDS["timetable.bad_hours"].format(value=typed)) from None
    return span


def _zone(typed: str) -> str:
    try:
        return ZoneInfo(typed).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(WORDS["timetable.bad_zone"].format(value=typed)) from None


def _show_slot(slot: Slot) -> None:
    click.echo(WORDS["timetable.entry"].format(id=slot.id, slot=phrases.slot(slot.pattern)))
    for change in slot.changes:
        if change.to is None:
            click.echo(WORDS["timetable.cancelled"].format(day=_said(change.day)))
        else:
            facts = {"day": _said(change.day), "occurrence": _moved(change.to)}
            click.echo(WORDS["timetable.moved"].format(**facts))


def _said(day: date) -> str:
    return slot_sentences.write_day(day, phrases.SLOTS)


def _moved(to: Moved) -> str:
    return _said(to.day) + slot_sentences.write_span(*to.span, phrases.SLOTS)


def _days(absence: Absence) -> dict[str, str]:
    return {"first": _said(absence.first), "last": _said(absence.last)}


def _in_json(desk: Desk) -> dict[str, Any]:
    table = desk.agent.slots
    return {
        "agent": desk.agent.id,
        "zone": desk.agent.timezone,
        "slots": [
            {
                "id": slot.id,
                "sentence": phrases.slot(slot.pattern),
                "zone": slot.pattern.zone,
                "by_directory": slot.by_directory,
                "version": slot.version,
            }
            for slot in table.slots
        ],
        "absences": [{"first": str(each.first), "last": str(each.last)} for each in table.absences],
        "to_come": [
            {
                "slot": each.slot,
                "day": str(each.day),
                "start": phrases.moment_in_json(each.start),
                "end": phrases.moment_in_json(each.end),
            }
            for each in table.to_come(desk.services.now())
        ],
    }
