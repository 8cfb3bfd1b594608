"""What a change to somebody's slots would leave open, said before it is done."""

from __future__ import annotations

from typing import Final

import click

from config.words import words
from dispatcher.cli import phrases
from dispatcher.domain import slot_sentences
from dispatcher.domain.agents import Agent
from dispatcher.domain.coverage import Gap
from dispatcher.domain.removals import Removal
from dispatcher.operations import coverage
from dispatcher.operations.services import Services

WORDS = words("reports")
MOST: Final = 5
"""So many gaps are told one by one."""


def warn(agent: Agent, removal: Removal, services: Services) -> None:
    """Say where nobody else is; it is done all the same."""
    found = coverage.left_open(agent.id, removal, services)
    for gap in found[:MOST]:
        click.echo(_said(gap, agent, services), err=True)
    if (more := len(found) - MOST) > 0:
        click.echo(WORDS["timetable.alone_more"].format(count=more), err=True)


def _said(gap: Gap, agent: Agent, services: Services) -> str:
    day, hours = gap.on_clock(agent.timezone)
    said = slot_sentences.write_day(day, phrases.SLOTS)
    return WORDS["timetable.alone"].format(
        day=said + slot_sentences.write_span(*hours, phrases.SLOTS),
        place=phrases.place(gap.territory, services.atlas),
        need=phrases.NEEDS[gap.need],
    )
