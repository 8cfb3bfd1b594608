"""What each leg of a transfer is told: where it is wanted, always the same at the same turn."""

from __future__ import annotations

from dispatcher.domain import doors
from dispatcher.domain.calls import Call, CallSid, Keys, Step
from dispatcher.domain.consents import ConsentId, Heard
from dispatcher.domain.script import Connect, Goto, HangUp, Meet, Ring, Say, Script, Silence
from dispatcher.domain.transfers import Place, Side, State, Transfer, TransferId
from dispatcher.operations import consent_calls, moving, parting, softphones
from dispatcher.operations.services import Services

SILENCE_SECONDS = 8
"""Between two sentences for somebody who waits: each ends in asking us what comes next."""
LEAVES = (Say("transfer.over"), HangUp())


def way(id: TransferId, leg: CallSid, services: Services) -> Script | None:
    """A leg that was moved asks where to; None: to the present step of its call."""
    transfer = _find(id, services)
    side = transfer.side_of(leg) if transfer is not None else None
    if transfer is None or side is None:
        return LEAVES
    moving.note(transfer, side, services)
    return told(transfer, side, services)


def held(id: TransferId, leg: CallSid, services: Services) -> Script | None:
    """A citizen on hold asks what they hear next: they are brought back themselves when it is
    over, whatever becomes of jobs.
    """
    transfer = _find(id, services)
    if transfer is None or transfer.side_of(leg) is not Side.CITIZEN:
        return None
    if transfer.wanted(Side.CITIZEN) is Place.HOLD:
        return _hold(transfer, services, again=True)
    return way(id, leg, services)


def follow(transfer: Transfer, side: Side, services: Services) -> Script | None:
    """The Dial of a leg is over since the other one was moved: it follows. Told again, nothing
    is noted: they may be elsewhere by then.
    """
    if transfer.at(side) is Place.BRIDGE:
        moving.note(transfer, side, services)
    return told(transfer, side, services)


def present(call: Call, services: Services) -> Script | None:
    """What the citizen of a call in conversation is told, if it is more than a plain one."""
    if call.step is not Step.TALKING:
        return None
    with services.store.reading() as tx:
        transfer = tx.transfers.of(call.sid)
    if transfer is None or not transfer.open:
        return None
    return told(transfer, Side.CITIZEN, services)


def waits(id: TransferId, services: Services, *, citizen: bool) -> Script:
    """Somebody is alone in the conference: they hear why, and it is noted that they are alone."""
    transfer = _find(id, services)
    late = transfer is not None and transfer.open and transfer.deadline <= services.now()
    if transfer is not None and late and transfer.state is State.TOGETHER:
        if citizen:
            parting.lost(id, services)
        else:
            services.bell.ring("calls.verify", transfer.call)
    asked = transfer is not None and transfer.consent is not None
    alone = Say("transfer.asked" if asked else "transfer.alone")
    return (Say("transfer.moment") if citizen else alone, Silence(SILENCE_SECONDS))


def left(
    id: TransferId, leg: CallSid, turn: int, services: Services, *, leg_over: bool
) -> Script | None:
    """The conference is over for this leg."""
    transfer = _find(id, services)
    side = transfer.side_of(leg) if transfer is not None else None
    if leg_over:
        if side in {Side.AGENT, Side.TARGET}:
            parting.leg_gone(id, leg, services)
        return (HangUp(),)
    if side is Side.CITIZEN:
        parting.agent_left(id, turn, services)
    return way(id, leg, services)


def consulted(
    id: TransferId,
    leg: CallSid,
    status: str,
    services: Services,
    *,
    bridged: bool,
    leg_over: bool,
) -> Script | None:
    """A leg's own ring of a target ended: in vain, after a word, or since the target was moved."""
    transfer = _find(id, services)
    side = transfer.side_of(leg) if transfer is not None else None
    if transfer is None or side is None:
        return LEAVES
    if side is Side.CITIZEN:
        parting.referral_over(id, services, bridged=bridged)
    elif leg_over and side is Side.AGENT:
        parting.leg_gone(id, leg, services)
    elif side is Side.AGENT and transfer.state is State.CONSULTING:
        after = parting.unanswered(id, status, services)
        if after is not None and after.state is State.TOGETHER and not after.shared:
            said = Say("transfer.back" if bridged else "transfer.unanswered")
            return (said, *(way(id, leg, services) or LEAVES))
    return (HangUp(),) if leg_over else way(id, leg, services)


