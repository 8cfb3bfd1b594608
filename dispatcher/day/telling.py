"""A rehearsed day told to people in French, and to programs in JSON; never a telephone number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from config.words import words
from dispatcher.cli import phrases
from dispatcher.day.fates import Fate, Odd, Told
from dispatcher.day.rehearsal import Rehearsal
from dispatcher.day.summary import SOON, Helped, Summary, sum_up
from dispatcher.domain.schedule import local

WORDS = words("day")
_FATES: Final = {
    Fate.ANSWERED: WORDS["day.fate.answered"],
    Fate.CALLED_BACK: WORDS["day.fate.called_back"],
    Fate.NOT_REACHED: WORDS["day.fate.not_reached"],
    Fate.KEPT: WORDS["day.fate.kept"],
    Fate.ABANDONED: WORDS["day.fate.abandoned"],
    Fate.CLOSED: WORDS["day.fate.closed"],
    Fate.REJECTED: WORDS["day.fate.rejected"],
    Fate.LOST: WORDS["day.fate.lost"],
}
_COUNTED: Final = {
    Fate.ANSWERED: WORDS["day.sum.answered"],
    Fate.CALLED_BACK: WORDS["day.sum.called_back"],
    Fate.NOT_REACHED: WORDS["day.sum.not_reached"],
    Fate.KEPT: WORDS["day.sum.kept"],
    Fate.ABANDONED: WORDS["day.sum.abandoned"],
    Fate.CLOSED: WORDS["day.sum.closed"],
    Fate.REJECTED: WORDS["day.sum.rejected"],
    Fate.LOST: WORDS["day.sum.lost"],
}
_ODD: Final = {
    Odd.UNHEARD_OF: WORDS["day.odd.unheard_of"],
    Odd.NEVER_ENDED: WORDS["day.odd.never_ended"],
    Odd.NO_TALK: WORDS["day.odd.no_talk"],
    Odd.TALK: WORDS["day.odd.talk"],
    Odd.SOMEBODY_ELSE: WORDS["day.odd.somebody_else"],
    Odd.STILL_LIVE: WORDS["day.odd.still_live"],
}


def in_french(day: Rehearsal) -> Iterator[str]:
    """Line by line: every call, then the day."""
    yield WORDS["day.told.title"].format(
        moment=phrases.moment(day.plan.begins),
        line=day.plan.line,
        calls=len(day.told),
        agents=len(day.helped),
    )
    yield from (_call(each, day.plan.zone) for each in day.told)
    summary = sum_up(day.told)
    yield from _figures(summary)
    yield WORDS["day.sum.agents"]
    yield from map(_agent, day.helped)
    if day.failures:
        yield WORDS["day.sum.failures"].format(count=day.failures)
    if summary.odd:
        yield WORDS["day.sum.odd"].format(count=summary.odd)
    said = WORDS["day.sum.seed" if day.plan.speed is None else "day.sum.seed_paced"]
    yield said.format(seed=day.plan.seed)


def _call(told: Told, zone: str) -> str:
    planned = told.planned
    agent = WORDS["day.told.nobody"] if told.agent is None else told.agent
    said = WORDS["day.told.call"].format(
        time=f"{local(planned.at, zone):%H:%M:%S}",
        place=WORDS["day.told.place"].format(name=planned.commune, code=planned.postal_code),
        need=phrases.NEEDS[planned.need],
        fate=_FATES[told.fate].format(agent=agent, after=_span(told.after)),
    )
    return said if told.odd is None else said + WORDS["day.told.odd"].format(odd=_ODD[told.odd])


def _figures(summary: Summary) -> Iterator[str]:
    yield WORDS["day.sum.title"]
    for fate, count in summary.counts.items():
        if count or fate is Fate.ANSWERED:
            yield WORDS["day.sum.count"].format(count=count, what=_COUNTED[fate])
    if summary.median is None:
        yield WORDS["day.sum.no_waits"]
    else:
        waits = {"median": _span(summary.median), "ninetieth": _span(summary.ninetieth)}
        yield WORDS["day.sum.waits"].format(**waits)
    percent = _percent(summary.soon_share)
    yield WORDS["day.sum.soon"].format(limit=round(SOON), percent=percent)


def _agent(each: Helped) -> str:
    said = WORDS["day.sum.never_on" if each.occupied is None else "day.sum.agent"]
    return said.format(
        agent=each.id,
        name=each.name,
        structure=each.structure,
        talks=each.talks,
        talked=_span(each.talked),
        percent=_percent(each.occupied),
    )


def _span(seconds: float | None) -> str:
    if seconds is None:
        return WORDS["day.told.nobody"]
    whole = round(seconds)
    if whole < 60:
        return WORDS["day.told.seconds"].format(seconds=whole)
    minutes, rest = divmod(whole, 60)
    return WORDS["day.told.minutes"].format(minutes=minutes, seconds=rest)


def _percent(share: float | None) -> int:
    return round(100 * (share or 0))


def in_json(day: Rehearsal) -> dict[str, Any]:
    """The same, with codes in place of words."""
    summary = sum_up(day.told)
    return {
        "seed": day.plan.seed,
        "line": day.plan.line,
        "begins": phrases.moment_in_json(day.plan.begins),
        "ends": phrases.moment_in_json(day.plan.ends),
        "calls": [_call_in_json(each) for each in day.told],
        "summary": {
            "calls": summary.calls,
            "counts": summary.counts,
            "disagreements": summary.odd,
            "median_wait_seconds": summary.median,
            "ninetieth_wait_seconds": summary.ninetieth,
            "answered_within_60_seconds": summary.soon,
            "failures": day.failures,
        },
        "agents": [_agent_in_json(each) for each in day.helped],
    }


def _call_in_json(told: Told) -> dict[str, Any]:
    planned = told.planned
    return {
        "at": phrases.moment_in_json(planned.at),
        "postal_code": planned.postal_code,
        "commune": planned.commune,
        "need": planned.need,
        "fate": told.fate,
        "agent": told.agent,
        "after_seconds": told.after,
        "disagreement": told.odd,
    }


def _agent_in_json(each: Helped) -> dict[str, Any]:
    return {
        "agent": each.id,
        "name": each.name,
        "structure": each.structure,
        "conversations": each.talks,
        "talked_seconds": round(each.talked, 1),
        "on_seconds": round(each.on, 1),
    }
