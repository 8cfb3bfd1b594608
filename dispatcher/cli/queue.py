"""``dispatcher queue``: who waits, and what every agent is doing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click

from config.words import words
from dispatcher.cli import phrases
from dispatcher.cli import retention as erasures
from dispatcher.cli.opening import opened
from dispatcher.domain.agents import Aside, Pause
from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Why
from dispatcher.operations import overview, retention
from dispatcher.operations.overview import AgentNow, Doing, KeptCallback, Overview, WaitingCaller

WORDS = words("reports")
HELP = words("operator")
NAMED_AT_MOST: Final = 20
"""Agents of one state that are named in the text; JSON has all of them."""

_DOING: Final = {
    Doing.FREE: WORDS["queue.doing.free"],
    Doing.WRAP_UP: WORDS["queue.doing.wrap_up"],
    Doing.OFFERED: WORDS["queue.doing.offered"],
    Doing.TALKING: WORDS["queue.doing.talking"],
    Doing.ON_THE_LINE: WORDS["queue.doing.on_the_line"],
    Doing.PAUSED: WORDS["queue.doing.paused"],
    Doing.ASIDE: WORDS["queue.doing.aside"],
    Doing.OFF: WORDS["queue.doing.off"],
}
_ASIDE: Final = {
    Aside.NO_SUCH_NUMBER: WORDS["queue.aside.no_such_number"],
    Aside.FORWARDED_TO_US: WORDS["queue.aside.forwarded_to_us"],
}
_PAUSE: Final = {
    Pause.MISSED: WORDS["queue.pause.missed"],
    Pause.BREAK: WORDS["queue.pause.break"],
    Pause.MEAL: WORDS["queue.pause.meal"],
    Pause.VISITOR: WORDS["queue.pause.visitor"],
    Pause.MEETING: WORDS["queue.pause.meeting"],
    Pause.DAY_OVER: WORDS["queue.pause.day_over"],
}
_WHY: Final = {
    Why.CLOSED: WORDS["queue.why.closed"],
    Why.NOBODY_ON: WORDS["queue.why.nobody_on"],
    Why.ASKED: WORDS["queue.why.asked"],
    Why.OFTEN: WORDS["queue.why.often"],
    Why.MISSED: WORDS["queue.why.missed"],
    Why.CUT_OFF: WORDS["queue.why.cut_off"],
    Why.FORM: WORDS["queue.why.form"],
    Why.TEXT: WORDS["queue.why.text"],
    Why.PARTNER: WORDS["queue.why.partner"],
    Why.FOLLOW_UP: WORDS["queue.why.follow_up"],
    Why.REGULAR: WORDS["queue.why.regular"],
}
_STATE: Final = {
    State.WAITING: WORDS["queue.state.waiting"],
    State.OFFERED: WORDS["queue.state.offered"],
    State.CALLING: WORDS["queue.state.calling"],
}


@click.command(help=HELP["cli.queue.help"])
@click.option("--json", "as_json", is_flag=True, help=HELP["cli.json"])
def queue(*, as_json: bool) -> None:
    """Show the desk as it is."""
    with opened() as services:
        desk = overview.look(services)
        erased = retention.last(services)
    if as_json:
        told = None if erased is None else erasures.in_json(erased)
        phrases.write_json(_in_json(desk) | {"erased": told})
    else:
        click.echo("\n".join([*_in_french(desk), "", *erasures.in_french(erased)]))


def _in_french(desk: Overview) -> Iterator[str]:
    yield WORDS["queue.now"].format(moment=phrases.moment(desk.at))
    if not desk.live:
        yield WORDS["queue.not_live"]
    if desk.outage:
        yield WORDS["queue.outage"]
    yield "\n" + WORDS["queue.waiting"].format(count=len(desk.waiting))
    yield from (_caller(each, desk) for each in desk.waiting)
    yield "\n" + WORDS["queue.callbacks"].format(count=len(desk.callbacks))
    yield from (_callback(each, desk) for each in desk.callbacks)
    yield "\n" + WORDS["queue.texts"].format(**_texts(desk))
    yield WORDS["queue.mails"].format(waiting=desk.mails.waiting, unsure=desk.mails.unsure)
    yield "\n" + WORDS["queue.agents"].format(count=len(desk.agents))
    for doing in Doing:
        yield from _agents(doing, [each for each in desk.agents if each.doing is doing])


def _caller(each: WaitingCaller, desk: Overview) -> str:
    return WORDS["queue.caller"].format(
        place=each.place,
        how_long=phrases.how_long(each.since, desk.at),
        commune=phrases.commune(each.commune),
        need=phrases.NEEDS[each.need],
    )


def _callback(each: KeptCallback, desk: Overview) -> str:
    due = each.due_at > desk.at
    when = WORDS["queue.not_before"].format(moment=phrases.moment(each.due_at)) if due else ""
    return WORDS["queue.callback"].format(
        how_long=phrases.how_long(each.since, desk.at),
        commune=phrases.commune(each.commune),
        need=phrases.NEEDS[each.need],
        why=_WHY[each.why],
        state=when or _STATE[each.state],
    )


def _agents(doing: Doing, those: list[AgentNow]) -> Iterator[str]:
    if not those:
        return
    yield WORDS["queue.doing.count"].format(doing=_DOING[doing], count=len(those))
    yield from map(_agent, those[:NAMED_AT_MOST])
    if len(those) > NAMED_AT_MOST:
        yield WORDS["queue.others"].format(count=len(those) - NAMED_AT_MOST)


def _agent(each: AgentNow) -> str:
    said = WORDS["queue.agent"].format(name=each.name, structure=each.structure)
    if each.until is not None:
        said += WORDS["queue.until"].format(time=phrases.clock(each.until))
    if each.doing is Doing.ASIDE and each.aside is not None:
        said += WORDS["queue.because"].format(cause=_ASIDE[each.aside])
    if each.doing is Doing.PAUSED and each.pause is not None:
        said += WORDS["queue.because"].format(cause=_PAUSE[each.pause])
    return said


def _in_json(desk: Overview) -> dict[str, Any]:
    counts = {doing: sum(each.doing is doing for each in desk.agents) for doing in Doing}
    return {
        "at": phrases.moment_in_json(desk.at),
        "live": desk.live,
        "outage_suspected": desk.outage,
        "waiting": [_caller_in_json(each, desk) for each in desk.waiting],
        "callbacks": [_callback_in_json(each) for each in desk.callbacks],
        "texts": _texts(desk),
        "mails": {"waiting": desk.mails.waiting, "unsure": desk.mails.unsure},
        "agents_by_state": counts,
        "agents": [_agent_in_json(each) for each in desk.agents],
    }


def _texts(desk: Overview) -> dict[str, int]:
    now = desk.texts
    return {"waiting": now.waiting, "unsure": now.unsure, "today": now.today, "cap": now.cap}


def _caller_in_json(each: WaitingCaller, desk: Overview) -> dict[str, Any]:
    return {
        "call": each.call,
        "since": phrases.moment_in_json(each.since),
        "seconds": int((desk.at - each.since).total_seconds()),
        "commune": phrases.commune_in_json(each.commune),
        "need": each.need,
        "place": each.place,
    }


def _callback_in_json(each: KeptCallback) -> dict[str, Any]:
    return {
        "callback": each.id,
        "since": phrases.moment_in_json(each.since),
        "not_before": phrases.moment_in_json(each.due_at),
        "commune": phrases.commune_in_json(each.commune),
        "need": each.need,
        "why": each.why,
        "state": each.state,
    }


def _agent_in_json(each: AgentNow) -> dict[str, Any]:
    return {
        "agent": each.id,
        "name": each.name,
        "structure": each.structure,
        "state": each.doing,
        "until": phrases.moment_in_json(each.until),
        "cause": {Doing.ASIDE: each.aside, Doing.PAUSED: each.pause}.get(each.doing),
    }
