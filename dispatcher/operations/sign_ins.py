"""Signing in: by a link, or by a password and a telephone's code.

A known e-mail and an unknown one are answered alike: what is asked is noted and answered later, by
the clock; a password is compared in any case. Limits are counted in SQL by what was typed.
"""

from __future__ import annotations

import logging
from secrets import token_hex
from typing import Final

from dispatcher.domain.floods import (
    CODES_OF_ACCOUNT,
    LINKS_OF_ACCOUNT,
    PASSWORDS_OF_ACCOUNT,
    SIGN_INS_OF_ADDRESS,
    Allowance,
)
from dispatcher.domain.users import LINK_HOLDS, Email, How, LinkKind, Stage, User
from dispatcher.operations import proofs, sessions, user_links
from dispatcher.operations.services import Services
from dispatcher.operations.sessions import SignedIn
from dispatcher.store.store import Transaction

log = logging.getLogger(__name__)

Opened = tuple[str, Stage]
"""What opens a session, and how far its person has come."""
ANSWERED_WITHIN: Final = LINK_HOLDS[LinkKind.ASKED]


def ask_link(email: Email, address: str | None, services: Services) -> bool:
    """Note that a link is asked for; False when that was asked too often. Never whether it is
    known.
    """
    at = services.now()
    with services.store.writing() as tx:
        if not _may_try(tx, LINKS_OF_ACCOUNT, email, address, services):
            return False
        tx.sign_in_links.request(token_hex(12), email, at=at)
    return True


def answer_asked(services: Services) -> None:
    """Every second: who is known gets their link, in a mail."""
    since = services.now() - ANSWERED_WITHIN
    with services.store.reading() as tx:
        asked = tx.sign_in_links.requested(since=since)
    for id in asked:
        _answer(id, services)


def use_link(token: str, address: str | None, services: Services) -> Opened | None:
    """Sign in by a link, once; None when it is no good (any more)."""
    with services.store.writing() as tx:
        if address is not None and not tx.allowances.spend(
            SIGN_INS_OF_ADDRESS, address, at=services.now()
        ):
            return None
        id = tx.sign_in_links.claim(proofs.hashed(token), at=services.now())
        user = None if id is None else tx.users.find(id)
        if user is None or not user.grants:  # who is nobody here has nothing to do here
            return None
        return sessions.begin(tx, user, How.LINK, services)


def give_password(
    email: Email, password: str, address: str | None, services: Services
) -> Opened | bool:
    """Sign in by a password: what opens the session. False when it is wrong, or of nobody; True
    when it was tried too often.
    """
    with services.store.writing() as tx:
        if not _may_try(tx, PASSWORDS_OF_ACCOUNT, email, address, services):
            return True
        user = tx.users.of_email(email)
        kept = None if user is None else tx.proofs.password(user.id)
    right = proofs.is_password(password, kept)
    if user is None or not right or not _comes_in(user):
        log.warning("a wrong password was given to sign in")
        return False
    with services.store.writing() as tx:
        # While it was compared another may have been set.
        same = tx.proofs.password(user.id) == kept
        return same and sessions.begin(tx, user, How.PASSWORD, services)


def give_code(who: SignedIn, code: str, services: Services) -> str | bool:
    """Give the telephone's code, or one on paper: what opens the whole session, in place of the
    first. False when it is wrong or was used; True when it was tried too often.
    """
    with services.store.writing() as tx:
        if not tx.allowances.spend(CODES_OF_ACCOUNT, who.user.id, at=services.now()):
            return True
        if not is_code(tx, who.user, code, services):
            log.warning("a wrong code was given to sign in")
            return False
        if not tx.sessions.end(who.hash):  # signed out meanwhile
            return False
        token, _ = sessions.begin(
            tx, who.user, who.session.how, services, proven=True, hint=who.session.hint
        )
    return token


def is_code(tx: Transaction, user: User, code: str, services: Services) -> bool:
    """Use a code up: one of the telephone's whose time is later than that of any used before, or
    one on paper.
    """
    typed = "".join(code.split())
    if typed.isascii() and typed.isdigit():
        key = tx.proofs.code_key(user.id)
        step = None if key is None else proofs.step_of(typed, key, at=services.now())
        return step is not None and tx.proofs.spend_step(user.id, step)
    return tx.proofs.spend_paper(user.id, proofs.hashed_paper(typed, user.id))


def _comes_in(user: User) -> bool:
    """Whether a password is enough to be asked for a code."""
    return user.disabled_at is None and user.has_code and bool(user.grants)


def _may_try(
    tx: Transaction, allowance: Allowance, email: Email, address: str | None, services: Services
) -> bool:
    at = services.now()
    if address is not None and not tx.allowances.spend(SIGN_INS_OF_ADDRESS, address, at=at):
        return False
    return tx.allowances.spend(allowance, email, at=at)


def _answer(id: str, services: Services) -> None:
    with services.store.writing() as tx:
        taken = tx.sign_in_links.take(id)
        user = None if taken is None else tx.users.of_email(taken[0])
        if taken is None or user is None or user.disabled_at is not None:
            return
        until = taken[1] + LINK_HOLDS[LinkKind.ASKED]
        mail = user_links.mail(tx, user, LinkKind.ASKED, services, until=until)
    user_links.prompt(mail, services)
