"""Agents by telephone: their PIN, what their keys change, and what they hear.

Each key is a move over the call's turn, and what it makes of the agent is in the same transaction:
a webhook that comes twice changes neither twice. The agent's row is taken first, then the call's.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher.domain import agent_menu, agent_prompts, slot_menu
from dispatcher.domain.agent_steps import CONFIRMING, STEPS, Heard, Told
from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.calls import Call, Keys, Step
from dispatcher.domain.dispositions import Outcome
from dispatcher.domain.follow_ups import Helped
from dispatcher.domain.rule_prompts import Alone
from dispatcher.domain.script import Script
from dispatcher.domain.stand_ins import StandIn
from dispatcher.operations import (
    agents,
    coverage,
    deeds,
    dispositions,
    follow_ups,
    stand_in_notices,
    stand_ins,
    swaps,
)
from dispatcher.operations.services import Services
from dispatcher.operations.stand_in_notices import NONE, Letters
from dispatcher.operations.stand_ins import Plan
from dispatcher.store.store import Transaction, Withdrawn

__all__ = ["STEPS", "begin", "hear", "leads_on", "say"]


def begin(call: Call, tx: Transaction) -> Call:
    """A new call where it begins: at the PIN, when its number is that of an agent who has one."""
    if call.number is None:
        return call
    may_try = tx.pins.may_be_tried(call.number, at=call.started_at)
    return call if may_try is None else agent_menu.begin(call, may_try=may_try)


def hear(call: Call, keys: Keys, services: Services) -> Call:
    """The call after these keys, or as somebody else moved it first."""
    planned = _planned(call, keys, services)
    done: list[Moved] = []
    with services.store.writing() as tx:
        moved = _moved(call, keys, planned, tx, services)
        if not tx.calls.save(moved.call, over=call, at=services.now()):
            raise Withdrawn
        done.append(moved)
    if not done:
        with services.store.reading() as tx:
            return tx.calls.find(call.sid) or call
    [moved] = done
    if moved.call.as_agent is not None:
        agents.show(moved.call.as_agent, services)
    stand_in_notices.prompt(moved.told, services)
    swaps.shown(moved.taken, services)
    return moved.call


def say(call: Call, services: Services) -> Script:
    """What the telephone is told at a step of an agent's call."""
    if call.step is Step.AGENT_PIN:
        return agent_prompts.ask_pin(call)
    with services.store.reading() as tx:
        agent = _agent(call, tx, services)
        confirmed = tx.timetables.confirmed(agent.id)
        last = follow_ups.choices(follow_ups.last(agent.id, tx, services), tx)
        wanted = _wanted(call, agent, tx, services)
    alone, at = _alone(call, agent, services), services.now()
    return agent_prompts.say(
        call, agent, at=at, confirmed=confirmed, last=last, alone=alone, wanted=wanted
    )


def leads_on(call: Call, services: Services) -> bool:
    """Whether the step before was an agent's, and a caller's call begins only here."""
    if call.step is not Step.POSTAL_CODE or call.tries:
        return False
    with services.store.reading() as tx:
        moves = tx.calls.moves(call.sid)
    return any(turn == call.turn - 1 and step in STEPS for turn, _, step in moves)


@dataclass(frozen=True, slots=True)
class Moved:
    """The call after a key, and what is to be done after its transaction."""

    call: Call
    told: Letters = NONE
    taken: swaps.Seen | None = None


def _moved(
    call: Call, keys: Keys, planned: Plan | None, tx: Transaction, services: Services
) -> Moved:
    if call.step is Step.AGENT_PIN:
        return Moved(_tried(call, keys, tx, services))
    agent, at = _agent(call, tx, services), services.now()
    helped = follow_ups.last(agent.id, tx, services)
    last, confirmed = follow_ups.choices(helped, tx), tx.timetables.confirmed(agent.id)
    wanted = _wanted(call, agent, tx, services)
    heard = agent_menu.hear(call, keys, agent, at=at, confirmed=confirmed, last=last, wanted=wanted)
    if heard.word is not None:
        tx.agents.heed(agent.id, heard.word, at=at)
    if heard.deed is not None and not deeds.do(heard.deed, agent, tx, services):
        raise Withdrawn  # somebody changed that slot just now: they hear how it stands
    if heard.deed is not None:
        return Moved(heard.call, stand_ins.begin(planned, tx, services))
    if heard.takes and wanted is not None:
        return _taken(heard, wanted, agent, tx, services)
    if heard.wish is None and not heard.redirects and not heard.goes_on:
        return Moved(heard.call)
    return Moved(heard.told(_followed_up(heard, helped, agent.id, tx, services)))


