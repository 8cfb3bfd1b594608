"""A whole desk: a database with its directory, everybody on duty, callers about to be routed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from redis import Redis

from bench import service
from bench.country import Country, house_in
from bench.requests import AGENTS_FROM
from bench.yardsticks import rows
from dispatcher import assembly
from dispatcher.domain.agents import Skillset
from dispatcher.domain.calls import Call, CallSid, LineId, Step
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.territories import Commune
from dispatcher.operations import board, directory
from dispatcher.operations.services import Services

SKILLS = {
    Skillset.PROCEDURES: "procedures:2",
    Skillset.MEDIATION: "mediation:2",
    Skillset.BOTH: "procedures:2 mediation:2",
}
FREE_FOR = timedelta(minutes=1)
TURN = 3
"""When a caller is asked what they need, after a postal code that was unclear once."""


def open_desk(environ: Mapping[str, str], redis: Redis, country: Country, agents: int) -> Services:
    """Migrate, import houses and agents over all communes, and bring them on the board."""
    settings = service.migrated(environ)
    services = assembly.assemble(settings, redis=redis).services
    rows.create(services.store.engine)
    people = [(number, country.commune()) for number in range(agents)]
    houses = {house_in(commune): commune for _, commune in people}
    _imported(directory.import_structures(_structures(houses), services))
    _imported(directory.import_agents(_agents(people, country), services))
    board.rebuild(replace(services, now=lambda: datetime.now(UTC) - FREE_FOR))
    while services.board.rested(at=services.now()):
        pass  # as the clock does
    return services


def about_to_be_routed(services: Services, country: Country, sids: Sequence[str]) -> None:
    """Calls whose next key is what they need."""
    line, at = services.lines[0], services.now()
    with services.store.writing() as tx:
        for sid in sids:
            commune = country.commune()
            call = Call(CallSid(sid), LineId(line.id), at, number=PhoneNumber("+33199000000"))
            asked = replace(call, step=Step.NEED, turn=TURN, commune=commune.code)
            tx.calls.add(asked)


def _structures(houses: Mapping[str, Commune]) -> bytes:
    lines = ["id,name,commune,zones,telephone"]
    lines += [f"{id},{id},{commune.code},," for id, commune in houses.items()]
    return "\n".join(lines).encode()


def _agents(people: Sequence[tuple[int, Commune]], country: Country) -> bytes:
    lines = ["email,name,structure,telephone,pin,skills,zones,status,languages,slots,automatic"]
    for number, commune in people:
        cells = [
            f"agent{number}@exemple.test",
            f"Agent {number}",
            house_in(commune),
            f"+{AGENTS_FROM + number}",
            "4321",
            SKILLS[country.skillset()],
        ]
        lines.append(",".join([*cells, "", "employed", "fr", "mon-sun 00:00-24:00", "yes"]))
    return "\n".join(lines).encode()


def _imported(imported: directory.Imported) -> None:
    assert not imported.problems, imported.problems[:3]
