"""Asking for a callback without a call: the one way in for a form, and for whatever else asks so.

No answer tells whether the number is known, or is owed a callback already: somebody who is owed one
gets a request of their own that joined it, and looks and ends like any other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dispatcher.domain import requests
from dispatcher.domain.bookings import Seat, Wanted
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.calls import LineId, Why
from dispatcher.domain.floods import (
    FORMS_OF_ADDRESS,
    FORMS_OF_MAIL,
    FORMS_OF_NUMBER,
    FORMS_OF_TEXT,
    Allowance,
)
from dispatcher.domain.form import Bounds
from dispatcher.domain.inquiries import Inquiry
from dispatcher.domain.lines import Line
from dispatcher.domain.mails import MailId
from dispatcher.domain.replies import Reply
from dispatcher.domain.requests import Request, same_name
from dispatcher.domain.schedule import local
from dispatcher.domain.texts import TextId
from dispatcher.operations import (
    bookings,
    callbacks,
    cases,
    confirmations,
    mails,
    reminders,
    texts,
    windows,
)
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn


def bounds(line: Line, services: Services) -> Bounds:
    """What may be asked of this line now."""
    return Bounds(
        services.atlas,
        parts=windows.parts(line),
        windows=windows.windows_of(line),
        booking=line.booking_days > 0,
        ours=services.own_numbers,
        day=local(services.now(), line.hours.zone).date(),
        fiction=services.fiction,
        replies=replies(services),
    )


def replies(services: Services) -> tuple[Reply, ...]:
    """How somebody may be answered: by what we have."""
    able = {
        Reply.TEXT: services.sender is not None,
        Reply.RELAY: services.relay is not None,
    }
    return tuple(each for each in Reply if able.get(each, True))


def ask(
    request: Request,
    id: CallbackId,
    line: Line,
    services: Services,
    *,
    address: str | None,
    allowance: Allowance = FORMS_OF_ADDRESS,
    once: bool = False,
) -> Callback | None:
    """Keep the callback that is asked for under this id; None when too much is asked.

    The same request twice is one; another under the same id replaces it, or with ``once`` is none:
    the first one is returned. ``address``: what whoever asks is counted by, if anything, within
    their ``allowance``. Raises bookings.Taken, and nothing is kept, when the half-hour they chose
    is not left any more.
    """
    at = services.now()
    request = _helped(request, line, services)
    callback, kept = _drafted(request, id, line, services), None
    told: tuple[TextId | None, MailId | None] = (None, None)
    seats = _seats(callback, services)
    with services.store.writing() as tx:
        sent = tx.callbacks.find(id)
        if sent is not None and (once or _is_same(sent, callback, request, tx)):
            return sent
        if not _allowed(request, tx, at=at):
            return None
        if address is not None and not tx.allowances.spend(allowance, address, at=at):
            return None
        if sent is not None:  # they went back and mended it
            tx.callbacks.move(id, of=State.WAITING, to=State.CANCELLED, at=at)
            callback = replace(callback, id=callbacks.new_id(at))
        kept = _kept(callback, seats, tx)
        if kept is not None:
            cases.begin(tx, services, callback=kept.id, agent=kept.helper)
        if kept is callback:
            told = _told(callback, request, tx, services)
    texts.prompt(told[0], services)
    mails.prompt([told[1]], services)
    return kept


def _told(
    callback: Callback, request: Request, tx: Transaction, services: Services
) -> tuple[TextId | None, MailId | None]:
    """What they wrote is kept with it, and what they are to be told is taken in."""
    if request.reply is not Reply.TELEPHONE:
        tx.inquiries.add(Inquiry(callback.id, request.question, request.email))
    texted = None
    if request.why is not Why.TEXT:  # whose own text is answered so
        texted = confirmations.confirm(callback, tx, services)
    if not request.reply.in_writing:
        reminders.plan(callback, tx, services)
    return texted, confirmations.write(callback, request.email, tx, services)


def _seats(callback: Callback, services: Services) -> tuple[Seat, ...]:
    """What is left of the half-hour they chose."""
    at = callback.booked_at
    return () if at is None else bookings.look(Wanted.of(callback), services).seats(at)


def _helped(request: Request, line: Line, services: Services) -> Request:
    """The request, and who helped with the case that it names, if any: a code chooses no more."""
    if not request.code:
        return request
    with services.store.reading() as tx:
        case = cases.find(request.code, LineId(line.id), tx, services)
    return request if case is None else replace(request, helper=case.agent or request.helper)


def _kept(callback: Callback, seats: tuple[Seat, ...], tx: Transaction) -> Callback | None:
    """The callback as it is kept. Raises Withdrawn where a number has too many, and Taken. One
    that joins another takes a seat too: else what is left would tell of the other.
    """
    at = callback.asked_at
    if tx.callbacks.keep(callback) or (
        _goes_before_a_regular_call(callback, tx) and tx.callbacks.keep(callback)
    ):
        if not tx.allowances.spend(FORMS_OF_NUMBER, callback.number, at=at):
            raise Withdrawn
        new = callback
    else:
        new = replace(callback, state=State.JOINED, closed_at=at)
        if not tx.callbacks.keep(new):
            return tx.callbacks.find(callback.id)
    if new.booked_at is not None:
        bookings.take(new.id, seats, tx)
    return new


def _goes_before_a_regular_call(callback: Callback, tx: Transaction) -> bool:
    """Whether what they are owed was one of a regular's calls, which theirs now stands for: what
    somebody asks is not ended by a key that stops those.
    """
    owed = tx.callbacks.awaiting(callback.number, callback.need, callback.first_name)
    if owed is None or owed.regular is None:
        return False
    at = callback.asked_at
    return tx.callbacks.move(owed.id, of=State.WAITING, to=State.CANCELLED, at=at)


def _drafted(request: Request, id: CallbackId, line: Line, services: Services) -> Callback:
    at = services.now()
    opens_at = line.hours.next_opening(at) or at
    place = requests.place_since(opens_at, request.deadline, zone=line.hours.zone)
    drafted = requests.asked_for(
        request, id, LineId(line.id), place_since=place, due_at=opens_at, at=at
    )
    if drafted.booked_at is not None or request.reply.in_writing:  # nobody is woken by it
        return drafted
    due_at = windows.hours_for(drafted, services).next_opening(opens_at)
    return replace(drafted, due_at=due_at or opens_at)


def _is_same(sent: Callback, again: Callback, request: Request, tx: Transaction) -> bool:
    """Whether this is the same request, sent twice."""
    wrote = tx.inquiries.find(sent.id)
    words = (wrote.question, wrote.address) if wrote is not None else ("", None)
    return _asked(sent) == _asked(again) and words == (request.question, request.email)


def _asked(callback: Callback) -> tuple[object, ...]:
    name = same_name(callback.first_name)
    when = (callback.part, callback.not_before, callback.booked_at)
    who = (callback.number, callback.commune, callback.need, name)
    return (*who, *when, callback.discreet, callback.reply)


def _allowed(request: Request, tx: Transaction, *, at: datetime) -> bool:
    """Whether this much may be asked in these words.

    Words are counted of forms: who writes RAPPEL writes what all others do, and partners are known.
    """
    name = same_name(request.first_name)
    text = f"{name} {request.commune} {request.need} {request.part} {request.deadline}"
    if request.why is Why.FORM and not tx.allowances.spend(FORMS_OF_TEXT, text, at=at):
        return False
    to = request.email
    return to is None or tx.allowances.spend(FORMS_OF_MAIL, to.casefold(), at=at)
