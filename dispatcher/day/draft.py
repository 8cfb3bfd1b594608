"""What a day's file says, each field read: before houses, agents and callers are put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, Final

from dispatcher.day import fields as read
from dispatcher.day import tables
from dispatcher.day.crowd import Patience
from dispatcher.day.fields import BadField, Readers
from dispatcher.day.plan import Rings, Then, Weather
from dispatcher.day.tables import Problems
from dispatcher.domain import cells
from dispatcher.domain.agents import Need
from dispatcher.domain.territories import Atlas, Level, Territory
from dispatcher.simulator import Switches

MOST_CALLS: Final = 5000
MOST_AGENTS: Final = 500
HOUR: Final = 3600.0

_WAYS: Final[Readers] = {
    "answers_after": read.span(HOUR),
    "talks_for": read.span(4 * HOUR),
    "misses": read.chance,
}
_RANDOM: Final[Readers] = {
    "calls": read.whole(1, MOST_CALLS),
    "hours": read.hours,
    "needs": read.shares,
    "callback": read.chance,
    "masked": read.chance,
    "stars": read.chance,
    "wrong_keys": read.chance,
    "unreachable": read.chance,
}
_WEBHOOKS: Final[Readers] = {
    "duplicate": read.chance,
    "reorder": read.chance,
    "delay": read.span(300),
    "held_for": read.span(300),
    "voice_delay": read.span(14),
}
_REST: Final[Readers] = {
    "throttled": read.chance,
    "fails_before": read.chance,
    "fails_after": read.chance,
    "hangs": read.chance,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """The file's tables by name, with the fields that could be read."""

    whole: Mapping[str, Any]
    answering: Mapping[str, Any]
    random: Mapping[str, Any]
    random_agents: Mapping[str, Any]
    agents: tuple[Mapping[str, Any], ...]
    calls: tuple[Mapping[str, Any], ...]
    weather: Weather


def draft(path: Path, atlas: Atlas, problems: Problems) -> Draft:
    """Read a file; what is wrong is noted, and left out."""
    content = tables.load(path, problems)
    inner = ("answering", "random", "agent", "call", "network")
    top = {name: value for name, value in content.items() if name not in inner}
    random = tables.one_table(content, "random", problems)
    crowd = tables.one_table(random, "agents", problems)
    random = {name: value for name, value in random.items() if name != "agents"}
    required = ("date",) if content or not problems.found else ()
    one = partial(tables.one_table, content, problems=problems)
    return Draft(
        tables.read(top, _whole(path, atlas), problems, required=required),
        tables.read(one("answering"), _WAYS, problems, place="answering"),
        _random(random, atlas, problems),
        tables.read(crowd, _crowd_readers(), problems, place="random.agents"),
        _each(content, "agent", _agent_readers(atlas), ("skills",), problems),
        _each(content, "call", _call_readers(atlas), ("at", "postal_code", "need"), problems),
        _weather(one("network"), problems),
    )


def _whole(path: Path, atlas: Atlas) -> Readers:
    beside = read.file(path.parent)
    return {
        "date": read.day,
        "begins": read.clock,
        "ends": read.clock,
        "seed": read.whole(0, 2**31),
        "lines": beside,
        "line": read.text,
        "structures": beside,
        "agents": beside,
        "departements": partial(_departements, atlas=atlas),
    }


def _random(table: Mapping[str, Any], atlas: Atlas, problems: Problems) -> dict[str, Any]:
    readers = {**_RANDOM, "postal_codes": _codes(atlas), "patience": _patience}
    required = ("calls",) if table else ()
    return tables.read(table, readers, problems, place="random", required=required)


def _crowd_readers() -> Readers:
    return {"per_departement": read.whole(1, MOST_AGENTS), "slots": _cell(cells.slots)}


def _agent_readers(atlas: Atlas) -> Readers:
    return {
        "name": _cell(cells.text),
        "structure": read.text,
        "postal_code": partial(_code, atlas=atlas),
        "commune": read.text,
        "skills": _cell(cells.skills),
        "zones": _cell(partial(cells.zones, atlas=atlas)),
        "slots": _cell(cells.slots),
        "rings": read.some_of(Rings),
        **_WAYS,
    }


def _call_readers(atlas: Atlas) -> Readers:
    return {
        "at": read.clock,
        "from": read.caller,
        "postal_code": partial(_code, atlas=atlas),
        "commune": read.text,
        "need": read.one_of(Need),
        "patience": read.seconds(HOUR),
        "then": read.one_of(Then),
        "stars": read.whole(0, 2),
        "wrong_keys": read.whole(0, 5),
        "talks_for": read.seconds(4 * HOUR),
        "reachable": read.yes,
    }


def _each(
    content: Mapping[str, Any],
    name: str,
    readers: Readers,
    required: tuple[str, ...],
    problems: Problems,
) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        tables.read(table, readers, problems, place=f"{name} {n}", required=required)
        for n, table in enumerate(tables.many_tables(content, name, problems), 1)
    )


def _weather(table: Mapping[str, Any], problems: Problems) -> Weather:
    more: Readers = {"visible_after": read.seconds(60), "turned": _turned}
    values = tables.read(table, {**_WEBHOOKS, **_REST, **more}, problems, place="network")
    rest = {name: values[name] for name in _REST if name in values}
    if sum(rest.values()) > 1:
        problems.add("network", BadField("day.file.too_often", names=", ".join(rest)))
        rest = {}
    return Weather(
        webhooks={name: values[name] for name in _WEBHOOKS if name in values},
        rest=rest,
        visible_after=values.get("visible_after", 0.0),
        turned=values.get("turned", {}),
    )


def _turned(value: object) -> dict[str, Any]:
    """Switches of the simulator, to be turned the other way."""
    others = {s.name: s.metadata["other"] for s in fields(Switches) if "other" in s.metadata}
    for name in read.texts(value):
        if name not in others:
            raise BadField("day.file.choice", value=name, known=", ".join(others))
    return {name: others[name] for name in read.texts(value)}


def _patience(value: object) -> Patience:
    if not isinstance(value, dict):
        return Patience(read.span(HOUR)(value))
    if value.keys() != {"median"} or read.seconds(HOUR)(value["median"]) == 0:
        raise BadField("day.file.patience", value=value)
    return Patience(median=float(value["median"]))


def _cell(reader: Callable[[str], Any]) -> Callable[[Any], str]:
    """The text of a cell that the agents' file may hold too; it is read again when imported."""

    def text(value: object) -> str:
        reader(read.text(value))
        return read.text(value)

    return text


def _code(value: object, atlas: Atlas) -> str:
    code = read.text(value)
    if not atlas.at_postal_code(code):
        near = ", ".join(atlas.nearest_postal_codes(code)) or "05000"
        raise BadField("day.file.postal_code", value=code, near=near)
    return code


def _codes(atlas: Atlas) -> Callable[[Any], tuple[str, ...]]:
    return lambda value: tuple(_code(each, atlas) for each in read.texts(value))


def _departements(value: object, atlas: Atlas) -> tuple[str, ...]:
    for code in read.texts(value):
        if not code.isalnum() or not atlas.knows(Territory(Level.DEPARTEMENT, code)):
            raise BadField("day.file.departement", value=code)
    return read.texts(value)
