"""An agent's word by text: heeded when it comes from the number of an agent, and of nobody else."""

from __future__ import annotations

from collections.abc import Mapping

from dispatcher.domain import agent_texts
from dispatcher.domain.agent_texts import AgentWord
from dispatcher.domain.agents import Agent, ComesOn, Pause, Word
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.operations import agents, swaps, timetables
from dispatcher.operations.services import Services
from dispatcher.operations.swaps import Seen, Standing

Said = tuple[str, Mapping[str, str]]
"""A sentence of the catalogue ``texts`` and what it is filled with."""


def heed(number: PhoneNumber, text: str, services: Services) -> Said | None:
    """Do what an agent asks, and answer; None when nobody of ours writes, or no word of ours."""
    word = agent_texts.word_of(text)
    if word is None:
        return None
    if word is AgentWord.YES:
        return _stand_in(number, services)
    at = services.now()
    with services.store.writing() as tx:
        id = tx.agents.at_number(number)
        agent = timetables.find(id, tx, services) if id is not None else None
        said = None if agent is None else _word(word, agent, services)
        if agent is not None and said is not None:
            tx.agents.heed(agent.id, said, at=at)
    if agent is None:
        return None
    if said is not None:
        agents.show(agent.id, services)
        return _noted(said, agent)
    return _slots(agent, services) if word is AgentWord.SLOTS else ("sms.agent_aside", {})


def _word(word: AgentWord, agent: Agent, services: Services) -> Word | None:
    at = services.now()
    match word:
        case AgentWord.COME_ON:
            return agent.comes_on(at) if agent.ringable else None
        case AgentWord.PAUSE:
            return agent.rests(Pause.BREAK, at)
        case AgentWord.DAY_OVER:
            return agent.rests(Pause.DAY_OVER, at)
        case AgentWord.SLOTS | AgentWord.YES:
            return None


def _noted(said: Word, agent: Agent) -> Said:
    hour = {"hour": agent_texts.clock(said.until, agent.timezone)}
    if isinstance(said, ComesOn):
        return "sms.agent_on", hour
    return ("sms.agent_over", {}) if said.why is Pause.DAY_OVER else ("sms.agent_rests", hour)


def _stand_in(number: PhoneNumber, services: Services) -> Said | None:
    with services.store.reading() as tx:
        id = tx.agents.at_number(number)
    found = None if id is None else swaps.by_text(id, services)
    match found:
        case None:
            return None
        case Standing():
            return "sms.stand_in_several", {}
        case Seen(wanted, standing):
            slot = {"slot": agent_texts.days([wanted.occurrence])}
            return f"sms.stand_in_{standing}", slot


def _slots(agent: Agent, services: Services) -> Said:
    coming = agent.slots.to_come(services.now())
    if not coming:
        return "sms.agent_no_slots", {}
    return "sms.agent_slots", {"slots": agent_texts.days(coming)}
