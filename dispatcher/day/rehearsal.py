"""A day lived from its first call to its last callback, and what it came to."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from dispatcher.day import fates, office, people
from dispatcher.day.fates import Told
from dispatcher.day.office import Office
from dispatcher.day.plan import Plan, PlannedCall
from dispatcher.day.summary import Helped, helped
from dispatcher.simulator import Network

SETTLES: Final = 300.0
"""Seconds of the day in which the last webhooks and sweeps have come."""


class Stopped(Exception):
    """Somebody wants no more of this day: Ctrl-C, or SIGTERM."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One day: every call's fate, and what the agents did."""

    plan: Plan
    told: tuple[Told, ...]
    helped: tuple[Helped, ...]
    failures: int


def rehearse(plan: Plan, tell: Callable[[float], object] = lambda _: None) -> Rehearsal:
    """Live the plan; ``tell`` hears now and then what part of the day is over, from 0 to 1.

    Raises Stopped on SIGTERM or Ctrl-C; then too everything is stopped and taken away.
    """
    with office.opened(plan) as opened:
        calls = _live(plan, opened, tell)
        told = fates.tell(calls, opened.network, opened.services)
        failures = len(opened.network.ledger.failures())
        return Rehearsal(plan, tuple(told), helped(plan, opened), failures)


def _live(plan: Plan, opened: Office, tell: Callable[[float], object]) -> dict[str, PlannedCall]:
    network, calls = opened.network, dict[str, PlannedCall]()
    for number in (signal.SIGTERM, signal.SIGINT):
        network.loop.add_signal_handler(number, network.after, 0.0, _stop)
    for rank, helper in enumerate(plan.helpers):
        people.stand_by(helper, network, Random(f"{plan.seed} {rank}"))  # noqa: S311  repeatable
    whole = (plan.ends - plan.begins).total_seconds()
    network.every(60.0, lambda: tell(min(1.0, network.seconds() / whole)))
    network.run(*(people.rings_up(call, network, calls) for call in plan.calls), settle=SETTLES)
    network.run(until=lambda: _over(plan, opened, network), settle=SETTLES)
    return calls


def _stop() -> None:
    raise Stopped


def _over(plan: Plan, opened: Office, network: Network) -> bool:
    """Whether the day is over: it is late, or nobody waits to be rung back any more."""
    if network.now() >= plan.ends:
        return True
    if network.live_legs():
        return False
    with opened.services.store.reading() as tx:
        return tx.callbacks.open() == 0
