"""What an evening's ledger and database say of each caller brought to a freed agent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from dispatcher.operations.services import Services
from dispatcher.simulator import Network
from dispatcher.store.database import reading
from dispatcher.store.schema import calls, decisions, offers


@dataclass(frozen=True, slots=True)
class Dial:
    """One caller brought to an agent just freed: how long until they had our ``<Dial>``.

    ``hastened``: a job took the caller out of the queue; else their own fetch told them.
    ``paused``: the agent had a wrap-up, so it was for the clock to find that they are free.
    """

    at: float  # network seconds, when the two were matched
    seconds: float
    hastened: bool
    paused: bool


def dials(
    services: Services, network: Network, wrap_ups: Mapping[str, timedelta]
) -> Iterator[Dial]:
    """Every one of them; ``wrap_ups`` are each line's."""
    hastened, left = _hastened(network), _left(network)
    matched = _matched(services)
    for last, offer in _consecutive(_offers(services)):
        if offer.id not in matched or last.closed_at is None:
            continue
        opened = (offer.opened_at - network.date(0.0)).total_seconds()
        told = hastened.get(offer.id) or next((at for at in left[offer.call] if at > opened), None)
        if told is None:
            continue  # the evening ended before
        pause = wrap_ups[last.line] if last.accepted_at else timedelta(0)
        took = network.date(told) - (last.closed_at + pause)
        yield Dial(opened, took.total_seconds(), offer.id in hastened, bool(pause))


def _consecutive(found: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    for _, of_agent in groupby(found, attrgetter("agent")):
        yield from pairwise(of_agent)


def _offers(services: Services) -> Sequence[Any]:
    query = (
        sa.select(offers, calls.c.line)
        .join(calls, calls.c.sid == offers.c.call)
        .order_by(offers.c.agent, offers.c.opened_at)
    )
    with reading(services.store.engine) as connection:
        return connection.execute(query).all()


def _matched(services: Services) -> set[str]:
    """The offers made because an agent was freed, not because somebody rang."""
    with reading(services.store.engine) as connection:
        found = connection.execute(sa.select(decisions.c.offer, decisions.c.reasons))
        return {row.offer for row in found if row.reasons.get("freed")}


def _hastened(network: Network) -> dict[str, float]:
    """When a caller taken out of the queue for an offer had our answer."""
    posted = (
        (entry.path.split("/"), entry.at) for entry in network.ledger.webhooks("/voice/offers/")
    )
    return {offer: at for (*_, offer, door), at in posted if door == "dial"}


def _left(network: Network) -> Mapping[str, list[float]]:
    """When callers who left the queue by their own document had our answer, by call."""
    found: dict[str, list[float]] = defaultdict(list)
    for entry in network.ledger.webhooks("/voice/left"):
        if entry.form.get("QueueResult") == "leave":
            found[entry.call].append(entry.at)
    return found
