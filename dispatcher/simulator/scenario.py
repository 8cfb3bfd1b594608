"""A scenario file: the cast, and the calls they make.

.. code-block:: toml

    lasts = 60

    [[person]]
    number = "+33199000001"
    name = "Rose (Gap)"
    when_rung = ["lets_it_ring", { answers = { after = 2, at = "tapez 1", talks_for = 20 } }]

    [[call]]
    at = 1.5
    from = "+33199000001"
    to = "+33199000100"
    shows = "anonymous"
    forwarded_from = "+33199000002"
    script = [
        { hears = "code postal", within = 20 },
        { presses = "05170" },
        { says = "Orcières" },
        { talks = 30, within = 60 },
        { waits = 2 },
        "hangs_up",
    ]

    [page]
    citizen = "+33199000003"
    line = "+33199000100"

``says`` speaks to the person at the other end, else to a question that listens for speech.
``at`` and ``lasts`` are in seconds from the start; the play lasts at least so long. ``lasts``,
``shows``, ``forwarded_from``, ``name``, ``when_rung`` and ``within`` may be left out. Whoever has
come to the end of their script stays on the line until the call ends, ten minutes at most.
``page``, which may be left out too, is for the web page of ``webphone``: from which telephone it
calls, and which number.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatcher.simulator.people import behaviours
from dispatcher.simulator.people.handset import Behaviour
from dispatcher.simulator.people.phone_call import CallOverError, NotHeardError, PhoneCall

if TYPE_CHECKING:
    from dispatcher.simulator.network import Network

_BEHAVIOURS: dict[str, Callable[..., Behaviour]] = {
    "answers": behaviours.answers,
    "declines": behaviours.declines,
    "wrong_keys": behaviours.wrong_keys,
    "voicemail": behaviours.voicemail,
    "hangs_up_while_screened": behaviours.hangs_up_while_screened,
    "lets_it_ring": behaviours.lets_it_ring,
    "refuses": behaviours.refuses,
    "busy": behaviours.busy,
    "does_not_exist": behaviours.does_not_exist,
    "off_network": behaviours.off_network,
    "forwards_to": behaviours.forwards_to,
}
_STEPS = frozenset({"hears", "presses", "says", "talks", "waits", "hangs_up"})
STAYS_SECONDS = 600.0


class ScenarioError(ValueError):
    """The file does not make sense; the message says where."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a caller does."""

    verb: str
    value: Any
    within: float


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call to come."""

    at: float
    caller: str
    called: str
    shows: str | None
    forwarded_from: str
    script: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast."""

    number: str
    name: str
    when_rung: tuple[Behaviour, ...]


@dataclass(frozen=True, slots=True)
class PageCall:
    """The call that somebody may make on the web page."""

    citizen: str
    line: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """The cast and the calls."""

    people: tuple[Person, ...]
    calls: tuple[PlannedCall, ...]
    lasts: float = 0.0
    page: PageCall | None = None

    @classmethod
    def read(cls, path: Path) -> Scenario:
        """Read a file. Raises ``ScenarioError``, or ``OSError`` when there is none."""
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as fault:
            raise ScenarioError(f"{path.name}: {fault}") from fault
        people = tuple(_person(row) for row in table.pop("person", []))
        calls = tuple(_call(row) for row in table.pop("call", []))
        page = _page(table.pop("page")) if "page" in table else None
        scenario = cls(people, calls, float(table.pop("lasts", 0.0)), page)
        _require_empty(table, path.name)
        return scenario

    def cast(self, network: Network) -> None:
        """Give everybody their telephone, and their way with it."""
        for person in self.people:
            phone = network.phone(person.number, person.name)
            if person.when_rung:
                phone.when_rung(*person.when_rung)

    async def play(self, network: Network) -> list[str]:
        """Live all calls to their ends; give what somebody waited for in vain."""
        self.cast(network)
        missed = await asyncio.gather(*(_live(call, network) for call in self.calls))
        await asyncio.sleep(max(0.0, self.lasts - network.seconds()))
        return [sentence for sentence in missed if sentence]


async def _live(planned: PlannedCall, network: Network) -> str:
    await asyncio.sleep(planned.at)
    call = await network.phone(planned.caller).dials(
        planned.called, shows=planned.shows, forwarded_from=planned.forwarded_from
    )
    try:
        for step in planned.script:
            await _do(step, call)
    except (NotHeardError, CallOverError) as failure:
        return str(failure).splitlines()[0]
    else:
        await call.waits(STAYS_SECONDS)
        return ""
    finally:
        await call.hangs_up()


async def _do(step: Step, call: PhoneCall) -> None:
    match step.verb:
        case "hears":
            await call.hears(step.value, step.within)
        case "presses":
            await call.presses(step.value)
        case "says":
            await call.says(step.value)
        case "talks":
            await call.talks_with_somebody(step.within)
            await call.waits(step.value)
        case "waits":
            await call.waits(step.value)
        case "hangs_up":
            await call.hangs_up()


def _person(row: dict[str, Any]) -> Person:
    where = f"person {row.get('number')}"
    plans = tuple(_behaviour(plan, where) for plan in row.pop("when_rung", []))
    person = Person(_take(row, "number", where), row.pop("name", ""), plans)
    _require_empty(row, where)
    return person


def _page(row: dict[str, Any]) -> PageCall:
    page = PageCall(_take(row, "citizen", "page"), _take(row, "line", "page"))
    _require_empty(row, "page")
    return page


def _behaviour(plan: str | dict[str, Any], where: str) -> Behaviour:
    name, how = (plan, {}) if isinstance(plan, str) else next(iter(plan.items()))
    if name not in _BEHAVIOURS:
        raise ScenarioError(f"{where}: nobody behaves as {name!r}")
    how = dict(how)
    keys = how.pop("keys", [])
    try:
        return _BEHAVIOURS[name](*keys, **how)
    except TypeError as fault:
        raise ScenarioError(f"{where}: {name}: {fault}") from fault


def _call(row: dict[str, Any]) -> PlannedCall:
    where = f"call at {row.get('at')}"
    script = tuple(_step(step, where) for step in row.pop("script", []))
    call = PlannedCall(
        float(_take(row, "at", where)),
        _take(row, "from", where),
        _take(row, "to", where),
        row.pop("shows", None),
        row.pop("forwarded_from", ""),
        script,
    )
    _require_empty(row, where)
    return call


def _step(step: str | dict[str, Any], where: str) -> Step:
    fields = {step: True} if isinstance(step, str) else dict(step)
    within = float(fields.pop("within", 60.0))
    if len(fields) != 1 or not fields.keys() <= _STEPS:
        raise ScenarioError(f"{where}: {step!r} is no step; one of {', '.join(sorted(_STEPS))}")
    [(verb, value)] = fields.items()
    return Step(verb, value, within)


def _take(row: dict[str, Any], name: str, where: str) -> Any:
    if name not in row:
        raise ScenarioError(f"{where}: {name} is missing")
    return row.pop(name)


def _require_empty(row: dict[str, Any], where: str) -> None:
    if row:
        raise ScenarioError(f"{where}: {', '.join(sorted(row))} is not known")
