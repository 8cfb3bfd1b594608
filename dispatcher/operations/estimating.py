"""How long those who wait will wait: worked out every few seconds, only read while they listen."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from dispatcher.domain import estimates
from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Call
from dispatcher.domain.estimates import Expected, Ring
from dispatcher.domain.territories import FRANCE, Territory
from dispatcher.live.sight import Before
from dispatcher.operations.services import Services

MEASURED_OVER: Final = timedelta(hours=3)
NEWCOMERS: Final = 50
"""As many who came after are looked at for each need; beyond, a place or two is no matter."""


def work_out(services: Services) -> None:
    """For each place around somebody who waits, how often an agent of it is freed.

    Raises BoardLost.
    """
    with services.store.reading() as tx:
        taken = tx.offers.occupied_since(services.now() - MEASURED_OVER)
    wrap_up = timedelta(seconds=max(line.wrap_up_seconds for line in services.lines))
    one_call = {
        need: estimates.handling(occupied + answered * wrap_up, answered)
        for need in Need
        for occupied, answered in [taken.get(need, (timedelta(0), 0))]
    }
    on = services.board.staff(services.board.waited_in())
    services.board.post_paces(
        {place: (staff, estimates.paces(staff, one_call)) for place, staff in on.items()}
    )


def expected(call: Call, services: Services) -> Expected | None:
    """What somebody who waits is told, as last worked out; None when nothing is known.

    Raises BoardLost.
    """
    if call.waiting_since is None or call.need is None:
        return None
    around, need, since = _around(call, services), call.need, call.waiting_since
    rings = [ring for ring in services.board.rings(around, need) if ring.pace is not None]
    ahead = [
        older + newer
        for older, newer in zip(
            _older(rings, around, need, since, services),
            _newer(rings, around, need, since, services),
            strict=True,
        )
    ]
    found = estimates.expected(zip(rings, ahead, strict=True))
    if found is not None:
        return found
    return Expected(sum(services.board.before([Before(FRANCE, need, since)])), None)


def _older(
    rings: list[Ring],
    around: tuple[Territory, ...],
    need: Need,
    since: datetime,
    services: Services,
) -> list[int]:
    """For each ring, how many who came before are taken before."""
    asked = [_before(ring, around, need, since) for ring in rings]
    counts = iter(services.board.before([before for ring in asked for before, _ in ring]))
    return [max(0, sum(sign * next(counts) for _, sign in each)) for each in asked]


def _newer(
    rings: list[Ring],
    around: tuple[Territory, ...],
    need: Need,
    since: datetime,
    services: Services,
) -> list[int]:
    """For each ring, how many who came after are taken before, since they live nearer."""
    rivals = {rival for ring in rings for rival in ring.rivals(need)}
    newcomers = services.board.newcomers(sorted(rivals), since, most=NEWCOMERS)
    places = {place for each in newcomers for place in each.around} | set(around)
    staff = services.board.rings(sorted(places), need) if newcomers else []
    on = {ring.place: sum(ring.on.values()) for ring in staff}
    return [round(estimates.overtaken(ring, around, since, newcomers, on)) for ring in rings]


def _before(
    ring: Ring, around: tuple[Territory, ...], need: Need, since: datetime
) -> list[tuple[Before, int]]:
    """Those whom this ring's agents would take before somebody who waits since then.

    Of its own place whoever came earlier; of each wider one, without the narrower, whoever came so
    much earlier that their nearness no longer makes up for it. Each with its sign in the sum.
    """
    rivals = ring.rivals(need)
    found = [(Before(ring.place, rival, since), 1) for rival in rivals]
    for inner, outer in pairwise(around[around.index(ring.place) :]):
        earlier = since - estimates.later_by(ring.place.level, outer.level)
        found += [(Before(outer, rival, earlier), 1) for rival in rivals]
        found += [(Before(inner, rival, earlier), -1) for rival in rivals]
    return found


def _around(call: Call, services: Services) -> tuple[Territory, ...]:
    commune = services.atlas.commune(call.commune) if call.commune else None
    around = services.atlas.around(commune) if commune else (FRANCE,)
    return around if call.house is None else (Territory.house(call.house), *around)
