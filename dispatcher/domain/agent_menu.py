"""What the keys of an agent do who has nothing but a telephone.

A number proves nothing: whoever rings from an agent's telephone is asked for the agent's PIN, and
whoever has none is a caller like any other. At the PIN the call's ``tries`` count the wrong ones
and its ``page`` the silences; in the menu ``tries`` counts both, and ``page`` is what was just
asked to be told; among slots and stand-ins it is one of them (``slot_menu.py``), and where it is
asked when to ring somebody again, the key that said who will.
How it all sounds is in ``agent_prompts.py``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from dispatcher.domain import slot_menu
from dispatcher.domain.agent_steps import SLOT_STEPS, STEPS, TRIES, Heard, Told, menu
from dispatcher.domain.agents import Agent, AgentId, Pause, Refused
from dispatcher.domain.calls import Call, Keys, Step
from dispatcher.domain.follow_ups import Last, When, Wish
from dispatcher.domain.slot_drafts import minute
from dispatcher.domain.slot_menu import Confirmed
from dispatcher.domain.stand_ins import StandIn

__all__ = [
    "PIN_DIGITS",
    "STEPS",
    "TRIES",
    "Heard",
    "Told",
    "as_caller",
    "begin",
    "hear",
    "offer",
    "tried",
    "without_pin",
]

SILENCES: Final = 2
PIN_DIGITS: Final = range(4, 9)
A_PERSON: Final = "0"
_MINE: Final = {"1": True, "2": False}
_WHEN: Final = {"1": When.SOON, "2": When.TOMORROW, "3": When.IN_A_WEEK}
_PAUSES: Final = {"1": Pause.BREAK, "2": Pause.MEAL, "3": Pause.DAY_OVER}


def begin(call: Call, *, may_try: bool) -> Call:
    """A new call from the telephone of somebody who has a PIN; ``may_try``: it is not locked."""
    return replace(call, step=Step.AGENT_PIN, tries=0 if may_try else TRIES)


def without_pin(call: Call, keys: Keys) -> Call | None:
    """The call after keys that are no PIN; None when they may be one, and are to be tried."""
    if call.tries >= TRIES:  # told that the PIN is locked
        return as_caller(call)
    if keys.again:
        return call.again()
    if not keys.digits:
        silences = call.page + 1
        return as_caller(call) if silences >= SILENCES else call.to(call.step, page=silences)
    if len(keys.digits) in PIN_DIGITS:
        return None
    return as_caller(call) if set(keys.digits) == {A_PERSON} else _wrong(call)


def tried(call: Call, found: AgentId | Refused) -> Call:
    """The call after a PIN was tried."""
    if found is Refused.LOCKED:
        return call.to(Step.AGENT_PIN, tries=TRIES)
    if found is Refused.WRONG:
        return _wrong(call)
    return call.to(Step.AGENT_MENU, as_agent=found, page=0)


def offer(call: Call, wanted: StandIn) -> Call:
    """Before the menu: a colleague looks for somebody who stands in."""
    return call.to(Step.AGENT_STAND_IN, page=minute(wanted.starts_at), tries=0)


def hear(
    call: Call,
    keys: Keys,
    agent: Agent,
    *,
    at: datetime,
    confirmed: Confirmed = (),
    last: Last = Last.NOBODY,
    wanted: StandIn | None = None,
) -> Heard:
    """What a key does in the menu and behind it; ``last``: what it may do for whom they helped,
    ``wanted``: the stand-in they were told of, as long as they may take it.
    """
    if keys.again:
        return Heard(call.again())
    if keys.digits == A_PERSON:
        return Heard(as_caller(call))
    if call.step in SLOT_STEPS:
        return slot_menu.hear(call, keys, agent, at=at, confirmed=confirmed)
    match call.step:
        case Step.AGENT_STAND_IN:
            heard = _hear_stand_in(call, keys, wanted)
        case Step.AGENT_AFTER | Step.AGENT_WHEN:
            heard = _hear_of_last(call, keys, last)
        case Step.AGENT_PAUSE:
            heard = _hear_pause(call, keys, agent, at=at)
        case _:
            heard = _hear_menu(call, keys, agent, last, at=at)
    return heard


def as_caller(call: Call) -> Call:
    """They go on to a caller's first question."""
    return call.to(Step.POSTAL_CODE, page=0)


def _wrong(call: Call) -> Call:
    return call.puzzled() if call.tries + 1 < TRIES else as_caller(call)


def _hear_menu(call: Call, keys: Keys, agent: Agent, last: Last, *, at: datetime) -> Heard:
    match keys.digits:
        case "1" if agent.on_until(at) is not None:
            return Heard(call.to(Step.AGENT_PAUSE, page=0))
        case "1" if agent.ringable:
            return Heard(menu(call), agent.comes_on(at))
        case "2":
            return Heard(slot_menu.begin(call, agent, at=at))
        case "3" if agent.ringable:
            return Heard(menu(call, Told.NEXT_CALL), agent.comes_on(at))
        case "4" if last is not Last.NOBODY:
            return Heard(call.to(Step.AGENT_AFTER, page=0))
        case _:
            return Heard(call.to(Step.AGENT_MENU, page=0, tries=call.tries + 1))


def _hear_stand_in(call: Call, keys: Keys, wanted: StandIn | None) -> Heard:
    """They take it, or go on; of one that is gone a key leads on."""
    if keys.digits == "1":
        told = Told.NOTHING if wanted is None else Told.STANDS_IN
        return Heard(menu(call, told), takes=wanted is not None)
    if keys.digits == "2" and wanted is not None:
        return Heard(menu(call))
    return Heard(call.puzzled())


def _hear_pause(call: Call, keys: Keys, agent: Agent, *, at: datetime) -> Heard:
    why = _PAUSES.get(keys.digits)
    return Heard(call.puzzled()) if why is None else Heard(menu(call), agent.rests(why, at))


def _hear_of_last(call: Call, keys: Keys, last: Last) -> Heard:
    """What a key does for the person whom they helped last."""
    if call.step is Step.AGENT_WHEN:
        return _hear_when(call, keys)
    if keys.digits in _MINE:
        return Heard(call.to(Step.AGENT_WHEN, page=int(keys.digits)))
    if keys.digits == "3" and last.rung_back:
        return Heard(menu(call, Told.REDIRECTED), redirects=True)
    if keys.digits == "4" and last is Last.REGULAR:
        return Heard(menu(call, Told.GOES_ON), goes_on=True)
    return Heard(call.puzzled())


def _hear_when(call: Call, keys: Keys) -> Heard:
    when = _WHEN.get(keys.digits)
    if when is None:
        return Heard(call.puzzled())
    return Heard(menu(call, Told.BOOKED), wish=Wish(_MINE[str(call.page)], when))
