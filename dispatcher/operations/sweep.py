"""The net under everything: what was left behind is found here and put back.

Every step uses the same conditional changes as the webhooks and jobs, SQL first and Redis after, so
two sweeps at once, or a sweep beside a webhook, do no harm. Jobs make things prompt; this makes
them certain.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from dispatcher.carrier.rest import CarrierError
from dispatcher.domain.calls import CallSid
from dispatcher.live.board import BoardLost
from dispatcher.operations import (
    agents,
    board,
    callbacks,
    calls,
    estimating,
    legs,
    offers,
    overstaying,
    softphones,
)
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

log = logging.getLogger(__name__)

QUIET_FOR: Final = timedelta(minutes=2)
"""A call of which nothing was heard this long is asked about at the carrier."""
WEB_STARTED: Final = "web_started"
"""The mark of the last start of the web process."""
SETTLES: Final = timedelta(seconds=15)
"""How long after such a start whoever still waits has asked again for what they hear."""
UNPLACED_FOR: Final = timedelta(seconds=0.9)
"""A callback that had to wait for its line's turn is rung at the next round, a second later."""


def tick(services: Services) -> None:
    """Every second: end leases, match agents whose wrap-up is over, offer callbacks that
    are due, look farther for who was held.
    """
    at = services.now()
    with services.store.reading() as tx:
        lapsed = tx.offers.lapsed(at=at)
        unplaced = tx.offers.unplaced(before=at - UNPLACED_FOR)
    for offer in lapsed:
        legs.lapse(offer, services)
    for id in unplaced:
        services.bell.ring("callbacks.place", id)
    overstaying.look(services)
    try:
        board.rebuild(services)
        softphones.put_asleep(services)
        callbacks.offer_due(services)
        offers.match_all(services.board.rested(at=at), services)
        offers.lend(services)
    except BoardLost:
        log.warning("board lost; waiting for Redis or for its rebuild")


def estimate(services: Services) -> None:
    """Every few seconds: how long those who wait will wait."""
    try:
        estimating.work_out(services)
    except BoardLost:
        log.warning("board lost; nobody is told how long they will wait")


def check(services: Services) -> None:
    """Every fifteen seconds: duty, what hangs between the gates, and calls gone quiet."""
    at = services.now()
    with services.store.writing() as tx:
        quiet = tx.calls.unheard(_quiet_since(tx, at), at=at)
        overdue = tx.offers.overdue(at=at)
    for sid in quiet:
        services.bell.ring("calls.verify", sid)
    for offer in overdue:
        services.bell.ring("callbacks.verify", offer.id)
    try:
        agents.refresh(services)
        board.reconcile(services)
    except BoardLost:
        log.warning("board lost; duty is set again by its rebuild")


def verify(sid: CallSid, services: Services) -> None:
    """Ask the carrier about a call gone quiet, and close it if it has ended."""
    try:
        state = services.carrier.state(sid)
    except CarrierError as error:
        log.warning("a quiet call could not be verified: %s", error)
        return
    if state.over and (state.known or _is_old(sid, services)):
        calls.hang_up(sid, services, unheard=True)
    elif not state.over:
        overstaying.verify(sid, services)


def note_start(services: Services) -> None:
    """The web process starts: what the carrier told before it did, nobody heard."""
    try:
        with services.store.writing() as tx:
            tx.marks.move(WEB_STARTED, to=services.now())
    except SQLAlchemyError:
        log.warning("no database at the start: quiet calls are asked about in their own time")


def _quiet_since(tx: Transaction, at: datetime) -> datetime:
    """Of which moment on a call must have been heard of, not to be asked about."""
    started = tx.marks.find(WEB_STARTED)
    just_back = started is not None and SETTLES <= at - started <= QUIET_FOR
    return started if started is not None and just_back else at - QUIET_FOR


def _is_old(sid: CallSid, services: Services) -> bool:
    """Whether a call that the carrier does not know began so long ago that it should."""
    with services.store.reading() as tx:
        call = tx.calls.find(sid)
    return call is not None and call.started_at <= services.now() - QUIET_FOR
