"""Why a call went where it went, as it is stored: in plain JSON."""

from __future__ import annotations

from typing import Any

from dispatcher.domain.routing import Plan, Routed


def reasons(plan: Plan, routed: Routed) -> dict[str, Any]:
    """A routing decision as it is stored: the plan, whom it passed over and why, whom it took."""
    baskets = plan.baskets
    return {
        "around": [str(place) for place in plan.around],
        "need": plan.need,
        "ring": str(baskets[routed.basket].place) if routed.basket is not None else None,
        "skillset": baskets[routed.basket].skillset if routed.basket is not None else None,
        "agent": routed.agent,
        "passed_over": [
            {
                "ring": str(baskets[b].place),
                "skillset": baskets[b].skillset,
                "cause": cause,
                "count": count,
            }
            for (b, cause), count in routed.counts.items()
        ],
        "named": [
            {"ring": str(baskets[each.basket].place), "cause": each.cause, "agent": each.agent}
            for each in routed.named
        ],
    }
