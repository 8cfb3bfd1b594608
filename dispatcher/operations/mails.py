"""Mails: taken in with what they are about, sent once by a job, never twice by guess.

SQL is the truth. RQ makes them prompt, and the sweep certain.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from secrets import token_hex

from dispatcher.carrier.mails import Letter, PostError
from dispatcher.domain.mails import (
    FIRST_WAIT,
    Address,
    Kind,
    Mail,
    MailId,
    Now,
    Outcome,
    State,
    Verdict,
    outcome,
)
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

log = logging.getLogger(__name__)


def queue(  # noqa: PLR0913  what a mail is
    tx: Transaction,
    services: Services,
    *,
    kind: Kind,
    to: Address,
    about: str,
    subject: str,
    body: str,
    expires_at: datetime,
) -> MailId | None:
    """Take in a mail, in the transaction of what it is about; None when there is one already.

    One for a kind, an address and a matter. Ring for it (``prompt``) after the transaction.
    """
    at = services.now()
    id = MailId(token_hex(12))
    mail = Mail(id, kind, to, subject, body, about, created_at=at, due_at=at, expires_at=expires_at)
    return id if tx.mails.add(mail) else None


def prompt(ids: Iterable[MailId | None], services: Services) -> None:
    """Have mails that were taken in sent soon, once their transaction is over."""
    for id in ids:
        if id is not None:
            services.bell.ring("mails.send", id)


def send(id: MailId, services: Services) -> None:
    """Send a mail, unless somebody else does, or it is too late.

    Whoever is killed leaves it with its lease: before the server had it, it waits again; after,
    nobody can tell, and it is « à vérifier ».
    """
    at = services.now()
    with services.store.writing() as tx:
        mail = tx.mails.claim(id, at=at)
    if mail is None:
        return
    letter = Letter(mail.id, mail.address, mail.subject, mail.body, at)
    try:
        taken = services.post.deliver(letter, handing=lambda: _hand(mail, services))
    except PostError as error:
        log.warning("mail %s was not taken: %s", id, error)
        _settle(mail, error.why, services)
        return
    if taken:
        with services.store.writing() as tx:
            tx.mails.settle(mail, State.SENT, {"sent_at": services.now()})


def sweep(services: Services) -> None:
    """Every few seconds: what is due is rung for, what is too late dropped, and what somebody died
    over waits again or is « à vérifier ».
    """
    at = services.now()
    with services.store.writing() as tx:
        unsure, _ = tx.mails.leave_unsure(at=at), tx.mails.give_back(at=at)
        dropped, due = tx.mails.drop_expired(at=at), tx.mails.take_due(at=at)
    if unsure:
        log.error("%d mails may have been sent or not: to be verified", unsure)
    if dropped:
        log.error("%d mails were dropped: they could not be sent in time", dropped)
    prompt(due, services)


def now(tx: Transaction, services: Services) -> Now:
    """How mails stand: counts only."""
    return tx.mails.standing(at=services.now())


def _hand(mail: Mail, services: Services) -> bool:
    with services.store.writing() as tx:
        return tx.mails.hand(mail, at=services.now())


def _settle(mail: Mail, why: Verdict, services: Services) -> None:
    to = outcome(mail, why, at=services.now())
    with services.store.writing() as tx:
        settled = tx.mails.settle(mail, to.state, _facts(to))
        if why is Verdict.LATER:  # texts wait for this worker too
            tx.mails.hold_back(until=services.now() + FIRST_WAIT)
    if settled and to.state in {State.UNSURE, State.FAILED}:
        log.error("mail %s: %s", mail.id, to.state)


def _facts(to: Outcome) -> dict[str, object]:
    return {"reason": to.reason} if to.due_at is None else {"due_at": to.due_at}
