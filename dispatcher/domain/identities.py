"""Who a row of the directory's files is: somebody known, or somebody new.

A number belongs to one agent, and to one structure. It may pass from one to another within a file,
when the one who had it has another there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from dispatcher.domain.agents import AgentId
from dispatcher.domain.directory import AgentRow, StructureRow
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.sheets import Problem, shown


@dataclass(frozen=True, slots=True)
class Known:
    """An agent of the directory, as far as a row may be theirs."""

    id: AgentId
    name: str
    email: str | None
    has_telephone: bool
    automatic: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A row and the agent it is about; ``known`` None is somebody new.

    ``moved``: the number of somebody known changes.
    """

    row: AgentRow
    known: Known | None
    moved: bool


@dataclass(frozen=True, slots=True)
class Recognised:
    """Every row with the agent it is about, and what stands against importing them."""

    people: tuple[Person, ...]
    problems: tuple[Problem, ...]


def recognise(
    rows: Collection[AgentRow],
    columns: Collection[str],
    known: Iterable[Known],
    holder_of: Callable[[PhoneNumber], Known | None],
) -> Recognised:
    """Find each row's agent by e-mail, or by telephone without one.

    An agent known by telephone alone may be given an e-mail. ``columns`` are those that the file
    has: of the others, what is known stays. ``holder_of`` tells whose a number is.
    """
    by_email = {each.email: each for each in known if each.email is not None}
    named = {by_email[row.email].id for row in rows if row.email in by_email}
    people: list[Person] = []
    problems: list[Problem] = []
    for row in rows:
        holder = holder_of(row.telephone) if row.telephone is not None else None
        # Whoever has a row of their own keeps the number only by that row.
        other = holder if holder is not None and holder.id not in named else None
        somebody = by_email.get(row.email) if row.email is not None else other
        if somebody is None and other is not None and other.email is None:
            somebody = other
        if other is not None and somebody is not other:
            problems.append(telephone_taken(row.line, row.telephone, other.name))
        elif _rings_in_vain(row, columns, somebody):
            problems.append(Problem(row.line, "automatic", "agent.no_telephone"))
        moved = somebody is not None and "telephone" in columns and holder is not somebody
        people.append(Person(row, somebody, moved))
    return Recognised(tuple(people), tuple(problems))


def telephone_taken(line: int, number: PhoneNumber | None, holder: str) -> Problem:
    """The problem of a row whose number is already that of ``holder``."""
    return Problem(line, "telephone", "telephone.taken", shown(number or ""), shown(holder))


def line_of_house(row: AgentRow, house: str) -> Problem:
    """The warning of an agent's row whose number is also the usual one of ``house``.

    Such a line is likely forwarded to us: ringing the agent there would come back to us.
    """
    number = shown(row.telephone or "")
    return Problem(row.line, "telephone", "telephone.of_house", number, shown(house))


def line_of_agent(row: StructureRow, agent: str) -> Problem:
    """The same warning, of a structure's row whose number is also that of ``agent``."""
    number = shown(row.telephone or "")
    return Problem(row.line, "telephone", "telephone.of_agent", number, shown(agent))


def _rings_in_vain(row: AgentRow, columns: Collection[str], known: Known | None) -> bool:
    """Whether the row leaves its agent on by telephone during their slots, and without one."""
    automatic, reachable = row.automatic, row.telephone is not None
    if known is not None and "automatic" not in columns:
        automatic = known.automatic
    if known is not None and "telephone" not in columns:
        reachable = known.has_telephone
    return automatic and not reachable
