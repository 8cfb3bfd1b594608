"""Texts: taken in with what they are about, sent once by a job, looked up when in doubt.

SQL is the truth. RQ makes them prompt, and the sweep certain.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex

from dispatcher.carrier.rest import CarrierError
from dispatcher.carrier.texts import TextThere
from dispatcher.domain.gsm import spelt
from dispatcher.domain.numbers import PhoneNumber, is_mobile
from dispatcher.domain.reminders import callback_in, is_moot
from dispatcher.domain.schedule import midnight_before
from dispatcher.domain.texts import (
    LOOKED_UP_EVERY,
    SKEW,
    TELLS_WITHIN,
    CarrierTextId,
    Kind,
    Now,
    Outcome,
    Reason,
    State,
    Text,
    TextId,
    Verdict,
    alarms,
    outcome,
    verdict,
)
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

log = logging.getLogger(__name__)


def queue(  # noqa: PLR0913  what a text is
    tx: Transaction,
    services: Services,
    *,
    kind: Kind,
    number: PhoneNumber,
    about: str,
    words: Mapping[str, str],
    expires_at: datetime,
    due_at: datetime | None = None,
) -> TextId | None:
    """Take in a text, in the transaction of what it is about; None when it will never be sent.

    One for a kind, a person and what it is about. Ring for it (``prompt``) after the transaction.
    """
    at = services.now()
    text = Text(
        id=TextId(token_hex(12)),
        kind=kind,
        number=number,
        body=spelt(services.texts[kind].format_map(words)),
        about=about,
        created_at=at,
        due_at=due_at or at,
        expires_at=expires_at,
    )
    refused = _refusal(text, tx, services)
    if refused is not None:
        log.info("a text (%s) is not taken in: %s", kind, refused)
        return None
    _sound_alarms(tx, services)
    return text.id


def prompt(id: TextId | None, services: Services) -> None:
    """Have a text that was taken in sent soon, once its transaction is over."""
    if id is not None:
        services.bell.ring("texts.send", id)


def send(id: TextId, services: Services) -> None:
    """Send a text, unless somebody else does, or it must not be sent any more.

    What the carrier may have done all the same keeps its lease, and is looked up at its end: as
    when whoever sends it is killed.
    """
    text = _take(id, services)
    if text is None or services.sender is None:
        return
    valid_for = text.expires_at - services.now()
    try:
        sid = services.carrier.text(
            text.number, text.body, sender=services.sender, id=id, valid_for=valid_for
        )
    except CarrierError as error:
        log.warning("text %s: the carrier did not take it: %s", id, error)
        why = verdict(status=error.status, code=error.code, permanent=error.permanent)
        if why is not Verdict.DOUBT:
            _settle(text, why, services)
        return
    _sent(text, sid, services)


def verify(id: TextId, services: Services) -> None:
    """Look up at the carrier a text that may have been sent, before it is tried again.

    Found, it is sent; surely not there, it waits again; else it is « à vérifier » after a while.
    """
    at = services.now()
    with services.store.writing() as tx:
        text = tx.texts.claim_look(id, at=at)
    if text is None:
        return
    try:
        there, whole = _look_up(text, services)
    except CarrierError as error:
        log.warning("text %s could not be looked up: %s", id, error)
        there, whole = None, False
    if there is not None and not there.lost:
        _sent(text, there.sid, services)
    elif there is not None:
        _settle(text, verdict(status=None, code=there.code), services)
    elif whole:
        _settle(text, Verdict.LATER, services)
    elif text.tried_at is not None and at >= text.tried_at + TELLS_WITHIN:
        _leave_unsure(text, services)


def hear(
    id: TextId, sid: CarrierTextId, services: Services, *, lost: bool, code: int | None
) -> None:
    """What the carrier says of a text that it took; twice, late or out of order changes nothing."""
    at = services.now()
    with services.store.writing() as tx:
        text = tx.texts.find(id)
        if text is None:
            return
        if not lost:
            tx.texts.hear(id, sid, State.SENT, {"sid": sid, "sent_at": at})
            return
        why = verdict(status=None, code=code)
        to = outcome(text, why, at=at)
        if tx.texts.hear(id, sid, to.state, _facts(to)):
            log.warning("text %s was lost on its way: %s, %s", id, code, to.state)
            _heed_stop(text, why, tx, at=at)


def sweep(services: Services) -> None:
    """Every few seconds: what is due or in doubt is rung for, what is too late is dropped."""
    at = services.now()
    with services.store.writing() as tx:
        dropped = tx.texts.drop_expired(at=at)
        due, doubted = tx.texts.take_due(at=at), tx.texts.take_doubted(at=at)
    if dropped:
        log.error("%d texts were dropped: they could not be sent in time", dropped)
    for id in due:
        services.bell.ring("texts.send", id)
    for id in doubted:
        services.bell.ring("texts.verify", id)


def now(tx: Transaction, services: Services) -> Now:
    """How texts stand: counts only."""
    return Now(*tx.texts.standing(_today(services)), services.caps.per_day)


def _is_moot(text: Text, tx: Transaction) -> bool:
    """Whether it reminds of something that is over or planned otherwise; then it is dropped."""
    id = callback_in(text)
    return id is not None and is_moot(text, tx.callbacks.find(id)) and tx.texts.drop_moot(text)


def _refusal(text: Text, tx: Transaction, services: Services) -> Reason | None:
    if services.sender is None:
        return Reason.NO_SENDER
    if not is_mobile(text.number, fiction=services.fiction):
        return Reason.NOT_MOBILE
    today, caps = _today(services), services.caps.of(text.kind)
    if tx.texts.add(text, caps, today=today):
        return None
    why = tx.texts.why_not(text, caps, today=today)
    if why is Reason.DAY_CAP:
        _sound_alarms(tx, services)  # nothing was taken in since the cap was lowered, perhaps
    return why


def _sound_alarms(tx: Transaction, services: Services) -> None:
    """Say once a day that so much of its cap is used."""
    at, today, cap = services.now(), _today(services), services.caps.per_day
    count = tx.texts.count(today)
    for each in alarms(count, cap):
        if tx.marks.move(f"texts.cap.{each}", to=at, if_before=today):
            log.error("%d %% of today's cap of %d texts is used", each, cap)


def _take(id: TextId, services: Services) -> Text | None:
    """Take a text to send it now; one that must not be sent any more is dropped."""
    at = services.now()
    if services.sender is None:
        return None
    with services.store.writing() as tx:
        text = tx.texts.find(id)
        if text is None or tx.texts.drop(text, at=at) or _is_moot(text, tx):
            return None
        return tx.texts.claim(text, services.caps, today=_today(services), at=at)


def _look_up(text: Text, services: Services) -> tuple[TextThere | None, bool]:
    """The text as the carrier has it, none of another's; and whether its silence is an answer."""
    assert text.tried_at is not None
    listed = services.carrier.texted(text.number, text.body, since=text.tried_at - SKEW)
    with services.store.reading() as tx:
        others = tx.texts.others(text, [each.sid for each in listed.texts])
    found = (each for each in listed.texts if each.sid not in others)
    return next(found, None), listed.whole


