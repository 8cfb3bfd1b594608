"""What the person who picks up hears, and what their key does.

Nothing is put through without a key: what picks up may be a voicemail. An accept is stored before
the document that connects is returned, and whatever goes wrong on this side ends in a hang-up,
which passes the caller on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from dispatcher.domain import doors
from dispatcher.domain.attempts import is_last
from dispatcher.domain.callbacks import Callback
from dispatcher.domain.callbacks import State as Promise
from dispatcher.domain.calls import Call, CallSid, Keys, OfferId, Step
from dispatcher.domain.numbers import in_pairs
from dispatcher.domain.offers import KEY_TRIES, Offer, lease_at_pick_up
from dispatcher.domain.script import Ask, Connect, HangUp, Ring, Say, Script
from dispatcher.domain.transfers import State
from dispatcher.operations import messages, moving, regulars, windows
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn

TAKEN: Final[Script] = (Say("screen.taken"), HangUp())
ACCEPT: Final = "1"
DECLINE: Final = "2"
STOP: Final = "3"
LISTEN: Final = "2"
ACCEPTS_AT_MOST: Final = 5


def screen(id: OfferId, leg: CallSid, services: Services) -> Script:
    """Somebody, or something, picked up: who calls, for what, how long they waited, and the two
    keys.
    """
    at = services.now()
    with services.store.writing() as tx:
        tx.offers.learn(id, leg=leg)
        tx.offers.mark(id, picked_up_at=at, lease_until=lease_at_pick_up(at=at))
        offer = tx.offers.find(id)
        subject = _subject(offer, tx) if offer is not None else None
        regular = _regular(subject, tx, services)
    if offer is None or subject is None or not offer.wanted:
        return TAKEN
    if offer.in_browser:  # its page says who calls, and nothing but a human picks up there
        return _accept(id, services)
    who = regular or (_who(subject, services, at=offer.picked_up_at or at),)
    passed_on = (Say("screen.passed_on"),) if offer.beside else ()
    return _ask(offer, *passed_on, *who, *_wishes(subject))


def press(id: OfferId, keys: Keys, services: Services) -> Script:
    """The person who picked up pressed a key, or none."""
    if keys.digits == ACCEPT:
        return _accept(id, services)
    at = services.now()
    with services.store.writing() as tx:
        offer = tx.offers.find(id)
        if offer is None or not offer.open:
            return TAKEN
        if keys.digits == DECLINE:
            tx.offers.mark(id, declined_at=at)
        elif keys.digits or keys.again:
            tx.offers.mark(id, key_tries=offer.key_tries + 1)
    pressed_wrong = (keys.digits or keys.again) and keys.digits != DECLINE
    if pressed_wrong and offer.key_tries + 1 < KEY_TRIES:
        return _ask(offer, Say("screen.again"))
    return (HangUp(),)


def listen(id: OfferId, keys: Keys, services: Services) -> Script:
    """The agent of a callback, before its citizen is rung, hears what they said after the beep, or
    has them rung: whoever presses nothing has taken the call all the same.
    """
    at = services.now()
    with services.store.writing() as tx:
        tx.offers.mark(id, lease_until=lease_at_pick_up(at=at))
        offer = tx.offers.find(id)
        callback = _callback(offer, tx)
        if offer is None or not offer.open or callback is None:
            return TAKEN
        if callback.state is not Promise.CALLING or not _still_wanted(callback, tx, services):
            return TAKEN
        sounds = messages.to_hear(callback.id, tx, services)
    if sounds and (keys.digits == LISTEN or keys.again):
        return (Ask((Say("message.heard"),), 1, doors.offer(id, "listen"), sounds=sounds),)
    return _ring_citizen(offer, callback, services)


def greet(id: OfferId, leg: CallSid, services: Services) -> Script:
    """The citizen of a callback picked up, or their voicemail did: nothing is said of who
    or why.
    """
    with services.store.writing() as tx:
        tx.offers.learn(id, citizen_leg=leg)
        offer = tx.offers.find(id)
        callback = _callback(offer, tx)
    if offer is None or not offer.open:
        return (HangUp(),)
    return _greeting(id, callback)


def greeted(id: OfferId, keys: Keys, services: Services) -> Script:
    """The citizen pressed a key: 1 puts them through; silence is a voicemail."""
    at = services.now()
    with services.store.writing() as tx:
        offer = tx.offers.find(id)
        callback = _callback(offer, tx)
        if (refused := _refused(keys, offer, callback, tx, at=at)) is not None:
            return refused
        if keys.digits == ACCEPT:
            tx.offers.mark(id, reached_at=at)
    if keys.digits == ACCEPT:
        return _reached(offer, services)
    if keys.digits or keys.again:
        return _greeting(id, callback)
    if callback is not None and callback.regular is None and is_last(callback):
        return _last_word(callback, services)
    return (HangUp(),)


def _reached(offer: Offer | None, services: Services) -> Script:
    """Both talk, and the agent's desk may hold the call and pass it on from now on."""
    if offer is not None:
        services.wakes.wake(offer.agent)
    return (Connect(),)


def _last_word(callback: Callback, services: Services) -> Script:
    """What a voicemail is told once nobody will ring again: how to ask anew, and nothing else."""
    number = services.line(callback.line).public_number
    return (Say("callback.last", {"number": in_pairs(number)}), HangUp())


