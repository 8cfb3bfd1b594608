"""Agents: who they are, and whether they may be rung."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.agents import Agent, AgentId, Aside, ComesOn, Contact, Need, Pause, Word
from dispatcher.domain.channels import Channel
from dispatcher.domain.directory import AGENTS, AgentRow, Parsed, Problem, StructureRow
from dispatcher.domain.identities import Known, Person, Recognised, line_of_agent, recognise
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.timetables import Calendar, Timetable
from dispatcher.domain.zones import Zones, effective
from dispatcher.store.schema import agents, calls, structures
from dispatcher.store.softphones import softphones
from dispatcher.store.timetables import Kept, Timetables
from dispatcher.store.vault import Vault

_ROSTER: Final = (
    sa.select(
        agents,
        structures.c.zones.label("house_zones"),
        structures.c.commune.label("house_commune"),
        softphones.c.channel,
    )
    .join(structures, structures.c.id == agents.c.structure)
    .outerjoin(softphones, softphones.c.agent == agents.c.id)
)
_OF_ID: Final = sa.update(agents).where(agents.c.id == sa.bindparam("of_id"))
_TELEPHONE: Final = sa.select(agents.c.telephone).where(agents.c.id == sa.bindparam("id"))


@dataclass(frozen=True, slots=True)
class Invitee:
    """An agent who may be given an account."""

    id: AgentId
    email: str
    structure: str
    status: str


class Agents:
    """The agents of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def roster(
        self, calendar: Callable[[str], Calendar], *, only: Iterable[AgentId] | None = None
    ) -> list[Agent]:
        """All agents, or ``only`` these, with their slots as they are now; two statements.

        ``calendar`` tells what clocks and calendars of a commune show.
        """
        named = None if only is None else list(only)
        query = _ROSTER if named is None else _ROSTER.where(agents.c.id.in_(named))
        rows = self._connection.execute(query.order_by(agents.c.id)).mappings().all()
        there = {AgentId(row["id"]): calendar(row["house_commune"]) for row in rows}
        zones = {id: each.zone for id, each in there.items()}
        kept = Timetables(self._connection).of(named, zones)
        return [_agent(row, there[row["id"]], kept.get(row["id"], Kept())) for row in rows]

    def weeks(self) -> dict[AgentId, str]:
        """What the directory's file last said of everybody's hours."""
        query = sa.select(agents.c.id, agents.c.slots)
        return {AgentId(row.id): row.slots for row in self._connection.execute(query)}

    def telephone(self, id: AgentId) -> PhoneNumber | None:
        """The number the agent is rung on."""
        return self._vault.open(self._connection.scalar(_TELEPHONE, {"id": id}))

    def at_number(self, number: PhoneNumber) -> AgentId | None:
        """Whose number this is."""
        query = sa.select(agents.c.id).where(agents.c.telephone_key.in_(self._vault.keys(number)))
        found = self._connection.scalar(query)
        return None if found is None else AgentId(found)

    def by_email(self) -> dict[str, AgentId]:
        """Every agent who has an e-mail, by it."""
        query = sa.select(agents.c.email, agents.c.id).where(agents.c.email.is_not(None))
        return {row.email: AgentId(row.id) for row in self._connection.execute(query)}

    def with_email(self) -> list[Invitee]:
        """Every agent who has an e-mail."""
        query = sa.select(agents.c.id, agents.c.email, agents.c.structure, agents.c.status)
        rows = self._connection.execute(query.where(agents.c.email.is_not(None)))
        return [Invitee(AgentId(row.id), row.email, row.structure, row.status) for row in rows]

    def engaged(self, id: AgentId) -> tuple[str, str] | None:
        """In which house somebody is an agent, and in what capacity."""
        query = sa.select(agents.c.structure, agents.c.status).where(agents.c.id == id)
        row = self._connection.execute(query).first()
        return None if row is None else (row.structure, row.status)

    def names(self, only: Collection[AgentId] | None = None) -> dict[AgentId, str]:
        """What every agent, or ``only`` these, is called."""
        query = sa.select(agents.c.id, agents.c.name)
        query = query if only is None else query.where(agents.c.id.in_(list(only)))
        return {AgentId(row.id): row.name for row in self._connection.execute(query)}

    def contacts(self, ids: Collection[AgentId]) -> dict[AgentId, Contact]:
        """How these agents are written to."""
        of_them = agents.c.id.in_(list(ids))
        query = sa.select(agents.c.id, agents.c.email, agents.c.telephone).where(of_them)
        return {
            AgentId(row.id): Contact(row.email, self._vault.open(row.telephone))
            for row in self._connection.execute(query)
        }

    def of_structure(self, structure: str) -> list[tuple[AgentId, str]]:
        """Who of a house can be written to or rung, and what they are called, by name."""
        there = sa.or_(agents.c.telephone.is_not(None), agents.c.email.is_not(None))
        query = sa.select(agents.c.id, agents.c.name).where(agents.c.structure == structure, there)
        rows = self._connection.execute(query.order_by(agents.c.name, agents.c.id))
        return [(AgentId(row.id), row.name) for row in rows]

    def house_of(self, id: AgentId) -> str | None:
        """The structure of this agent."""
        return self._connection.scalar(sa.select(agents.c.structure).where(agents.c.id == id))

    def pause(self, id: AgentId, why: Pause, *, at: datetime, until: datetime) -> bool:
        """Ring this agent no more for a while; False when they are paused already."""
        paused = sa.and_(agents.c.paused_until.is_not(None), agents.c.paused_until > at)
        return self._set(
            id, {"judged_since": at, "paused_until": until, "pause": why}, sa.not_(paused)
        )

    def heed(self, id: AgentId, word: Word, *, at: datetime) -> None:
        """Note what an agent says of themselves; it goes before any pause they are in."""
        if isinstance(word, ComesOn):
            facts: dict[str, Any] = {"paused_until": None, "pause": None, "on_until": word.until}
        else:
            facts = {"paused_until": word.until, "pause": word.why}
            if word.why is Pause.DAY_OVER:
                facts["on_until"] = None
        self._set(id, facts | {"judged_since": at})

    def on_the_line(self) -> frozenset[AgentId]:
        """Agents who gave their PIN on a call that has not ended: their telephone is busy."""
        query = sa.select(calls.c.as_agent).where(
            calls.c.ended_at.is_(None), calls.c.as_agent.is_not(None)
        )
        return frozenset(AgentId(id) for id in self._connection.scalars(query))

    def is_on_the_line(self, id: AgentId) -> bool:
        """Whether this agent is among them."""
        query = sa.select(calls.c.sid).where(calls.c.ended_at.is_(None), calls.c.as_agent == id)
        return self._connection.scalar(query.limit(1)) is not None

    def hold_unless_paused(self, id: AgentId, *, at: datetime) -> bool:
        """Keep this agent's own word off until this transaction ends; False when they are in a
        pause. Of a pause and an offer one is first, and whoever is second sees it.
        """
        paused_until = sa.select(agents.c.paused_until).where(agents.c.id == id)
        until = self._connection.scalar(paused_until.with_for_update(read=True))
        return until is None or until <= at

    def put_aside(self, id: AgentId, why: Aside, *, at: datetime) -> bool:
        """Ring this number no more until somebody mends it; False when it was put aside before."""
        return self._set(id, {"aside_at": at, "aside": why}, agents.c.aside.is_(None))

    def recognise(self, parsed: Parsed[AgentRow]) -> Recognised:
        """Which agent each row of a file is about."""
        query = sa.select(
            agents.c.id, agents.c.name, agents.c.email, agents.c.telephone_key, agents.c.automatic
        )
        rows = list(self._connection.execute(query).mappings())
        known = [_known(row) for row in rows]
        by_telephone = dict(zip((row["telephone_key"] for row in rows), known, strict=True))

        def holder_of(number: PhoneNumber) -> Known | None:
            keys = self._vault.keys(number)
            return next((by_telephone[key] for key in keys if key in by_telephone), None)

        return recognise(parsed.rows, parsed.columns, known, holder_of)

    def lines_of(self, rows: Collection[StructureRow]) -> tuple[Problem, ...]:
        """A warning for each structure's row whose telephone is one that an agent is rung on."""
        query = sa.select(agents.c.telephone_key, agents.c.name)
        found = self._connection.execute(query.where(agents.c.telephone_key.is_not(None)))
        people = {row.telephone_key: row.name for row in found}
        return tuple(
            line_of_agent(row, people[key])
            for row in rows
            if row.telephone is not None
            for key in self._vault.keys(row.telephone)
            if key in people
        )

    def put(
        self, people: Iterable[Person], columns: Collection[str], *, at: datetime
    ) -> tuple[list[AgentId], int]:
        """Add or update agents: who is new, in their order, and how many were known. Of their
        slots only what the file says is noted here.

        Of somebody known, only the file's ``columns`` change, and an empty e-mail changes nothing.
        A number that changed is no longer put aside.
        """
        people = list(people)
        known = [(each.known.id, each) for each in people if each.known is not None]
        self._vacate([id for id, each in known if each.moved])
        alike: dict[frozenset[str], list[dict[str, Any]]] = {}
        for id, each in known:
            facts = self._facts(each.row, set(columns) - {"" if each.row.email else "email"})
            if each.moved:
                facts |= {"aside": None, "aside_at": None, "judged_since": at}
            if "pin_hash" in facts:
                facts |= {"pin_tries": 0, "pin_locked_until": None}
            alike.setdefault(frozenset(facts), []).append(facts | {"of_id": id})
        for rows in alike.values():
            self._connection.execute(_OF_ID, rows)
        new = [{"pin_hash": None} | self._facts(e.row) for e in people if e.known is None]
        if not new:
            return [], len(known)
        inserted = sa.insert(agents).returning(agents.c.id, sort_by_parameter_order=True)
        return [AgentId(id) for id in self._connection.scalars(inserted, new)], len(known)

    def _vacate(self, ids: list[AgentId]) -> None:
        """Take numbers from those who get others, since two may exchange theirs."""
        if ids:
            empty = _OF_ID.values(telephone=None, telephone_key=None)
            self._connection.execute(empty, [{"of_id": id} for id in ids])

    def _facts(self, row: AgentRow, columns: Collection[str] = AGENTS.columns) -> dict[str, Any]:
        """What a row says of its agent in these columns; an empty PIN says nothing."""
        facts = {
            "email": row.email,
            "name": row.name,
            "structure": row.structure,
            "telephone": self._vault.seal(row.telephone),
            "skills": " ".join(f"{need}:{level}" for need, level in sorted(row.skills.items())),
            "zones": str(row.zones),
            "status": row.status,
            "languages": " ".join(row.languages),
            "slots": str(row.slots),
            "automatic": row.automatic,
        }
        said = {name: fact for name, fact in facts.items() if name in columns}
        if "telephone" in columns:
            said["telephone_key"] = self._vault.key(row.telephone)
        if row.pin:
            said["pin_hash"] = self._vault.hash_pin(row.pin)
        return said

    def _set(self, id: AgentId, facts: Mapping[str, Any], *where: sa.ColumnElement[bool]) -> bool:
        return (
            self._connection.execute(
                sa.update(agents).where(agents.c.id == id, *where).values(**facts)
            ).rowcount
            == 1
        )


def _known(row: sa.RowMapping) -> Known:
    return Known(
        id=AgentId(row["id"]),
        name=row["name"],
        email=row["email"],
        has_telephone=row["telephone_key"] is not None,
        automatic=row["automatic"],
    )


def _agent(row: sa.RowMapping, calendar: Calendar, kept: Kept) -> Agent:
    pairs = (each.split(":") for each in row["skills"].split())
    house = Zones.parse(row["house_zones"])
    return Agent(
        id=AgentId(row["id"]),
        name=row["name"],
        structure=row["structure"],
        skills={Need(need): int(level) for need, level in pairs},
        zones=effective(Zones.parse(row["zones"]), house, row["house_commune"]),
        slots=Timetable(
            tuple(kept.slots),
            tuple(kept.absences),
            calendar.zone,
            calendar.holidays,
        ),
        timezone=calendar.zone,
        automatic=row["automatic"],
        reachable=row["telephone"] is not None,
        paused_until=row["paused_until"],
        pause=None if row["pause"] is None else Pause(row["pause"]),
        came_on_until=row["on_until"],
        judged_since=row["judged_since"],
        aside=None if row["aside"] is None else Aside(row["aside"]),
        channel=Channel(row["channel"] or Channel.TELEPHONE),
    )
