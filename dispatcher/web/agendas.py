"""The page of somebody's slots, as it is written; what changes them is in ``planning.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any, Final

from flask import Response, render_template

from config.words import words
from dispatcher.domain import slot_forms, slot_sentences
from dispatcher.domain.agendas import agendas, change_of, entries_of
from dispatcher.domain.agents import Agent, Need
from dispatcher.domain.alterations import What
from dispatcher.domain.coverage import Gap
from dispatcher.domain.occurrences import Occurrence, Pattern, Slot
from dispatcher.domain.schedule import local
from dispatcher.domain.slot_forms import Problem, Rhythm, write_day
from dispatcher.domain.slots import DAY, Span
from dispatcher.domain.timetables import ALWAYS_WAS
from dispatcher.operations import alterations
from dispatcher.web import guards

WORDS: Final = words("planning")
SLOTS: Final = {**words("spoken"), **words("timetables")}
DONE: Final = {
    "pose": "plages.done.posted",
    "change": "plages.done.changed",
    "arrete": "plages.done.stopped",
    "annule": "plages.done.cancelled",
    "deplace": "plages.done.moved",
    "absent": "plages.done.away",
    "revenu": "plages.done.back",
    "ferme": "plages.done.closed",
}
"""What a page says was done, by how its address says it."""
ALTERED: Final = {
    What.POSTED: "plages.altered.posted",
    What.EDITED: "plages.altered.edited",
    What.STOPPED: "plages.altered.stopped",
    What.MOVED: "plages.altered.moved",
    What.CANCELLED: "plages.altered.cancelled",
    What.AWAY: "plages.altered.away",
    What.BACK: "plages.altered.back",
}
NEEDS: Final = {
    Need.PROCEDURES: WORDS["plages.need.procedures"],
    Need.MEDIATION: WORDS["plages.need.mediation"],
}
WEEKS: Final = 2
ALONE_AT_MOST: Final = 5
"""So many moments without anybody are told one by one."""
NEW: Final = {"rhythm": Rhythm.WEEKLY.value}


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody wrote in a form, and what is wrong with it. ``form``: which one it was."""

    form: str
    answers: Mapping[str, str]
    problems: tuple[Problem, ...] = ()

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong, by the field in which it is; the first of each."""
        return {each.field: WORDS[each.key] for each in reversed(self.problems)}


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the page is not the same for everybody who looks at it."""

    monday: date
    typed: Typed = field(default_factory=lambda: Typed("", NEW))
    news: str = ""
    warning: str = ""
    link: str = ""


def today(agent: Agent) -> date:
    """The day where they are."""
    return local(guards.parts().services.now(), agent.timezone).date()


def monday(text: str, agent: Agent) -> date:
    """The Monday of the week that an address names; of this week, when it names none."""
    found = slot_forms.read_day(text)
    day = found if found is not None and 2000 <= found.year <= 2100 else today(agent)
    return day - timedelta(days=day.weekday())


def page(agent: Agent, shown: Shown, *, status: int = 200) -> Response:
    """This week and the next, the slots, and every form."""
    services = guards.parts().services
    table, first, weeks = agent.slots, shown.monday, range(WEEKS)
    days = agendas(table, first, first + timedelta(days=7 * WEEKS - 1))
    document = render_template(
        "planning.html",
        agent=agent,
        shown=shown,
        typed=shown.typed,
        wrong=shown.typed.wrong,
        weeks=[(first + timedelta(weeks=n), days[7 * n : 7 * n + 7]) for n in weeks],
        before=(first - timedelta(weeks=1)).isoformat(),
        after=(first + timedelta(weeks=1)).isoformat(),
        today=today(agent),
        altered=[_altered(each, agent) for each in alterations.of(agent.id, services)],
        once=shown.typed.answers.get("once") or token_hex(8),
        say=Say(agent),
    )
    return Response(document, status=status)


def slot_page(agent: Agent, slot: Slot, typed: Typed | None = None) -> Response:
    """One slot, to be changed or stopped."""
    typed = typed or Typed("slot", slot_forms.write(slot.pattern))
    return _one("planning_slot.html", agent, slot, typed)


def day_page(agent: Agent, slot: Slot, day: date, typed: Typed | None = None) -> Response:
    """One day of a slot, to be moved, to have other hours, or to be cancelled."""
    change = change_of(slot, day)
    stands = change.to if change is not None else None
    on, span = (stands.day, stands.span) if stands is not None else (day, slot.pattern.span)
    start, end = map(slot_forms.write_time, span)
    typed = typed or Typed("day", {"to": write_day(on), "start": start, "end": end})
    usual = tuple(map(slot_forms.write_time, slot.pattern.span))
    return _one(
        "planning_day.html", agent, slot, typed, day=day, change=change, on=on, span=span,
        usual=usual,
    )  # fmt: skip


def sure_page(agent: Agent, gaps: Sequence[Gap], form: Mapping[str, str]) -> Response:
    """Where nobody else would be, and what was to be done, which one press still does."""
    every = _alone(gaps, agent)
    alone, more = every[:ALONE_AT_MOST], len(every) - ALONE_AT_MOST
    return Response(render_template("planning_sure.html", alone=alone, more=more, form=form))


