"""Who serves what, when, as it is written on a page: of the territories that whoever looks sees."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from config.words import words
from dispatcher.domain import slot_sentences
from dispatcher.domain.agents import Need
from dispatcher.domain.coverage import widest, within
from dispatcher.domain.roles import Act, Grant, Place, allows
from dispatcher.domain.slots import DAY, Span
from dispatcher.domain.territories import Level, Territory
from dispatcher.operations import coverage
from dispatcher.operations.coverage import AHEAD
from dispatcher.operations.services import Services

WORDS: Final = words("reports")
SLOTS: Final = {**words("spoken"), **words("timetables")}
NEEDS: Final = {need: WORDS[f"need.{need}"] for need in Need}
IN_A_ROW: Final = 3
"""So many days of the same hours are told together."""


def shown(services: Services, grants: Collection[Grant] | None) -> dict[str, Any]:
    """What the page is filled with: a part for each territory that is in no other, widest first.
    ``grants``: the roles of who looks; None: they see all of France.
    """
    rows = _rows(services, grants)
    every = {row.territory for row in rows}
    shown = widest(every, services.atlas)
    inside = {each: within(each, every, services.atlas) - {each} for each in shown}
    return {
        "parts": _parts((row for row in rows if row.territory in shown), services, inside),
        "days": AHEAD.days,
        "place": None,
    }


def shown_inside(
    code: str, services: Services, grants: Collection[Grant] | None
) -> dict[str, Any] | None:
    """The same of one département, EPCI by EPCI; None when nothing of it is known, or is theirs."""
    departement = Territory(Level.DEPARTEMENT, code.upper())
    rows = _rows(services, grants)
    shown = within(departement, {row.territory for row in rows}, services.atlas)
    if not shown:
        return None
    return {
        "parts": _parts((row for row in rows if row.territory in shown), services, {}),
        "days": AHEAD.days,
        "place": services.atlas.name(departement),
    }


def _rows(services: Services, grants: Collection[Grant] | None) -> list[coverage.Row]:
    def sees(territory: Territory) -> bool:
        around = Place("", services.atlas.above(territory) | {territory})
        return grants is None or allows(grants, Act.LOAD, around)

    rows = coverage.ahead(services, sees)
    return sorted(rows, key=lambda row: (-row.territory.level, row.territory))


def _parts(
    rows: Iterable[coverage.Row],
    services: Services,
    inside: Mapping[Territory, Collection[Territory]],
) -> list[dict[str, Any]]:
    return [
        {
            "name": services.atlas.name(territory),
            "code": territory.code,
            "inside": len(inside.get(territory, ())),
            "needs": [_need(row) for row in those],
        }
        for territory, those in groupby(rows, key=lambda row: row.territory)
    ]


def _need(row: coverage.Row) -> dict[str, Any]:
    return {
        "need": NEEDS[row.need],
        "percent": round(row.share * 100),
        "alone": _said(row.alone),
    }


def _said(days: Mapping[date, Sequence[Span]]) -> list[str]:
    """« Mardi 1er décembre 2026 : de 9 h à 10 h 30, de 14 h à 18 h »; three days or more of the
    same hours in a row are told in one sentence.
    """
    said = []
    for run in _runs(days):
        first, last = (slot_sentences.write_day(day, SLOTS) for day in (run[0], run[-1]))
        hours = _hours(days[run[0]])
        if len(run) < IN_A_ROW:
            said += [
                WORDS["covering.day"].format(
                    day=slot_sentences.write_day(day, SLOTS).capitalize(), hours=hours
                )
                for day in run
            ]
        else:
            said.append(WORDS["covering.days"].format(first=first, last=last, hours=hours))
    return said


def _runs(days: Mapping[date, Sequence[Span]]) -> list[list[date]]:
    """Days that follow each other and have the same hours."""
    runs: list[list[date]] = []
    for day, spans in days.items():
        before = runs[-1][-1] if runs else None
        if before is not None and (day - before).days == 1 and list(days[before]) == list(spans):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _hours(spans: Sequence[Span]) -> str:
    if list(spans) == [Span(0, DAY)]:
        return WORDS["covering.all_day"]
    return ", ".join(slot_sentences.write_span(*each, SLOTS).strip() for each in spans)