def _tried(call: Call, keys: Keys, tx: Transaction, services: Services) -> Call:
    """The call after keys at the PIN; whoever comes in may first hear of a stand-in."""
    moved = agent_menu.without_pin(call, keys)
    if moved is None and call.number is not None:
        found = tx.pins.attempt(call.number, keys.digits, at=services.now())
        moved = agent_menu.tried(call, found)
    if moved is None or moved.step is not Step.AGENT_MENU:
        return moved or agent_menu.as_caller(call)
    wanted = swaps.offered(_agent(moved, tx, services), tx, services)
    return moved if wanted is None else agent_menu.offer(moved, wanted)


def _wanted(call: Call, agent: Agent, tx: Transaction, services: Services) -> StandIn | None:
    """The stand-in that they were told of, as long as they may take it."""
    if call.step is not Step.AGENT_STAND_IN:
        return None
    return swaps.offered(agent, tx, services, begins=call.page)


def _taken(
    heard: Heard, wanted: StandIn, agent: Agent, tx: Transaction, services: Services
) -> Moved:
    seen, told = swaps.take(wanted.id, agent.id, tx, services)
    theirs = seen is not None and seen.standing is swaps.Standing.YOURS
    return Moved(heard.call if theirs else heard.told(Told.TAKEN), told, seen)


def _planned(call: Call, keys: Keys, services: Services) -> Plan | None:
    """What is asked of colleagues if these keys take something away, or look for a stand-in: looked
    up before anything is written.
    """
    asks = call.step is Step.AGENT_SLOT_DROP and keys.digits == "3"
    if call.step not in CONFIRMING or not (asks or keys.digits == "1"):
        return None
    with services.store.reading() as tx:
        agent = _agent(call, tx, services)
    if not asks:
        removal = slot_menu.removal(call, agent, at=services.now())
        return None if removal is None else stand_ins.plan(agent.id, removal, services)
    here = slot_menu.shown(call, agent, at=services.now())
    return None if here is None else stand_ins.plan_ask(agent.id, here.slot, here.day, services)


def _alone(call: Call, agent: Agent, services: Services) -> tuple[Alone, ...]:
    """Where nobody else would be if they did what they are asked about."""
    if call.step not in CONFIRMING:
        return ()
    removal = slot_menu.removal(call, agent, at=services.now())
    if removal is None:
        return ()
    name, zone = services.atlas.name, agent.timezone
    found = coverage.left_open(agent.id, removal, services)
    said = [Alone.of(gap, zone, name(gap.territory)) for gap in found]
    return tuple(dict.fromkeys(said))  # of two needs at once it is said once


def _followed_up(
    heard: Heard, helped: Helped | None, agent: AgentId, tx: Transaction, services: Services
) -> Told:
    """Do what an agent says of whom they helped last, and give what they are told of it."""
    if helped is None:
        return Told.TOO_LATE
    if heard.wish is not None:
        kept = follow_ups.book(helped, heard.wish, agent, tx, services)
        dispositions.imply(agent, Outcome.CONTINUED, tx, services)
        return Told.BOOKED if kept else Told.JOINED
    if heard.goes_on:
        return Told.GOES_ON if follow_ups.goes_on(helped, tx, services) else Told.TOO_LATE
    if not follow_ups.redirect(helped, tx, services):
        return Told.TOO_LATE
    dispositions.imply(agent, Outcome.SENT_ON, tx, services)
    return Told.REDIRECTED


def _agent(call: Call, tx: Transaction, services: Services) -> Agent:
    of_call = call.as_agent or AgentId(0)
    [agent] = tx.agents.roster(agents.calendar(services), only=[of_call])
    return agent
