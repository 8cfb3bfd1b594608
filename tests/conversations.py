"""Conversations that agents had, as SQL has them: without a telephone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.calls import Call, CallSid, LineId, OfferId, Step, Why
from dispatcher.domain.calls import Outcome as CallOutcome
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.offers import End, Offer
from dispatcher.operations.services import Services

MOBILE = PhoneNumber("+33639980007")
LANDLINE = PhoneNumber("+33199000001")
MINUTE = timedelta(minutes=1)


def talks(
    services: Services,
    agent: AgentId = AgentId(1),
    n: int = 1,
    *,
    number: PhoneNumber | None = MOBILE,
    ended: bool = True,
    **changes: Any,
) -> OfferId:
    """Somebody from Orcières rang, this agent picked up; they hung up just now, or talk still."""
    at = services.now()
    sid = CallSid(f"CA{n:032x}")
    call = Call(
        sid, LineId("principale"), at - 10 * MINUTE, number=number, step=Step.TALKING, turn=4
    )
    call = replace(call, commune="05096", need=Need.PROCEDURES)
    offer = Offer(
        OfferId(f"o{n}"), agent, at - 9 * MINUTE, at, call=sid, accepted_at=at - 8 * MINUTE
    )
    with services.store.writing() as tx:
        assert tx.calls.add(call.ends(CallOutcome.ANSWERED, at=at) if ended else call)
        assert tx.offers.claim(replace(offer, **changes))
        if ended:
            tx.offers.close(offer.id, End.ANSWERED, at=at)
    return offer.id


def rings_back(
    services: Services,
    agent: AgentId = AgentId(1),
    *,
    reached: bool = True,
    ended: bool = True,
    **changes: Any,
) -> OfferId:
    """This agent rang Rose back, with a mobile; reached her or not."""
    at = services.now()
    callback = Callback(
        id=CallbackId("k1"),
        call=None,
        line=LineId("principale"),
        number=MOBILE,
        commune="05096",
        need=Need.MEDIATION,
        why=Why.FORM,
        asked_at=at - 60 * MINUTE,
        place_since=at - 60 * MINUTE,
        due_at=at - 60 * MINUTE,
        state=State.REACHED if ended else State.CALLING,
        closed_at=at if ended else None,
        first_name="Rose",
    )
    offer = Offer(
        OfferId("o9"),
        agent,
        at - 9 * MINUTE,
        at,
        callback=callback.id,
        accepted_at=at - 8 * MINUTE,
        reached_at=at - 7 * MINUTE if reached else None,
    )
    with services.store.writing() as tx:
        assert tx.callbacks.keep(replace(callback, **changes))
        assert tx.offers.claim(offer)
        if ended:
            tx.offers.close(offer.id, End.ANSWERED if reached else End.UNREACHED, at=at)
    return offer.id