def _refused(
    keys: Keys, offer: Offer | None, callback: Callback | None, tx: Transaction, *, at: datetime
) -> Script | None:
    """What ends here without a conversation; None: nothing did. A regular's 3 is heard whatever
    became of this call; it ends nothing else.
    """
    regular = callback.regular if callback is not None else None
    if keys.digits == STOP and callback is not None and regular is not None:
        regulars.stop(regular, tx, at=at)
        tx.callbacks.move(callback.id, of=Promise.CALLING, to=Promise.STOPPED, at=at)
        return (Say("callback.stopped"), HangUp())
    if offer is None or not offer.open:
        return (HangUp(),)
    if keys.digits == DECLINE and callback is not None:
        tx.callbacks.move(callback.id, of=Promise.CALLING, to=Promise.DECLINED, at=at)
        return (Say("callback.another_time" if regular else "callback.declined"), HangUp())
    return None


def _greeting(id: OfferId, callback: Callback | None) -> Script:
    regular = callback is not None and callback.regular is not None
    greeting = Say("callback.greeting_regular" if regular else "callback.greeting")
    return (Ask((greeting,), 1, doors.offer(id, "greeted")),)


def _accept(id: OfferId, services: Services) -> Script:
    """Store the accept, once; the same key twice hears the same document twice."""
    at = services.now()
    for _ in range(ACCEPTS_AT_MOST):
        decided = False
        with services.store.writing() as tx:
            offer = tx.offers.find(id)
            subject = _subject(offer, tx) if offer is not None else None
            if offer is None or subject is None or not offer.wanted:
                return TAKEN
            if offer.accepted_at is None and not _still_wanted(subject, tx, services):
                return TAKEN
            if offer.accepted_at is None and not _begin(offer, subject, tx, at=at):
                raise Withdrawn
            decided = True
        if decided:
            _wake(offer, services)
            if isinstance(subject, Call):
                return (Connect(),)
            return _left(offer, subject, services) or _ring_citizen(offer, subject, services)
    return TAKEN


def _wake(offer: Offer, services: Services) -> None:
    """Their desk looks again, and that of the colleague who asks them."""
    services.wakes.wake(offer.agent)
    if offer.beside:
        with services.store.reading() as tx:
            asking = tx.transfers.asking(offer.id)
        if asking is not None:
            moving.wake(asking, services)


def _still_wanted(subject: Call | Callback, tx: Transaction, services: Services) -> bool:
    """Whether the citizen of a callback is still to be rung, at the moment of dialling."""
    return isinstance(subject, Call) or windows.may_ring(subject, tx, services)


def _begin(offer: Offer, subject: Call | Callback, tx: Transaction, *, at: datetime) -> bool:
    if not tx.offers.accept(offer.id, at=at, lease_until=lease_at_pick_up(at=at)):
        return False
    if isinstance(subject, Call) and (asking := tx.transfers.asking(offer.id)) is not None:
        return asking.state is State.CONSULTING
    if isinstance(subject, Call):
        offered = subject.step is Step.OFFERED and subject.offer == offer.id
        return offered and tx.calls.save(subject.talks(), over=subject, at=at)
    return tx.callbacks.move(subject.id, of=Promise.OFFERED, to=Promise.CALLING, at=at)


def _left(offer: Offer, callback: Callback, services: Services) -> Script:
    """The offer to hear what the citizen said after the beep; nothing, where they said nothing."""
    with services.store.reading() as tx:
        sounds = messages.to_hear(callback.id, tx, services)
    return (Ask((Say("message.left"),), 1, doors.offer(offer.id, "listen")),) if sounds else ()


def _ring_citizen(offer: Offer, callback: Callback, services: Services) -> Script:
    line = services.line(callback.line)
    ring = Ring(
        to=callback.number,
        caller_id=line.caller_id,
        seconds=2 * line.ring_seconds,  # old people need time to reach their telephone
        screen=doors.offer(offer.id, "greet"),
        legs=doors.offer(offer.id, "citizen"),
        ended=doors.offer(offer.id, "called"),
    )
    return (Say("screen.calling_back"), ring)


def _subject(offer: Offer, tx: Transaction) -> Call | Callback | None:
    if offer.call is not None:
        return tx.calls.find(offer.call)
    return _callback(offer, tx)


def _callback(offer: Offer | None, tx: Transaction) -> Callback | None:
    if offer is None or offer.callback is None:
        return None
    return tx.callbacks.find(offer.callback)


def _regular(
    subject: Call | Callback | None, tx: Transaction, services: Services
) -> tuple[Say, ...]:
    if not isinstance(subject, Callback):
        return ()
    return tuple(regulars.introduced(subject, tx, services))


def _ask(offer: Offer, *first: Say) -> Script:
    return (Ask((*first, Say("screen.keys")), 1, doors.offer(offer.id, "key"), wait=5),)


def _wishes(subject: Call | Callback) -> Iterator[Say]:
    """Whom the agent asks for, and how little they say to anybody else."""
    if isinstance(subject, Callback):
        if subject.first_name:
            yield Say("screen.ask_for", {"name": subject.first_name})
        if subject.discreet:
            yield Say("screen.discreet")


def _who(subject: Call | Callback, services: Services, *, at: datetime) -> Say:
    waiting = subject.waiting_since if isinstance(subject, Call) else subject.asked_at
    minutes = int((at - waiting).total_seconds() // 60) if waiting is not None else 0
    commune = services.atlas.commune(subject.commune) if subject.commune else None
    kind = "caller" if isinstance(subject, Call) else "callback"
    waited = (
        "now"
        if minutes < 1
        else "minute"
        if minutes == 1
        else "minutes"
        if minutes < 120
        else "hours"
    )
    return Say(
        f"screen.{kind}.{'known' if commune else 'unknown'}",
        {
            "commune": commune.name if commune else "",
            "need": Say(f"need.{subject.need}"),
            "waited": Say(f"waited.{kind}.{waited}", {"minutes": minutes, "hours": minutes // 60}),
        },
    )
