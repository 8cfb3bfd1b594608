"""The two files that say who answers: structures and agents.

Reading never raises and never stops at a wrong row: every problem of a file comes back at once,
with the rows that are right. What depends on rows already kept elsewhere is not looked at here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from dispatcher.domain import cells
from dispatcher.domain.agents import Need
from dispatcher.domain.cells import Status
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.readings import Parsed, Readers, Reading
from dispatcher.domain.schedule import WeeklySlots
from dispatcher.domain.sheets import Layout, Problem, Row, Sheet
from dispatcher.domain.territories import Atlas
from dispatcher.domain.zones import Zones

__all__ = [
    "AgentRow",
    "Parsed",
    "Problem",
    "Status",
    "StructureRow",
    "read_agents",
    "read_structures",
]

STRUCTURES = Layout(
    columns=("id", "name", "commune", "zones", "telephone"), required=("id", "name", "commune")
)
AGENTS = Layout(
    columns=(
        "email",
        "name",
        "structure",
        "telephone",
        "pin",
        "skills",
        "zones",
        "status",
        "languages",
        "slots",
        "automatic",
    ),
    required=("name", "structure", "skills", "status"),
)
NATIONAL = {"id": "id_fs", "name": "lib_fs", "commune": "insee_com"}
"""What the national list of France Services houses calls the columns that we take of it."""
HOUSES = Layout(columns=tuple(NATIONAL.values()), required=tuple(NATIONAL.values()), open=True)


@dataclass(frozen=True, slots=True)
class StructureRow:
    """A structure as its file says; ``commune`` is a present code, and ``zones`` may be none."""

    line: int
    id: str
    name: str
    commune: str
    zones: Zones
    telephone: PhoneNumber | None


@dataclass(frozen=True, slots=True)
class AgentRow:
    """An agent as their file describes them, by ``email`` or else by ``telephone``.

    ``zones`` may be none (``zones.effective`` then says which hold); ``pin`` is not hashed yet.
    """

    line: int
    email: str | None
    name: str
    structure: str
    telephone: PhoneNumber | None
    pin: str | None = field(repr=False)
    skills: Mapping[Need, int]
    zones: Zones
    status: Status
    languages: tuple[str, ...]
    slots: WeeklySlots
    automatic: bool


def read_structures(
    source: str | bytes, atlas: Atlas, *, fiction: bool = False
) -> Parsed[StructureRow]:
    """Read ``id,name,commune,zones,telephone``, or the national list under its own headers."""
    sheet = Sheet(source)
    national = NATIONAL["id"] in sheet.columns
    readers: Readers = {
        "id": cells.identifier,
        "name": cells.text,
        "commune": partial(cells.commune, atlas=atlas),
        "zones": partial(cells.zones, atlas=atlas),
        "telephone": partial(cells.house_telephone, fiction=fiction),
    }
    reading = Reading(
        StructureRow,
        HOUSES if national else STRUCTURES,
        readers,
        keys=("id", "telephone"),
        called=NATIONAL if national else {},
    )
    return reading.of(sheet)


def read_agents(
    source: str | bytes, atlas: Atlas, structures: Collection[str], *, fiction: bool = False
) -> Parsed[AgentRow]:
    """Read the agents' file; ``structures`` are the ids that an agent may belong to."""
    readers: Readers = {
        "email": cells.email,
        "name": cells.text,
        "structure": partial(cells.known_structure, structures=structures),
        "telephone": partial(cells.telephone, fiction=fiction),
        "pin": cells.pin,
        "skills": cells.skills,
        "zones": partial(cells.zones, atlas=atlas),
        "status": cells.status,
        "languages": cells.languages,
        "slots": cells.slots,
        "automatic": cells.yes_no,
    }
    reading = Reading(AgentRow, AGENTS, readers, keys=("email", "telephone"), rule=_unreachable)
    return reading.of(Sheet(source))


def _unreachable(row: Row) -> Iterator[Problem]:
    """What is missing between an agent's cells, right or wrong as each may be.

    Without a column of telephones, whether somebody has one is not for the file to say.
    """
    telephone, automatic = row.cells.get("telephone"), row.cells.get("automatic", "")
    if not telephone and not row.cells.get("email"):
        yield Problem(row.line, "email", "agent.no_key")
    elif telephone == "" and cells.is_yes(automatic):
        yield Problem(row.line, "automatic", "agent.no_telephone")
