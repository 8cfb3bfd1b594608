"""Where a new call begins: at the first question, or further on when we know something of it.

A number proves nothing: whoever calls from a known one is asked before its commune is used, no
place is named to them, and of a house's line only the house's own place is taken.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from dispatcher.domain.calls import Call, Placed, Step, Why
from dispatcher.domain.numbers import PhoneNumber, refusal
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

OFTEN_WITHIN: Final = timedelta(minutes=10)


def begin(
    call: Call, forwarded_from: PhoneNumber | None, tx: Transaction, services: Services
) -> Call:
    """The new call where it begins, from what SQL knows of its number and of how it came."""
    if _too_often(call, tx, services):
        callable_back = call.number is not None and not refusal(
            call.number, fiction=services.fiction
        )
        step = Step.KEPT if callable_back else Step.KEEP_NUMBER
        return replace(call, step=step, why=Why.OFTEN)
    house = tx.structures.at_number(forwarded_from) if forwarded_from is not None else None
    known = (
        tx.known_callers.find(call.number, at=call.started_at) if call.number is not None else None
    )
    if known is not None:
        call = replace(call, remembered=True, helper=known.agent)
    if house is not None:
        id, commune = house
        return replace(call, step=Step.NEED, commune=commune, house=id, placed=Placed.HOUSE)
    if known is not None and services.atlas.commune(known.commune) is not None:
        return replace(call, step=Step.SAME_PLACE, commune=known.commune)
    return call


def _too_often(call: Call, tx: Transaction, services: Services) -> bool:
    most = services.line(call.line).calls_per_number
    if call.number is None or not most:
        return False
    since = call.started_at - OFTEN_WITHIN
    return tx.calls.count_from(call.number, since=since, at_most=most) >= most
