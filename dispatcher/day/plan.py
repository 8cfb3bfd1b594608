"""A day to rehearse, checked and whole: who calls, who answers, and how the network behaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from dispatcher.domain.agents import Need
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.simulator import Faults, RestRates, Switches

MASKED = "anonymous"
"""What the network says in place of a number that is withheld."""


class Then(StrEnum):
    """What a caller does whose patience is over."""

    HANG_UP = "hang_up"
    CALLBACK = "callback"  # leaves the queue for a callback


class Rings(StrEnum):
    """What an agent does when their telephone rings."""

    ANSWERS = "answers"
    MISSES = "misses"
    DECLINES = "declines"
    VOICEMAIL = "voicemail"
    REFUSES = "refuses"  # the red button


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call to come; times in seconds. ``commune`` is what they look for in a list read out.

    ``patience`` counts from the moment they have said their need. ``number`` is the telephone they
    ring from and are rung back on, whether ``masked`` or not. ``talks_for`` None: until the agent
    hangs up.
    """

    at: datetime
    number: PhoneNumber
    called: PhoneNumber
    postal_code: str
    commune: str
    need: Need
    patience: float
    then: Then = Then.HANG_UP
    masked: bool = False
    stars: int = 0
    wrong_keys: int = 0
    talks_for: float | None = None
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class PlannedAgent:
    """How one agent behaves: ring by ring, the last way for good; times in seconds."""

    number: PhoneNumber
    rings: tuple[Rings, ...]
    answers_after: tuple[float, float]
    talks_for: tuple[float, float]
    misses: float = 0.0


@dataclass(frozen=True, slots=True)
class Weather:
    """What the network does wrong: chances from 0 to 1 and spans of seconds (see the simulator's
    ``Faults`` and ``RestRates``), and the switches that are turned the other way.
    """

    webhooks: Mapping[str, Any] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)
    visible_after: float = 0.0
    turned: Mapping[str, Any] = field(default_factory=dict)

    def faults(self, seed: int) -> Faults:
        """What may happen to webhooks."""
        return Faults(seed=seed, **self.webhooks)

    def rates(self, seed: int) -> RestRates:
        """How often requests to the carrier fail."""
        return RestRates(seed=seed, **self.rest)

    def switches(self) -> Switches:
        """How it behaves where the carrier's documentation is silent."""
        return Switches(**self.turned)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole day. ``structures`` and ``agents`` are CSV as ``dispatcher import`` takes it.

    ``line`` is the one that is called, ``zone`` its time zone. ``helpers`` are the ways
    of the agents. ``speed`` None: as fast as can be.
    """

    begins: datetime
    ends: datetime
    seed: int
    line: str
    zone: str
    lines_file: Path | None
    structures: tuple[bytes, ...]
    agents: tuple[bytes, ...]
    helpers: tuple[PlannedAgent, ...]
    calls: tuple[PlannedCall, ...]
    weather: Weather = Weather()
    speed: float | None = None
