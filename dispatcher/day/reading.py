"""A day's file becomes a plan: all of it, or one error that names everything to mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from config.lines import LinesError, read_lines
from config.settings import SHIPPED_LINES
from dispatcher.day import cast, crowd
from dispatcher.day.cast import Ways
from dispatcher.day.crowd import Crowd
from dispatcher.day.draft import MOST_AGENTS, Draft, draft
from dispatcher.day.fields import MASKED, BadField
from dispatcher.day.plan import Plan, PlannedAgent, PlannedCall
from dispatcher.day.tables import DayError, Problems
from dispatcher.domain.directory import AgentRow, StructureRow, read_agents, read_structures
from dispatcher.domain.lines import ANY, Line
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.schedule import instant
from dispatcher.domain.territories import Atlas, Commune

BEGINS, ENDS = time(8), time(19)
PATIENCE = 180.0


def read_day(
    path: Path, atlas: Atlas, *, seed: int | None = None, speed: float | None = None
) -> Plan:
    """The plan of a file, drawn by its seed or another. Raises DayError with all that is wrong."""
    problems = Problems(path)
    drafted = draft(path, atlas, problems)
    given = drafted.whole.get("seed", 1) if seed is None else seed
    reading = _Reading(drafted, atlas, problems, Random(given))  # noqa: S311  to be drawn again
    plan = reading.plan(given, speed)
    if plan is None or problems.found:
        raise DayError("\n".join(problems.found))
    return plan


@dataclass
class _Reading:
    """One reading of one file, and the dice that all of its day is drawn with."""

    draft: Draft
    atlas: Atlas
    problems: Problems
    dice: Random
    of_file: set[str] = field(default_factory=set)  # the houses of the supervisor's own file

    def plan(self, seed: int, speed: float | None) -> Plan | None:
        """The plan; None, with problems noted, when it cannot be made."""
        line, houses, people = self._line(), self._houses(), self._people()
        homes = [self._home(n, table) for n, table in enumerate(self.draft.agents, 1)]
        ids = {house.id for house in houses} | {cast.OWN + c.code for c in homes if c}
        agents = self._agents(houses, homes)
        path = self.draft.whole.get("structures")
        listed = [house for house in houses if house.id not in self.of_file]
        structures = cast.structures_csv(listed, [c for c in homes if c])
        own = self._own_agents(people, ids)
        self._check_calls()
        begins, ends = self._span(line)
        if self.problems.found or line is None or begins is None or ends is None:
            return None
        numbers = self._fiction("+3346571", 1000, taken=_taken(line, own))
        named = [next(numbers) for _ in agents]
        ways = Ways(**self.draft.answering)
        helpers = [ways.at(row.telephone) for row in own if row.telephone]
        helpers += [ways.at(n, table) for n, table in zip(named, agents, strict=True)]
        calls = self._calls(line, begins, ends, houses, helpers)
        return Plan(
            begins=begins,
            ends=ends,
            seed=seed,
            line=line.id,
            zone=line.hours.zone,
            lines_file=self.draft.whole.get("lines"),
            structures=(*([path.read_bytes()] if path else ()), structures),
            agents=(*([people[1]] if people else ()), cast.agents_csv(agents, named)),
            helpers=tuple(helpers),
            calls=tuple(sorted(calls, key=lambda call: call.at)),
            weather=self.draft.weather,
            speed=speed,
        )

    def _line(self) -> Line | None:
        try:
            lines = read_lines(self.draft.whole.get("lines", SHIPPED_LINES))
        except LinesError as wrong:
            self.problems.add_text(str(wrong))
            return None
        wanted = self.draft.whole.get("line", lines[0].id)
        found = next((line for line in lines if line.id == wanted), None)
        if found is None:
            known = ", ".join(line.id for line in lines)
            self.problems.add("line", BadField("day.file.choice", value=wanted, known=known))
        return found

    def _houses(self) -> list[StructureRow]:
        path = self.draft.whole.get("structures")
        houses = cast.houses_of(self.draft.whole.get("departements", ()), self.atlas)
        if path is not None:
            parsed = read_structures(path.read_bytes(), self.atlas, fiction=True)
            self.problems.add_rows(path, parsed.problems)
            self.of_file = {house.id for house in parsed.rows}
            houses = [*parsed.rows, *houses]
        return list({house.id: house for house in houses}.values())

    def _people(self) -> tuple[Path, bytes] | None:
        path = self.draft.whole.get("agents")
        return None if path is None else (path, path.read_bytes())

    def _own_agents(self, people: tuple[Path, bytes] | None, ids: set[str]) -> list[AgentRow]:
        if people is None:
            return []
        parsed = read_agents(people[1], self.atlas, ids, fiction=True)
        self.problems.add_rows(people[0], parsed.problems)
        return list(parsed.rows)

    def _home(self, n: int, table: Mapping[str, Any]) -> Commune | None:
        """Where the house of an agent stands who has none of the list."""
        if "structure" in table:
            return None
        if "postal_code" in table:
            return self._commune(f"agent {n}", table)
        self.problems.add(f"agent {n}", BadField("day.file.no_house"))
        return None

    def _agents(
        self, houses: list[StructureRow], homes: list[Commune | None]
    ) -> list[Mapping[str, Any]]:
        """The tables of all agents, with the id of a house in each; then those drawn."""
        ids = {house.id for house in houses}
        written: list[Mapping[str, Any]] = []
        for n, (table, home) in enumerate(zip(self.draft.agents, homes, strict=True), 1):
            if home is not None:
                written.append({**table, "structure": cast.OWN + home.code})
            else:
                written.append(table)
                if table.get("structure", "") not in ids and "structure" in table:
                    wrong = BadField("day.file.structure", value=table["structure"])
                    self.problems.add(f"agent {n}, structure", wrong)
        return [*written, *self._drawn_agents(houses, len(written))]

    def _drawn_agents(self, houses: list[StructureRow], written: int) -> list[dict[str, str]]:
        table = self.draft.random_agents
        if not table:
            return []
        if not houses:
            self.problems.add("random.agents", BadField("day.file.no_houses"))
        each, slots = table.get("per_departement", 1), table.get("slots", cast.ALL_DAY)
        drawn = list(cast.drawn(houses, each, slots, self.atlas, self.dice))
        if len(drawn) + written > MOST_AGENTS:
            self.problems.add("random.agents", BadField("day.file.too_many", most=MOST_AGENTS))
        return drawn

    def _check_calls(self) -> None:
        for n, table in enumerate(self.draft.calls, 1):
            if "postal_code" in table:
                self._commune(f"call {n}", table)
        if not self.draft.calls and not self.draft.random and not self.problems.found:
            self.problems.add("", BadField("day.file.nobody_calls"))

    def _span(self, line: Line | None) -> tuple[datetime | None, datetime | None]:
        if line is None or "date" not in self.draft.whole:
            return None, None
        begins = self._moment(self.draft.whole.get("begins", BEGINS), line)
        ends = self._moment(self.draft.whole.get("ends", ENDS), line)
        if ends <= begins:
            self.problems.add("ends", BadField("day.file.order"))
        for n, table in enumerate(self.draft.calls, 1):
            if "at" in table and not begins <= self._moment(table["at"], line) < ends:
                self.problems.add(f"call {n}, at", BadField("day.file.outside", value=table["at"]))
        return begins, ends

    def _moment(self, at: time, line: Line) -> datetime:
        return instant(datetime.combine(self.draft.whole["date"], at), line.hours.zone)

    def _calls(
        self,
        line: Line,
        begins: datetime,
        ends: datetime,
        houses: list[StructureRow],
        helpers: list[PlannedAgent],
    ) -> list[PlannedCall]:
        said = {table["from"] for table in self.draft.calls if "from" in table}
        taken = said | {line.public_number, *line.numbers} | {each.number for each in helpers}
        numbers = self._fiction("+3319900", 0, taken=taken)
        called = PhoneNumber(line.public_number if line.numbers[0] == ANY else line.numbers[0])
        written = [self._written(table, line, called, numbers) for table in self.draft.calls]
        if not self.draft.random:
            return written
        where = self._where(houses)
        options = {k: v for k, v in self.draft.random.items() if k != "postal_codes"}
        people = Crowd(**options)
        at = crowd.moments(people, begins, ends, ZoneInfo(line.hours.zone), self.dice)
        if not where or not at:
            wrong = "day.file.nowhere" if at else "day.file.no_hour"
            self.problems.add("random", BadField(wrong))
            return written
        codes = self.draft.random.get("postal_codes", ())
        from_ = crowd.places(where, codes, len(at), self.dice)
        return written + [
            people.call(self.dice, moment, place, code, number=next(numbers), called=called)
            for moment, (place, code) in zip(at, from_, strict=True)
        ]

    def _where(self, houses: list[StructureRow]) -> list[Commune]:
        """The communes that drawn callers live in: of the postal codes, else around the houses."""
        if codes := self.draft.random.get("postal_codes"):
            found = [commune for code in codes for commune in self.atlas.at_postal_code(code)]
            return list({commune.code: commune for commune in found}.values())
        homes = filter(None, (self.atlas.commune(house.commune) for house in houses))
        departements = {home.departement for home in homes}
        return [each for each in self.atlas.communes() if each.departement in departements]

    def _written(
        self,
        table: Mapping[str, Any],
        line: Line,
        called: PhoneNumber,
        numbers: Iterator[PhoneNumber],
    ) -> PlannedCall:
        from_ = table.get("from", MASKED)
        commune = self._commune("", table)
        assert commune is not None
        plain = ("then", "stars", "wrong_keys", "talks_for", "reachable")
        return PlannedCall(
            at=self._moment(table["at"], line),
            number=next(numbers) if from_ == MASKED else PhoneNumber(from_),
            called=called,
            postal_code=table["postal_code"],
            commune=commune.name,
            need=table["need"],
            patience=table.get("patience", PATIENCE),
            masked=table.get("from") == MASKED,
            **{name: table[name] for name in plain if name in table},
        )

    def _commune(self, place: str, table: Mapping[str, Any]) -> Commune | None:
        """The commune that a table names among those of its postal code; else the largest."""
        known = self.atlas.at_postal_code(table["postal_code"])
        name = table.get("commune")
        if name is None:
            return known[0]
        for commune in known:
            if commune.name.casefold() == name.casefold():
                return commune
        names = ", ".join(commune.name for commune in known[:5])
        self.problems.add(
            f"{place}, commune", BadField("day.file.commune", value=name, known=names)
        )
        return None

    def _fiction(self, prefix: str, first: int, *, taken: set[str]) -> Iterator[PhoneNumber]:
        """Numbers of a range that nobody is ever given, without those in use."""
        numbers = (PhoneNumber(f"{prefix}{n:04d}") for n in range(first, 10_000))
        return (number for number in numbers if number not in taken)


def _taken(line: Line, own: list[AgentRow]) -> set[str]:
    return {line.public_number, line.caller_id, *line.numbers} | {
        row.telephone for row in own if row.telephone
    }
