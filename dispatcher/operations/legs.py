"""How a ring goes and ends: what the carrier tells of the legs that offers are made of."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from dispatcher.carrier.rest import CarrierError
from dispatcher.domain.attempts import Miss
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import Call, CallSid, OfferId, Outcome, Step
from dispatcher.domain.offers import End, Offer, end_of_ring, lease_at_pick_up
from dispatcher.domain.script import HangUp, Say, Script
from dispatcher.domain.transfers import Place, Side, Transfer
from dispatcher.operations import agents, callbacks, calls, cases, offers, parting, rooms
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn

log = logging.getLogger(__name__)

BEGINS: Final = frozenset({"initiated", "ringing"})
"""What the carrier tells of a leg that nobody has picked up."""


def moved(
    id: OfferId, leg: CallSid, status: str, code: int | None, *, over: bool, services: Services
) -> None:
    """The leg that rings an agent moved. Late or doubled, it tells what it tells and moves nothing
    else.
    """
    at = services.now()
    with services.store.writing() as tx:
        if tx.offers.find(id) is None:
            return
        tx.offers.learn(id, leg=leg)
        late = status == "ringing" and tx.offers.learn(id, ringing_at=at)
        if code is not None:
            late = tx.offers.learn(id, carrier_code=code) or late
        offer = tx.offers.find(id)
    assert offer is not None
    if over:
        _parted(id, leg, services)
    if offer.declined_at is not None and status in BEGINS:
        services.bell.ring("calls.let_go", id)  # passed on, and it rings all the same
    if not offer.open and late:
        agents.judge(offer, services)
    elif offer.open and over and offer.callback is not None:
        _agent_leg_over(offer, status, services)


def ended(
    id: OfferId, sid: CallSid, status: str, *, bridged: bool, leg_over: bool, services: Services
) -> Script:
    """The caller's ring of an agent ended: in a conversation, or on to the next agent."""
    if leg_over:
        _caller_gone(id, sid, bridged=bridged, services=services)
        return (HangUp(),)
    if (followed := _followed(id, Side.CITIZEN, services)) is not None:
        return rooms.follow(followed, Side.CITIZEN, services) or calls.resume(sid, services)
    at, call, closed = services.now(), None, False
    with services.store.writing() as tx:
        offer, call = tx.offers.find(id), tx.calls.find(sid)
        if offer is not None and call is not None and offer.open and call.offer == id:
            talked = bridged and offer.accepted_at is not None
            after = call.ends(Outcome.ANSWERED, at=at) if talked else call.waits(at=at)
            end = End.ANSWERED if talked else end_of_ring(offer, status)
            if not tx.offers.close(id, end, at=at) or not tx.calls.save(after, over=call, at=at):
                raise Withdrawn
            if talked and call.number is not None:
                tx.known_callers.helped(call.number, offer.agent)
            if talked:
                cases.answered(call, offer.agent, tx, at=at)
            call, closed = after, True
    if closed:
        offers.release(id, services)
    return calls.resume(sid, services)


def called(
    id: OfferId,
    *,
    bridged: bool,
    services: Services,
    why: Miss | None = None,
    leg_over: bool = False,
) -> Script:
    """The ring of a callback's citizen ended: they were reached, or ``why`` not; None when their
    agent hung up before.
    """
    followed = None if leg_over else _followed(id, Side.AGENT, services)
    if followed is not None:
        return rooms.follow(followed, Side.AGENT, services) or (HangUp(),)
    if _leads(id, services):
        return (HangUp(),)  # their own leg tells when it is over
    callback = _settle(id, services, bridged=bridged, why=why)
    state = callback.state if callback is not None else None
    if state is State.REACHED:
        return (HangUp(),)
    if callback is not None and callback.regular is not None and state is State.DECLINED:
        return (Say("callback.not_now"), HangUp())
    declined = state in {State.DECLINED, State.STOPPED}
    return (Say("callback.refused" if declined else "callback.unreached"), HangUp())


def failed(id: OfferId, services: Services) -> None:
    """The carrier refuses to ring a callback's agent at all."""
    with services.store.reading() as tx:
        offer = tx.offers.find(id)
    if offer is not None and offer.open:
        _agent_leg_over(offer, "failed", services)


def unrung(offer: Offer, services: Services) -> None:
    """Nothing can ring a callback's agent now: as after a ring without an answer."""
    _agent_leg_over(offer, "no-answer", services)


def lapse(offer: Offer, services: Services) -> None:
    """Nothing was heard of an offer for its whole lease: close it, and let its caller be served
    again.
    """
    if _given_up(offer, End.LAPSED, services):
        log.warning("offer %s lapsed", offer.id)


def decline(offer: Offer, services: Services) -> bool:
    """Its agent passed it on before their telephone rang: close it, and let its caller be served by
    somebody else. False when it was closed before.
    """
    return _given_up(offer, End.DECLINED, services)