def _alone(gaps: Sequence[Gap], agent: Agent) -> list[str]:
    """Each moment once, with all the places that have nobody for the same needs."""
    moments: dict[tuple[date, Span], dict[str, list[str]]] = {}
    for gap in gaps:
        places = moments.setdefault(gap.on_clock(agent.timezone), {})
        name = guards.parts().services.atlas.name(gap.territory)
        places.setdefault(name, []).append(NEEDS[gap.need])
    said = []
    for (day, hours), places in moments.items():
        alike: dict[str, list[str]] = {}
        for name, needs in places.items():
            alike.setdefault(", ".join(needs), []).append(name)
        when = slot_sentences.write_day(day, SLOTS).capitalize()
        said += [
            WORDS["plages.alone"].format(
                day=when + slot_sentences.write_span(*hours, SLOTS),
                place=", ".join(names),
                need=needs,
            )
            for needs, names in alike.items()
        ]
    return said


def _altered(shown: alterations.Shown, agent: Agent) -> str:
    """« Le mardi 24 novembre 2026 à 10 h, par carla@exemple.fr : plage posée, de 9 h à 12 h. »."""
    made, done, say = shown.made, shown.made.done, Say(agent)
    there = local(made.at, agent.timezone)
    days = [] if done.first is None else [say.day(done.first)]
    if done.last is not None and done.last != done.first:
        days.append(say.day(done.last))
    return WORDS["plages.altered.line"].format(
        at=f"{say.day(there.date())} à {slot_sentences.clock(_minutes(there), SLOTS)}",
        by=shown.by or WORDS["plages.altered.somebody"],
        what=WORDS[ALTERED[done.what]],
        days=", " + " → ".join(days) if days else "",
        hours="," + say.span(done.span) if done.span is not None else "",
    )


def events(agent: Agent, first: date, last: date) -> list[dict[str, Any]]:
    """What the calendar of a script draws, on the clock of its agent."""
    return [
        {
            "id": f"{each.slot.id}/{each.occurrence.day}",
            "start": _wall(each.start),
            "end": _wall(each.end),
            "slot": each.slot.id,
            "day": each.occurrence.day.isoformat(),
            "version": each.slot.version,
            "once": each.slot.pattern.rule.once,
            "ours": each.occurrence.zone == agent.timezone,
        }
        for each in entries_of(agent.slots, first - timedelta(days=1), last)
    ]


def warning(overlaps: tuple[Occurrence, ...]) -> str:
    """The first day on which a slot runs into others, as an address says it; or nothing."""
    return overlaps[0].on.isoformat() if overlaps else ""


def warned(text: str, agent: Agent) -> str:
    """What that says, of a day on which there is something."""
    day = slot_forms.read_day(text)
    found = agent.slots.occurrences(day, day) if day is not None else ()
    if not found:
        return ""
    said = {"day": Say(agent).day(found[0].on), "hours": Say(agent).span(found[0].span)}
    return WORDS["plages.warn.overlaps"].format(**said)


class Say:
    """How the pages say days, hours and slots, to one agent."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    def day(self, day: date) -> str:
        """« mardi 24 novembre 2026 »."""
        return slot_sentences.write_day(day, SLOTS)

    def span(self, span: tuple[int, int]) -> str:
        """« de 9 h à 12 h », after a space."""
        said = "plages.say.next_day" if span[1] > DAY else "plages.say.hours"
        start, end = (slot_sentences.clock(each, SLOTS) for each in span)
        return " " + WORDS[said].format(start=start, end=end)

    def hours(self, start: datetime, end: datetime) -> str:
        """« de 9 h à 12 h », from what a clock shows."""
        nights = (end.date() - start.date()).days
        return self.span((_minutes(start), _minutes(end) + nights * DAY)).strip()

    def slot(self, pattern: Pattern) -> str:
        """A slot in a sentence."""
        return slot_sentences.write(pattern, SLOTS, since=max(ALWAYS_WAS, today(self._agent)))

    def pauses(self, pattern: Pattern) -> str:
        """Its pauses, or nothing."""
        return ", ".join(self.span(each).strip() for each in pattern.pauses)

    def week(self, first: date) -> str:
        """Which week of the year it is, as an even or odd one."""
        number = first.isocalendar().week
        parity = WORDS["plages.say.week_odd" if number % 2 else "plages.say.week_even"]
        said = WORDS["plages.say.week"].format(day=self.day(first))
        return f"{said} ({parity})"


def _one(template: str, agent: Agent, slot: Slot, typed: Typed, **more: object) -> Response:
    document = render_template(
        template, agent=agent, slot=slot, typed=typed, wrong=typed.wrong, say=Say(agent), **more
    )
    conflict = any(each.key == "plages.wrong.slot.conflict" for each in typed.problems)
    return Response(document, status=409 if conflict else 422 if typed.problems else 200)


def _minutes(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _wall(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="minutes")
