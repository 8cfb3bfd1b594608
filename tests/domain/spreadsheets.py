"""Small files as a spreadsheet would write them, and what is read of them."""

from dispatcher.domain.directory import (
    AGENTS,
    AgentRow,
    Parsed,
    StructureRow,
    read_agents,
    read_structures,
)
from tests.domain.places import ATLAS

AGENT_HEADER = ",".join(AGENTS.columns)
INES = (
    "ines@exemple.fr,Inès Dupont,gap,04 65 71 00 12,1234,procedures:2 mediation:1,"
    "commune:05061 -commune:05132 strict,employed,fr lsf,mon-fri 09:00-12:30,yes"
)


def agents(*rows: str, header: str = AGENT_HEADER) -> Parsed[AgentRow]:
    return read_agents("\n".join([header, *rows]), ATLAS, {"gap", "1"})


def structures(*rows: str, header: str = "id,name,commune,zones,telephone") -> Parsed[StructureRow]:
    return read_structures("\n".join([header, *rows]), ATLAS)


def agent(**cells: str) -> str:
    given_ = {
        "email": "malo@exemple.fr",
        "name": "Malo",
        "structure": "gap",
        "skills": "procedures:1",
        "status": "volunteer",
    } | cells
    return ",".join(f'"{given_.get(column, "")}"' for column in AGENTS.columns)