def verify(id: OfferId, services: Services) -> None:
    """Ask the carrier about a callback in conversation of which nothing was heard for long."""
    at = services.now()
    with services.store.writing() as tx:
        offer = tx.offers.find(id)
        if offer is None or not offer.open or offer.leg is None:
            return
        tx.offers.mark(id, lease_until=lease_at_pick_up(at=at))
    try:
        over = services.carrier.state(CallSid(offer.leg)).over
    except CarrierError as error:
        log.warning("offer %s could not be verified: %s", id, error)
        return
    if over:
        _parted(id, CallSid(offer.leg), services)
        _settle(id, services, bridged=offer.reached_at is not None)


def citizen_over(sid: CallSid, services: Services) -> None:
    """The leg of a callback's citizen has ended; it is a call of its own once it was held."""
    if calls.load(sid, services) is not None:
        calls.hang_up(sid, services)


def _parted(id: OfferId, leg: CallSid, services: Services) -> None:
    """The leg of this offer's agent is over: whoever they shared a call with is told."""
    with services.store.reading() as tx:
        transfer = tx.transfers.led_by(id) or tx.transfers.asking(id)
    if transfer is not None:
        parting.leg_gone(transfer.id, leg, services)


def _followed(id: OfferId, side: Side, services: Services) -> Transfer | None:
    """The transfer that moved the other leg of this offer's Dial, so that this side follows."""
    with services.store.reading() as tx:
        transfer = tx.transfers.of_offer(id)
    if transfer is None or transfer.follows is not side:
        return None
    return transfer if transfer.open or transfer.at(side) is Place.BRIDGE else None


def _leads(id: OfferId, services: Services) -> bool:
    with services.store.reading() as tx:
        return tx.transfers.led_by(id) is not None


def _agent_leg_over(offer: Offer, status: str, services: Services) -> None:
    """A callback's agent is gone. Before their accept the callback goes back in line; after it, it
    is settled.
    """
    if offer.accepted_at is not None:
        _settle(offer.id, services, bridged=offer.reached_at is not None)
        return
    _given_up(offer, end_of_ring(offer, status), services)


def _given_up(offer: Offer, end: End, services: Services) -> bool:
    """End an offer that nobody took, once; False when it was ended before. One whose lease is over
    only as long as nobody accepts it.
    """
    at, closed = services.now(), False
    with services.store.writing() as tx:
        closed = tx.offers.close(offer.id, end, at=at, lapsed=end is End.LAPSED)
        if closed:
            _back_in_line(offer, tx, at=at)
    if closed:
        offers.release(offer.id, services)
    return closed


def _settle(
    id: OfferId, services: Services, *, bridged: bool, why: Miss | None = None
) -> Callback | None:
    """A callback was placed, once; how it stands then. ``why`` they were not reached: None when
    their agent hung up before.
    """
    at, closed = services.now(), False
    with services.store.writing() as tx:
        offer = tx.offers.find(id)
        callback = tx.callbacks.find(offer.callback) if offer and offer.callback else None
        if offer is None or callback is None:
            return None
        reached = bridged and offer.reached_at is not None
        closed = tx.offers.close(id, End.ANSWERED if reached else End.UNREACHED, at=at)
        if closed and reached:
            tx.callbacks.move(callback.id, of=State.CALLING, to=State.REACHED, at=at)
            tx.known_callers.helped(callback.number, offer.agent)
            tx.cases.helped(offer.agent, at=at, callback=callback.id)
        elif closed:
            callbacks.missed(callback, why, tx, services)
        callback = tx.callbacks.find(callback.id)
    if closed:
        offers.release(id, services)
    return callback


def _caller_gone(id: OfferId, sid: CallSid, *, bridged: bool, services: Services) -> None:
    """The caller hung up while their ring went on; the carrier's word on whether they talked is the
    last.
    """
    calls.hang_up(sid, services)
    with services.store.writing() as tx:
        offer = tx.offers.find(id)
        if offer is None or offer.call != sid or offer.accepted_at is None:
            return
        talked = offer.end is End.ANSWERED
        if talked and not bridged:
            tx.offers.amend(id, End.CALLER_GONE)
            tx.calls.amend(sid, Outcome.ABANDONED)


def _back_in_line(offer: Offer, tx: Transaction, *, at: datetime) -> None:
    if offer.callback is not None:
        tx.callbacks.move(offer.callback, of=State.OFFERED, to=State.WAITING, at=at)
        return
    call = tx.calls.find(offer.call) if offer.call is not None else None
    if (
        call is not None
        and _still_offered(call, offer)
        and not tx.calls.save(call.waits(at=at), over=call, at=at)
    ):
        raise Withdrawn


def _still_offered(call: Call, offer: Offer) -> bool:
    return call.step is Step.OFFERED and call.offer == offer.id
