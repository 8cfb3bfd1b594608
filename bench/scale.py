"""How much is done: quickly to see that it works, usually, or long."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Counts, and seconds."""

    few_agents: int = 1_000
    agents: int = 10_000
    many_agents: int = 100_000
    waiting: int = 1_000
    rounds: int = 10_000
    batches: int = 400
    in_turn: int = 600
    moments: int = 12
    moment_seconds: float = 0.4
    starts: int = 3
    jobs: int = 200
    load_seconds: float = 45.0
    speed: float = 1.0
    postgres: bool = True
    whole_service: bool = True
    days: int = 4
    """Simulated, of each policy; each of so many measured hours after so many of warm-up."""
    warm_up_hours: float = 1.0
    measured_hours: float = 2.0
    most_agents: int = 500
    dominated: bool = False
    """Whether policies are simulated too that are there to be compared with."""


USUAL = Scale()
FULL = Scale(
    rounds=40_000,
    batches=2_000,
    in_turn=1_500,
    moments=24,
    starts=9,
    load_seconds=180.0,
    measured_hours=9.0,
    most_agents=4_000,
    dominated=True,
)
QUICK = Scale(
    few_agents=50,
    agents=500,
    many_agents=1_000,
    waiting=50,
    rounds=200,
    batches=10,
    in_turn=20,
    moments=1,
    moment_seconds=0.1,
    starts=1,
    jobs=10,
    load_seconds=1.5,
    speed=12.0,
    postgres=False,
    whole_service=False,
    days=1,
    warm_up_hours=0.0,
    measured_hours=0.05,
)
