"""Asking the carrier, after an outage, who rang and never reached us.

The carrier's list of calls is looked through in spans of time, oldest first, and a mark in SQL says
how far. An inbound call that SQL does not know becomes a callback: its row is the claim, so looking
twice, or two who look at once, keep one. So does one of which SQL knows only that it ended: the
carrier tells us of an end even when nobody of ours answered the beginning.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from dispatcher.carrier.rest import CarrierError, Inbound
from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Call, LineId, Outcome, Why
from dispatcher.domain.lines import line_for
from dispatcher.domain.numbers import refusal
from dispatcher.operations import callbacks
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

log = logging.getLogger(__name__)

MARK: Final = "carrier_calls"
"""Up to when every call that began was looked at."""
_ASKED: Final = ":asked"
"""Ends the name of the mark that says when the carrier was last asked."""
ASKED_AGAIN_AFTER: Final = timedelta(seconds=30)
"""Of jobs that piled up while no worker ran, one asks the carrier."""
FIRST_LOOK: Final = timedelta(minutes=15)
LOOK_BACK: Final = timedelta(hours=24)
OVERLAP: Final = timedelta(minutes=2)
"""The carrier's list may lag behind, and its clock may differ from ours."""
SETTLED: Final = timedelta(seconds=30)
"""Of a call that ended so long ago no webhook is under way: one has 15 s, and is sent twice."""
SPANS: Final = tuple(timedelta(seconds=seconds) for seconds in (3600, 600, 60, 10))
"""The span of one list; a shorter one where the carrier has more calls than we read."""
LISTS_AT_MOST: Final = 6


def ask(services: Services) -> None:
    """Have a worker look through the carrier's calls."""
    services.bell.ring("calls.reconcile", MARK)


def reconcile(mark: str, services: Services) -> None:
    """Keep a callback for everybody whose call the carrier had and SQL had not, once each.

    What could not be listed now is listed the next time: the mark stays where it was.
    """
    at = services.now().replace(microsecond=0)
    seen_to: datetime | None = None
    with services.store.writing() as tx:
        if not tx.marks.move(mark + _ASKED, to=at, if_before=at - ASKED_AGAIN_AFTER):
            return
        seen_to = tx.marks.find(mark)
    start = max((seen_to or at - FIRST_LOOK) - OVERLAP, at - LOOK_BACK)
    unsettled: list[datetime] = []
    try:
        for end, listed in _lists(start, at, services):
            unsettled += _take_down(listed, at, services)
            with services.store.writing() as tx:
                tx.marks.move(mark, to=min([end, *unsettled]))
    except CarrierError as error:
        log.warning("the carrier did not list its calls: %s", error)


def _lists(
    start: datetime, at: datetime, services: Services
) -> Iterator[tuple[datetime, tuple[Inbound, ...]]]:
    """The inbound calls since ``start``, span by span, each with its end. Raises CarrierError.

    A day's backlog takes a few rounds: no job of ours lasts long.
    """
    spans = iter(SPANS)
    span = next(spans)
    for _ in range(LISTS_AT_MOST):
        end = min(start + span, at)
        listed = services.carrier.inbound(since=start, before=end if end < at else None)
        shorter = None if listed.whole else next(spans, None)
        if shorter is not None:
            span = shorter
            continue
        if not listed.whole:
            log.error("the carrier had more calls in %s than we read", span)
        yield end, listed.calls
        if end >= at:
            return
        start = end


def _take_down(listed: Iterable[Inbound], at: datetime, services: Services) -> list[datetime]:
    """Keep those whom SQL does not know, oldest first; the beginnings of those not settled yet."""
    ours = {call.sid: call for call in listed if line_for(services.lines, call.called)}
    with services.store.reading() as tx:
        known = tx.calls.known(ours)
    missed = sorted(
        (ours[sid] for sid in ours.keys() - known), key=lambda call: (call.started_at, call.sid)
    )
    settled = [call for call in missed if _settled(call, at)]
    kept = [_keep(call, services, at=at) for call in settled]
    if kept:
        log.warning("%d calls never reached us; %d are rung back", len(kept), sum(kept))
    return [call.started_at for call in missed if not _settled(call, at)]


def _settled(call: Inbound, at: datetime) -> bool:
    return call.over and (call.ended_at or call.started_at) + SETTLED <= at


def _keep(missed: Inbound, services: Services, *, at: datetime) -> bool:
    """Record the call as one that ended, and keep its callback; whether they are rung back."""
    line = line_for(services.lines, missed.called) or services.lines[0]
    call = Call(
        missed.sid,
        LineId(line.id),
        missed.started_at,
        number=missed.number,
        need=Need.EITHER,
        why=Why.MISSED,
        waiting_since=missed.started_at,
    )
    kept = False
    with services.store.writing() as tx:
        wanted = _wanted(missed, tx, services)
        outcome = Outcome.CALLBACK if wanted else Outcome.ABANDONED
        ended = call.ends(outcome, at=missed.ended_at or missed.started_at)
        if (tx.calls.add(ended) or _begun(ended, tx, at=at)) and wanted:
            callbacks.keep(call, tx, services)
            kept = True
    return kept


def _begun(ended: Call, tx: Transaction, *, at: datetime) -> bool:
    """Give a call of which we heard the end alone what the carrier knows of it; False when we know
    more by now.
    """
    found = tx.calls.find(ended.sid)
    if found is None or not found.unbegun:
        return False
    return tx.calls.save(replace(ended, turn=found.turn + 1), over=found, at=at)


def _wanted(missed: Inbound, tx: Transaction, services: Services) -> bool:
    """Whether somebody is to be rung back: one who can be, and neither ourselves nor an agent, nor
    one who rang again since and was served.
    """
    number = missed.number
    if number is None or refusal(number, fiction=services.fiction) is not None:
        return False
    if number in services.own_numbers or tx.agents.at_number(number) is not None:
        return False
    return not tx.calls.served_since(number, missed.started_at)
