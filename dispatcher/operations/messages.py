"""Messages left after the beep: expected before it, fetched by a job, erased at the carrier.

Whatever the carrier tells of a recording only says when to look: its list of the call's recordings
says what there is. So a webhook lost, doubled or late changes nothing, and a DELETE that may have
had its effect is looked up before it is tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from secrets import token_hex

from dispatcher.carrier.recordings import Recording
from dispatcher.carrier.rest import CarrierError
from dispatcher.domain import doors
from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import Callback, CallbackId
from dispatcher.domain.calls import Call, CallSid, Outcome, Step, Why
from dispatcher.domain.links import Purpose
from dispatcher.domain.messages import (
    HEARD_WITHIN,
    LARGEST,
    PUT_OFF,
    SECONDS,
    WORTH_AN_ALARM,
    Message,
    MessageId,
    State,
    expected,
    is_given_up,
    tried_again_at,
)
from dispatcher.domain.retention import Data
from dispatcher.domain.script import Goto, Record, Say, Script
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

log = logging.getLogger(__name__)


def may_leave(call: Call, services: Services) -> bool:
    """Whether this caller may leave a message: where their line says so. Not who rings very often:
    each message is work for somebody.
    """
    return services.line(call.line).voicemail and call.why is not Why.OFTEN


def expect(call: Call, tx: Transaction, services: Services) -> None:
    """Expect a message, in the transaction that moves its caller to the beep; they are not rung
    back while they speak.
    """
    at = services.now()
    callback = _owed(call, tx)
    id = callback.id if callback is not None else None
    if tx.messages.expect(expected(MessageId(token_hex(12)), call.sid, id, at=at)) and id:
        tx.callbacks.put_off(id, until=at + PUT_OFF)


def script(call: Call, services: Services) -> Script:
    """What somebody hears who is about to leave one. Where they say nothing, the same door is
    next.
    """
    door, days = doors.recorded(call.turn), services.periods.days[Data.MESSAGES]
    return (
        Say("message.announce", {"days": days}),
        Record(door, doors.RECORDINGS, SECONDS),
        Goto(door),
    )


def left(call: Call, services: Services) -> Call:
    """The caller has spoken, or has said nothing: their call is over, once they have their word."""
    return call.ends(Outcome.CALLBACK, at=services.now()) if call.step is Step.MESSAGE else call


def hear(sid: CallSid, services: Services) -> None:
    """The carrier says that something came of a recording; twice or late does no harm."""
    with services.store.writing() as tx:
        id = tx.messages.heard_of(sid, at=services.now())
    if id is not None:
        services.bell.ring("messages.fetch", id)


def fetch(id: MessageId, services: Services) -> None:
    """Fetch a message, then erase it at the carrier, unless somebody else does."""
    with services.store.writing() as tx:
        message = tx.messages.claim(id, at=services.now())
    if message is None:
        return
    try:
        there = services.carrier.recordings(message.call)
        over = _bring_in(message, there, services)
    except CarrierError as error:
        log.warning("message %s: the carrier did not do it: %s", id, error)
        over = False
    _settle(message, services, over=over)


def sweep(services: Services) -> None:
    """Every few seconds: whatever a lost webhook or a killed worker left is rung for."""
    with services.store.writing() as tx:
        due = tx.messages.take_due(at=services.now())
    for id in due:
        services.bell.ring("messages.fetch", id)


def to_hear(callback: CallbackId, tx: Transaction, services: Services) -> tuple[str, ...]:
    """The doors of the sounds of this callback's messages, good for a while."""
    until = round((services.now() + HEARD_WITHIN).timestamp())
    links = services.links
    return tuple(
        doors.message(links.token(id, Purpose.LISTEN, of=str(until)), until)
        for id in tx.messages.left_for(callback)
    )


def sound(token: str, until: int, services: Services) -> bytes | None:
    """The sound behind an address that we signed; None when we did not, or it is too late."""
    id = services.links.id(token, Purpose.LISTEN, of=str(until))
    if id is None or services.now().timestamp() > until:
        return None
    with services.store.reading() as tx:
        return tx.messages.sound(MessageId(id))


def _owed(call: Call, tx: Transaction) -> Callback | None:
    """The callback that this caller is promised: their own, or the one it joined."""
    own = tx.callbacks.of(call.sid)
    if own is not None and not own.state.over:
        return own
    number = call.keyed_number or call.number
    return None if number is None else tx.callbacks.awaiting(number, call.need or Need.EITHER)


def _bring_in(message: Message, there: Sequence[Recording], services: Services) -> bool:
    """Keep what was said, erase it at the carrier; whether that was all. Raises CarrierError."""
    at = services.now()
    if not all(each.ready for each in there):
        return False
    if message.state is State.EXPECTED:
        if not there:
            return is_given_up(message, at=at)
        if not _keep(message, there, services):
            return False
    for each in there:
        services.carrier.erase(each.sid)
    return True


def _keep(message: Message, there: Sequence[Recording], services: Services) -> bool:
    holds = [each for each in there if each.sounds]
    said = services.carrier.sound(holds[0].sid, at_most=LARGEST) if holds else None
    if holds and said is None:
        log.error("message %s is larger than any we keep", message.id)
    with services.store.writing() as tx:
        kept = tx.messages.keep(message, said, at=services.now())
        now = tx.messages.find(message.id)
    # Erased at its person's wish while it was fetched: it goes at the carrier all the same.
    return kept or (now is not None and now.state is State.KEPT and now.tries == message.tries)


def _settle(message: Message, services: Services, *, over: bool) -> None:
    at = services.now()
    if not over and message.tries == WORTH_AN_ALARM and message.kept_at is not None:
        log.error("message %s could not be erased at the carrier: it is tried on", message.id)
    again = None if over else tried_again_at(message, at=at)
    with services.store.writing() as tx:
        tx.messages.settle(message, State.OVER if over else message.state, due_at=again)