def _sent(text: Text, sid: CarrierTextId, services: Services) -> None:
    with services.store.writing() as tx:
        tx.texts.settle(text, State.SENT, {"sid": sid, "sent_at": services.now()})


def _settle(text: Text, why: Verdict, services: Services) -> None:
    at = services.now()
    to = outcome(text, why, at=at)
    with services.store.writing() as tx:
        tx.texts.settle(text, to.state, _facts(to))
        _heed_stop(text, why, tx, at=at)


def _facts(to: Outcome) -> dict[str, object]:
    if to.due_at is None:
        return {"reason": to.reason}
    return {"due_at": to.due_at, "sid": None, "sent_at": None}


def _heed_stop(text: Text, why: Verdict, tx: Transaction, *, at: datetime) -> None:
    """They told the carrier itself: then we know it too."""
    if why is Verdict.STOPPED and tx.stops.note(text.number, at=at):
        log.info("a number said STOP to the carrier")


def _leave_unsure(text: Text, services: Services) -> None:
    again = services.now() + LOOKED_UP_EVERY
    with services.store.writing() as tx:
        if tx.texts.leave_unsure(text, until=again) and text.state is State.SENDING:
            log.error("text %s may have been sent or not: to be verified", text.id)


def _today(services: Services) -> datetime:
    return midnight_before(services.now(), services.lines[0].hours.zone)
