"""``dispatcher route``: who would answer a caller, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import click

from config.words import words
from dispatcher.cli import phrases
from dispatcher.cli.opening import Refused, Unfit, opened
from dispatcher.domain.agents import Need, Skillset
from dispatcher.domain.lines import Line
from dispatcher.domain.routing import Cause
from dispatcher.domain.schedule import instant
from dispatcher.domain.territories import Commune, Territory
from dispatcher.domain.walks import WITH_SOMEBODY, Nobody, PassedOver
from dispatcher.live.board import BoardLost
from dispatcher.operations.answering import Answer, Answerer, who_answers
from dispatcher.operations.services import Services

WORDS = words("reports")
HELP = words("operator")
AT: Final = "%Y-%m-%dT%H:%M"
YEARS: Final = range(2000, 2100)
_CAUSES: Final = {
    Cause.EXCLUDED: WORDS["cause.excluded"],
    Cause.CAP: WORDS["cause.cap"],
    Cause.RESTING: WORDS["cause.resting"],
    Cause.OFF: WORDS["cause.off"],
    Cause.ASLEEP: WORDS["cause.asleep"],
    WITH_SOMEBODY: WORDS["cause.with_somebody"],
}
_SKILLS: Final = {
    Skillset.PROCEDURES: WORDS["skillset.procedures"],
    Skillset.MEDIATION: WORDS["skillset.mediation"],
    Skillset.BOTH: WORDS["skillset.both"],
}


@click.command(help=HELP["cli.route.help"])
@click.option("--postal-code", required=True, help=HELP["cli.route.postal_code"])
@click.option("--need", "need_", required=True, help=HELP["cli.route.need"])
@click.option("--line", "line_id", help=HELP["cli.route.line"])
@click.option("--at", "at_", help=HELP["cli.route.at"])
@click.option("--json", "as_json", is_flag=True, help=HELP["cli.json"])
def route(
    postal_code: str, need_: str, line_id: str | None, at_: str | None, *, as_json: bool
) -> None:
    """Say who would be rung, in order; ring nobody."""
    need, at = _need(need_), None if at_ is None else _moment(at_)
    with opened() as services:
        line = _line(line_id, services)
        communes = _communes(postal_code, services)
        try:
            answers = who_answers(communes, need, line, services, at=at)
        except BoardLost as lost:
            raise Refused(WORDS["route.board_lost"]) from lost
        told = Told(line, need, at or services.now(), at is None, tuple(answers), services)
    if as_json:
        phrases.write_json({"postal_code": postal_code.strip()} | told.in_json())
    else:
        click.echo("\n".join(told.in_french()))


@dataclass(frozen=True, slots=True)
class Told:
    """The answers, ready to be told."""

    line: Line
    need: Need
    at: datetime
    live: bool
    answers: tuple[Answer, ...]
    services: Services

    def in_french(self) -> Iterator[str]:
        """Line by line."""
        head = WORDS["route.now" if self.live else "route.forecast"]
        moment, need = phrases.moment(self.at), phrases.NEEDS[self.need]
        yield head.format(moment=moment, line=self.line.id, need=need)
        for answer in self.answers:
            yield ""
            yield ", ".join(map(phrases.commune, answer.communes))
            yield from self._block(answer)

    def _block(self, answer: Answer) -> Iterator[str]:
        if answer.nobody is not None:
            yield self._why(answer.nobody)
        for rank, each in enumerate(answer.rung, 1):
            yield WORDS["route.rung"].format(
                rank=rank,
                name=each.name,
                structure=each.structure,
                ring=phrases.place(each.ring, self.services.atlas),
                skills=_SKILLS[each.skillset],
            )
        if answer.passed_over:
            yield WORDS["route.passed_over"]
        for passed in answer.passed_over:
            ring = phrases.place(passed.ring, self.services.atlas)
            cause = _CAUSES[passed.cause]
            yield WORDS["route.passed"].format(ring=ring, count=passed.count, cause=cause)

    def _why(self, nobody: Nobody) -> str:
        if nobody is Nobody.NOBODY_ON:
            return WORDS["route.nobody_on"]
        if nobody is Nobody.ALL_TAKEN:
            return WORDS["route.all_taken"]
        opening = self._opens_at()
        if opening is None:
            return WORDS["route.closed"]
        return WORDS["route.opens_at"].format(moment=phrases.moment(opening))

    def in_json(self) -> dict[str, Any]:
        """For a program: the same, with codes beside the names."""
        return {
            "line": self.line.id,
            "need": self.need,
            "at": phrases.moment_in_json(self.at),
            "live": self.live,
            "opens_at": phrases.moment_in_json(self._opens_at()),
            "answers": [self._answer(each) for each in self.answers],
        }

    def _answer(self, answer: Answer) -> dict[str, Any]:
        return {
            "communes": [phrases.commune_in_json(each) for each in answer.communes],
            "nobody": answer.nobody,
            "rung": [self._rung(each) for each in answer.rung],
            "passed_over": [self._passed(each) for each in answer.passed_over],
        }

    def _rung(self, each: Answerer) -> dict[str, Any]:
        who = {"agent": each.id, "name": each.name, "structure": each.structure}
        return who | {"skillset": each.skillset, "ring": self._ring(each.ring)}

    def _passed(self, each: PassedOver) -> dict[str, Any]:
        return {"ring": self._ring(each.ring), "cause": each.cause, "count": each.count}

    def _ring(self, ring: Territory) -> dict[str, str]:
        level, name = ring.level.name.lower(), self.services.atlas.name(ring)
        return {"level": level, "code": ring.code, "name": name}

    def _opens_at(self) -> datetime | None:
        """When a closed line opens; None when it is open, or never opens again."""
        hours = self.line.hours
        return None if hours.is_open(self.at) else hours.next_opening(self.at)


def _need(text: str) -> Need:
    if text not in set(Need):
        raise Refused(WORDS["route.bad_need"].format(value=text, known=", ".join(Need)))
    return Need(text)


def _moment(text: str) -> datetime:
    """The moment when clocks in Paris show this time."""
    try:
        wall = datetime.strptime(text.strip(), AT)  # noqa: DTZ007  Paris's, by the next line
    except ValueError:
        wall = datetime.min  # noqa: DTZ901
    if wall.year not in YEARS:
        raise Refused(WORDS["route.bad_moment"].format(value=text))
    return instant(wall, phrases.PARIS)


def _line(id: str | None, services: Services) -> Line:
    found = [line for line in services.lines if id in {None, line.id}]
    if not found:
        known = ", ".join(line.id for line in services.lines)
        raise Refused(WORDS["route.no_line"].format(value=id, known=known))
    return found[0]


def _communes(postal_code: str, services: Services) -> tuple[Commune, ...]:
    code = postal_code.strip()
    found = services.atlas.at_postal_code(code)
    if found:
        return found
    near = services.atlas.nearest_postal_codes(code)
    if not near:
        raise Unfit(WORDS["route.not_a_postal_code"].format(value=code))
    named = [f"{each} ({services.atlas.at_postal_code(each)[0].name})" for each in near]
    raise Unfit(WORDS["route.no_postal_code"].format(value=code, near=", ".join(named)))
