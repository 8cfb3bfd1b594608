"""A plan in the words of the scripts: texts whose words have a space on either side."""

from __future__ import annotations

from dispatcher.domain.routing import Plan, skills_first
from dispatcher.live.sight import milliseconds

NOT_HELD = 0


def subject(plan: Plan) -> tuple[str, str]:
    """The places around the caller, and whom they were just offered to."""
    around = " ".join(map(str, plan.around))
    tried = " ".join(str(agent) for agent in sorted(plan.tried))
    return f" {around} ", f" {tried} "


def baskets(plan: Plan) -> str:
    """Where to look, in order."""
    return " ".join([str(basket.place) + ":" + basket.skillset for basket in plan.baskets])


def held_until(plan: Plan) -> int:
    """Until when a caller is held for somebody near."""
    return milliseconds(plan.reserve.until) if plan.reserve is not None else NOT_HELD


def reserve(plan: Plan) -> list[str | int]:
    """The limit, until when it holds, who is priced together, and who lends in each wide place."""
    if plan.reserve is None:
        return [0, NOT_HELD, ""]
    alike = f" {' '.join(skills_first(plan.need))} "
    wide = (f"{place} {' '.join(codes)}" for place, codes in plan.reserve.beyond)
    return [plan.reserve.limit, held_until(plan), alike, *wide]