def asked(id: TransferId, leg: CallSid, consent: ConsentId, services: Services) -> Script | None:
    """The citizen heard what they are asked to agree to, and is asked."""
    transfer = _find(id, services)
    if transfer is None or not transfer.asks(leg, consent):
        return way(id, leg, services)
    question = consent_calls.question(transfer, consent, services)
    if question is None:  # too late, or asked for otherwise since
        moving.change(id, lambda found, _: _unasked(found, consent, services), services)
    return question or way(id, leg, services)


def heard(
    id: TransferId, leg: CallSid, consent: ConsentId, asking: int, keys: Keys, services: Services
) -> Script | None:
    """The citizen keyed something, or nothing: whatever it was, nobody is left alone with it."""
    match consent_calls.answered(id, leg, consent, asking, keys, services):
        case Heard.REPEAT:
            return way(id, leg, services)
        case Heard.ANEW | Heard.PAST:
            return asked(id, leg, consent, services)
        case Heard.YES:
            said = Say("consent.yes")
        case Heard.NO:
            said = Say("consent.no")
        case Heard.UNCLEAR:
            said = Say("consent.unclear")
    led = way(id, leg, services)
    return led if led is None else (said, *led)


def referral(id: TransferId, leg: CallSid, services: Services) -> Script:
    """Somebody at a number outside picked up: they are put through as they are."""
    with services.store.writing() as tx:
        tx.transfers.learn(id, leg)
        transfer = tx.transfers.find(id)
    if transfer is None or transfer.state not in {State.CONSULTING, State.REFERRED}:
        return (HangUp(),)
    return (Connect(),)


def told(transfer: Transfer, side: Side, services: Services) -> Script | None:
    """What the leg of this side is told; None: the present step of its call."""
    match transfer.wanted(side):
        case Place.HOLD:
            return _hold(transfer, services)
        case Place.ROOM:
            return _meet(transfer, side)
        case Place.RING:
            return _ring(transfer, side, services)
        case Place.LINE:
            return None
        case _:
            return LEAVES


def _hold(transfer: Transfer, services: Services, *, again: bool = False) -> Script:
    if transfer.consent is not None:
        return consent_calls.recap(transfer, transfer.consent, services)
    said = Say("transfer.still") if again else Say(f"transfer.wait.{transfer.state}")
    return (said, Silence(SILENCE_SECONDS), Goto(doors.transfer(transfer.id, "held")))


def _unasked(found: Transfer, consent: ConsentId, services: Services) -> Transfer | None:
    return found.together(at=services.now()) if found.consent == consent else None


def _meet(transfer: Transfer, side: Side) -> Script:
    """The citizen's leaving ends it for nobody; that of the one agent there does for the
    citizen, who goes on at once.
    """
    alone = side is Side.AGENT and not transfer.shared
    return (
        Meet(
            transfer.room,
            wait=doors.transfer(transfer.id, f"wait/{side}"),
            left=doors.transfer(transfer.id, f"left/{transfer.turn}"),
            ends=alone,
        ),
    )


def _ring(transfer: Transfer, side: Side, services: Services) -> Script:
    with services.store.reading() as tx:
        call = tx.calls.find(transfer.call)
    asked = transfer.target_offer
    to = softphones.rung_for(asked, services) if asked is not None else None
    line = services.line(call.line if call is not None else "")
    outside = line.referral(transfer.referral) if transfer.referral else None
    to = outside.number if outside is not None else to
    if to is None:
        return (Goto(f"{doors.transfer(transfer.id, 'consulted')}?DialCallStatus=failed"),)
    ring = Ring(
        to=to,
        caller_id=line.caller_id,
        seconds=2 * line.ring_seconds if outside else line.ring_seconds,
        screen=doors.offer(asked, "screen") if asked else doors.transfer(transfer.id, "referral"),
        legs=doors.offer(asked, "legs") if asked else doors.transfer(transfer.id, "legs"),
        ended=doors.transfer(transfer.id, "consulted"),
    )
    said = Say("transfer.referred" if side is Side.CITIZEN else "transfer.ringing")
    return (said, ring)


def _find(id: TransferId, services: Services) -> Transfer | None:
    with services.store.reading() as tx:
        return tx.transfers.find(id)
