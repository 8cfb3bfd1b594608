"""Who meets whom: each policy on the same simulated days, and what it costs in waiting.

Every figure is a mean over days drawn by different seeds. "Local" is an agent of the caller's
département or nearer; the ceiling is the share that would find one idle if no agent ever served a
stranger and nobody waited (a loss system, simulated); a policy's share of it counts who rang.
Differences are of the same days. The shorter a day, the farther apart agents' occupancies lie by
chance alone: those of ``make bench`` are printed, those of ``make bench-full`` count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from bench import service
from bench.figures import Figure, Target, at_least, at_most
from bench.policies import CEILING, LENDING, NEAREST, PATIENT, POOL, RINGS, STRICT, Policy
from bench.scale import Scale
from bench.scenario import HOUR, drawn
from bench.simulation import Day
from bench.tally import Estimate, Shares

DOMINATED = (STRICT, RINGS)
POLICIES = (POOL, *DOMINATED, NEAREST, LENDING, PATIENT)


@dataclass(frozen=True, slots=True)
class Cell:
    """So many agents at such a load, and what is promised there: by policy and figure."""

    agents: int
    load: float
    targets: Mapping[tuple[Policy, str], Target]

    def __str__(self) -> str:
        return f"load {self.load:g}, {self.agents:,} agents"


CELLS = (
    Cell(
        500,
        0.8,
        {
            (LENDING, "local"): at_least(0.6),
            (LENDING, "soon_less"): at_most(0.002),
            (LENDING, "lost_more"): at_most(0.001),
            (LENDING, "spread"): at_most(0.22),
        },
    ),
    Cell(
        500,
        0.9,
        {
            (LENDING, "local"): at_least(0.43),
            (LENDING, "lost_more"): at_most(0.004),
            (PATIENT, "local"): at_least(0.48),
            (PATIENT, "soon"): at_least(0.975),
        },
    ),
    Cell(2_000, 0.9, {(LENDING, "local"): at_least(0.76), (LENDING, "soon"): at_least(0.999)}),
    Cell(4_000, 0.9, {(LENDING, "local"): at_least(0.86), (LENDING, "soon"): at_least(0.999)}),
)
SAYS = {
    "local": "local share",
    "ceiling": "share of the Erlang-B ceiling",
    "soon": "answered in 20 s",
    "lost": "abandoned",
    "soon_less": "answered in 20 s, less the pool's",
    "lost_more": "abandoned, more than the pool's",
    "wait": "average speed of answer",
    "spread": "occupancy, p90 - p10",
}
ON_PROMISE = {"soon_less", "lost_more"}
"""Shown where something is promised of them."""

Days = Mapping[Policy, Sequence[Shares]]


def figures(scale: Scale, folder: Path) -> Iterator[Figure]:
    """Everything about policies of routing."""
    with service.redis(service.environment(folder / "routing")) as redis:
        for cell in CELLS:
            days = _lived(cell, scale, redis) if cell.agents <= scale.most_agents else {}
            for policy in POLICIES:
                yield from told(cell, policy, days)


def told(cell: Cell, policy: Policy, days: Days) -> Iterator[Figure]:
    """What a policy shows in a cell; figures without values when its days were not lived."""
    shown = _shown(policy, days) if policy in days else {}
    for name, says in SAYS.items():
        if name in ON_PROMISE and (policy, name) not in cell.targets:
            continue
        found = shown.get(name)
        yield Figure(
            f"{says}, {policy.name}, {cell}",
            found.mean if found else None,
            "s" if name == "wait" else "ratio",
            cell.targets.get((policy, name)),
            found.error if found else None,
        )


def _lived(cell: Cell, scale: Scale, redis: Redis) -> Days:
    days: dict[Policy, list[Shares]] = {}
    for seed in range(1, scale.days + 1):
        scenario = drawn(
            seed,
            agents=cell.agents,
            load=cell.load,
            warm_up=round(scale.warm_up_hours * HOUR),
            measured=round(scale.measured_hours * HOUR),
        )
        for policy in (CEILING, *POLICIES):
            if scale.dominated or policy not in DOMINATED:
                shares = Day(redis, scenario, policy).lived().shares
                days.setdefault(policy, []).append(shares)
    return days


def _shown(policy: Policy, days: Days) -> dict[str, Estimate]:
    each = list(zip(days[policy], days[POOL], days[CEILING], strict=True))
    return {
        "local": Estimate.of([day.local for day, _, _ in each]),
        "ceiling": Estimate.of(
            [day.local * (1 - day.lost) / (1 - most.lost) for day, _, most in each]
        ),
        "soon": Estimate.of([day.soon for day, _, _ in each]),
        "lost": Estimate.of([day.lost for day, _, _ in each]),
        "soon_less": Estimate.of([pool.soon - day.soon for day, pool, _ in each]),
        "lost_more": Estimate.of([day.lost - pool.lost for day, pool, _ in each]),
        "wait": Estimate.of([day.wait for day, _, _ in each]),
        "spread": Estimate.of([day.spread for day, _, _ in each]),
    }
