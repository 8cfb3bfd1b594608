"""Coming in by another service that vouches for people: nobody is made an account by it."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from dispatcher.carrier.identity import Identity, Provider
from dispatcher.domain.floods import SIGN_INS_OF_ADDRESS
from dispatcher.domain.users import How, User, email
from dispatcher.operations import proofs, sessions
from dispatcher.operations.services import Services
from dispatcher.operations.sign_ins import Opened
from dispatcher.store.attempts import Attempt
from dispatcher.store.store import Transaction

log = logging.getLogger(__name__)

BACK_WITHIN: Final = timedelta(minutes=10)


def begin(
    provider: Provider, back: str, address: str | None, services: Services
) -> tuple[str, str] | None:
    """Where to send somebody, and the state that their browser keeps; None when that was asked too
    often. ``back``: the page they asked for. Raises IdentityError.
    """
    at = services.now()
    with services.store.writing() as tx:
        if address is not None and not tx.allowances.spend(SIGN_INS_OF_ADDRESS, address, at=at):
            return None
    begun = provider.begin()
    attempt = Attempt(begun.nonce, begun.verifier, back)
    with services.store.writing() as tx:
        tx.attempts.add(proofs.hashed(begun.state), attempt, until=at + BACK_WITHIN)
    return begun.url, begun.state


def claim(state: str, services: Services) -> Attempt | None:
    """What was begun with this state, once; None for nothing, or too long ago."""
    with services.store.writing() as tx:
        return tx.attempts.claim(proofs.hashed(state), at=services.now())


def enter(identity: Identity, provider: Provider, services: Services) -> Opened | None:
    """Sign in whom the provider vouches for; None when they have no account here."""
    subject = f"{provider.issuer} {identity.subject}"
    with services.store.writing() as tx:
        user = _user(identity, subject, tx)
        if user is None or user.disabled_at is not None or not user.grants:
            log.warning("somebody without an account came from the identity provider")
            return None
        if not tx.users.bind(user.id, subject):
            log.warning("an account came from the identity provider as another person")
            return None
        return sessions.begin(tx, user, How.PROVIDER, services, proven=True, hint=identity.hint)


def _user(identity: Identity, subject: str, tx: Transaction) -> User | None:
    known = tx.users.of_subject(subject)
    address = email(identity.email)
    return known or (None if address is None else tx.users.of_email(address))
