"""The reference scenario of routing: who answers, who rings when, how long they talk and wait.

Agents are drawn by population over the real communes; calls come as a Poisson stream, talk for a
lognormal time of mean twelve minutes and coefficient of variation 1, and wait for an exponential
one of mean three. No wrap-up, and everybody picks up. Everything is drawn beforehand, so that every
policy meets the same people. Times are whole milliseconds from the opening, as on the board.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bench.country import Country
from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.territories import Level, Territory
from dispatcher.domain.zones import Zones, places

SECOND = 1000
HOUR = 3600 * SECOND
TALK = 720 * SECOND
PATIENCE = 180 * SECOND
_SIGMA = math.sqrt(math.log(2))
"""Of a lognormal law whose coefficient of variation is 1."""
_MU = math.log(TALK) - _SIGMA**2 / 2


@dataclass(frozen=True, slots=True)
class Post:
    """An agent at work all day."""

    id: AgentId
    skillset: Skillset
    places: tuple[Territory, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who rings."""

    at: int
    around: tuple[Territory, ...]
    need: Need
    talk: int
    patience: int
    beyond: tuple[tuple[Territory, tuple[str, ...]], ...] = ()
    """The départements of the wide places around them."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A day. Who rings before ``measured_from`` is served, and not counted."""

    posts: tuple[Post, ...]
    arrivals: tuple[Arrival, ...]
    measured_from: int
    ends: int


def drawn(
    seed: int, *, agents: int, load: float, warm_up: int = HOUR, measured: int = 9 * HOUR
) -> Scenario:
    """A day of so many agents whom the calls keep busy for ``load`` of their time."""
    country, dice = Country(seed), Random(seed)
    posts = tuple(_posts(country, agents))
    ends = warm_up + measured
    return Scenario(posts, tuple(_arrivals(country, dice, agents * load, ends)), warm_up, ends)


def _posts(country: Country, agents: int) -> Iterator[Post]:
    for number in range(1, agents + 1):
        zone = Zones(frozenset({Territory(Level.COMMUNE, country.commune().code)}))
        yield Post(AgentId(number), country.skillset(), places(zone, country.atlas))


def _arrivals(country: Country, dice: Random, erlangs: float, ends: int) -> Iterator[Arrival]:
    at = dice.expovariate(erlangs / TALK)
    while at < ends:
        around, talk = country.atlas.around(country.commune()), dice.lognormvariate(_MU, _SIGMA)
        patience = dice.expovariate(1 / PATIENCE)
        beyond = country.atlas.beyond(around)
        yield Arrival(round(at), around, country.need(), round(talk), round(patience), beyond)
        at += dice.expovariate(erlangs / TALK)
