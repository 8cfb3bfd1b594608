"""What a département keeps for its own people: the price of lending one of its agents.

One more busy agent costs a group B(c, a) / B(c - idle, a), Erlang B's share of who finds everybody
busy (Krishnan & Ott's separable routing): 1 when the last idle agent goes, nearly 0 where many
are idle. The load is taken to be a flat a = 0.8 c, so no forecast is needed: on simulated days that
was as good as the true load, and fairer (shared reference ``performance.md`` 1.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatcher.domain.territories import Territory

LOAD: Final = 0.8
LARGEST: Final = 100
"""A larger group is priced as one of so many: how many are idle is what counts by then."""
UNIT: Final = 1_000_000_000_000
"""The price of the last one. Whole numbers: scripts and domain must agree to the last digit."""
PERCENT: Final = UNIT // 100


@dataclass(frozen=True, slots=True)
class Reserve:
    """How far others may lend for a caller.

    ``beyond``: for each wide place around the caller, the codes of the départements in it that may
    lend (``Atlas.beyond``). Until ``until`` they lend up to the price ``limit``; from then on at
    any price, the cheapest still first.
    """

    beyond: tuple[tuple[Territory, tuple[str, ...]], ...]
    limit: int
    until: datetime

    def keeps(self, cost: int, *, at: datetime) -> bool:
        """Whether a département whose price is this keeps its agents for its own people now."""
        return at < self.until and cost > self.limit


def price(on: int, idle: int) -> int:
    """What lending one of ``idle`` agents costs a group of ``on``, in whole ``UNIT`` parts."""
    agents = min(on, LARGEST)
    left = max(0, agents - idle)
    load, inverse, kept = LOAD * agents, 1.0, 1.0
    for number in range(1, agents + 1):
        inverse = 1 + inverse * number / load  # of Erlang B
        if number == left:
            kept = inverse
    return int(kept / inverse * UNIT + 0.5)
