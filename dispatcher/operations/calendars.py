"""The calendar of an agent's slots, at an address that only they have."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe
from typing import Final

from dispatcher.domain.agents import AgentId
from dispatcher.domain.occurrences import Occurrence
from dispatcher.domain.schedule import local
from dispatcher.operations import timetables
from dispatcher.operations.services import Services

BYTES: Final = 32
"""Of chance in an address: nobody finds one by trying."""
LENGTH: Final = 43
"""Of a token in letters."""
BEHIND: Final = timedelta(days=28)
AHEAD: Final = timedelta(days=366)


def open(agent: AgentId, services: Services) -> str:
    """A new address of their calendar; the one before shows nothing any more."""
    token = token_urlsafe(BYTES)
    with services.store.writing() as tx:
        tx.calendars.open(agent, token, at=services.now())
    return f"{services.links.address}/calendrier/{token}.ics"


def close(agent: AgentId, services: Services) -> bool:
    """No address shows it any more; False when none did."""
    closed = False
    with services.store.writing() as tx:
        closed = tx.calendars.close(agent)
    return closed  # noqa: RET504  a transaction may be withdrawn


def look(token: str, services: Services) -> tuple[Occurrence, ...] | None:
    """The slots behind a token, from some weeks ago to a year ahead; None when it shows none."""
    if len(token) != LENGTH:
        return None
    with services.store.reading() as tx:
        id = tx.calendars.of(token)
        agent = timetables.find(id, tx, services) if id is not None else None
    if agent is None:
        return None
    today = local(services.now(), agent.timezone).date()
    return agent.slots.occurrences(today - BEHIND, today + AHEAD)
