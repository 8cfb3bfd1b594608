"""Agents who stand in for one another, at a desk: what they have, ask, and are told."""

from dataclasses import replace
from datetime import date, timedelta

from dispatcher.domain.agents import AgentId
from dispatcher.domain.mails import MailId
from dispatcher.domain.occurrences import Slot
from dispatcher.domain.stand_ins import StandIn, State
from dispatcher.domain.texts import TextId
from dispatcher.operations import mails, stand_ins
from tests.operations.desk import Desk
from tests.people import GUY, INES, MALO, MONA, NOE, Helper

THURSDAY = date(2026, 11, 26)  # the desk opens on Tuesday 24 at ten
ASKER = replace(INES, slots="thu 09:00-12:00")
FREE = replace(MALO, slots="")
NEAR = replace(MONA, slots="")
CHEF = "chef@exemple.test"


def slots(desk: Desk, agent: AgentId) -> tuple[Slot, ...]:
    return desk.agent(agent).slots.slots


def days(desk: Desk, agent: AgentId) -> list[date]:
    """On which days of the coming week they have a slot."""
    found = desk.agent(agent).slots.occurrences(THURSDAY, THURSDAY + timedelta(days=6))
    return [each.on for each in found]


def asks(desk: Desk, agent: AgentId) -> StandIn:
    """They look for somebody on Thursday."""
    wanted = stand_ins.ask(agent, slots(desk, agent)[0].id, THURSDAY, desk.services)
    assert wanted is not None
    return wanted


def stands(desk: Desk, wanted: StandIn) -> tuple[State, AgentId | None]:
    with desk.services.store.reading() as tx:
        found = tx.stand_ins.find(wanted.id)
    assert found is not None
    return found.state, found.taken_by


def every(desk: Desk) -> list[StandIn]:
    """Every request of everybody's."""
    with desk.services.store.reading() as tx:
        found = {each.id: each for agent in desk.roster() for each in tx.stand_ins.of(agent.id)}
    return sorted(found.values(), key=lambda each: each.starts_at)


def told(desk: Desk) -> list[tuple[str, str]]:
    """Whom mails and texts asked for since are to, and their subject or body."""
    letters, texted = len(desk.postbag.letters), []
    for job, id in desk.jobs():
        if job == "mails.send":
            mails.send(MailId(id), desk.services)
        if job == "texts.send":
            text = desk.text(TextId(id))
            texted.append((str(text.number), text.body))
    return [(letter.to, letter.subject) for letter in desk.postbag.letters[letters:]] + texted


def without_email(helper: Helper) -> str:
    return helper.row.replace(helper.email, "", 1)


__all__ = ["ASKER", "CHEF", "FREE", "GUY", "NEAR", "NOE", "THURSDAY"]
