"""Sessions: SQL says who is signed in where, on every page anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from typing import Final

from dispatcher.domain.agents import AgentId
from dispatcher.domain.roles import Act, allows
from dispatcher.domain.users import CODE_WITHIN, How, Session, Stage, User, UserId
from dispatcher.operations import proofs
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

SEEN_EVERY: Final = timedelta(minutes=1)
"""A page asked for is noted so often at most: pages mostly read, and do not wait for writers."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody in a browser. ``hash``: of what the browser shows."""

    user: User
    session: Session
    hash: str


def begin(
    tx: Transaction,
    user: User,
    how: How,
    services: Services,
    *,
    proven: bool = False,
    hint: str | None = None,
) -> tuple[str, Stage]:
    """Begin a session: what opens it, and whether a code is still asked for.

    It is, of whoever has one, unless it is ``proven`` already.
    """
    at, token = services.now(), proofs.token()
    stage = Stage.IN if proven or not user.has_code else Stage.CODE
    lasts = services.lifetimes.whole if stage is Stage.IN else CODE_WITHIN
    session = Session(token_hex(12), user.id, stage, how, at, at, at + lasts, hint)
    tx.sessions.add(proofs.hashed(token), session)
    return token, stage


def find(token: str, services: Services) -> SignedIn | None:
    """Who shows this, with their roles as they are now; None for nobody."""
    if not token:
        return None
    at, hash = services.now(), proofs.hashed(token)
    with services.store.reading() as tx:
        session = tx.sessions.find(hash, services.lifetimes, at=at)
        user = None if session is None else tx.users.find(session.user)
    if session is None or user is None:
        return None
    if at - session.seen_at >= SEEN_EVERY:
        with services.store.writing() as tx:
            if not tx.sessions.touch(hash, at=at):
                return None
    return SignedIn(user, session, hash)


def end(token: str, services: Services) -> None:
    """Sign out of this browser. Twice does no harm."""
    with services.store.writing() as tx:
        tx.sessions.end(proofs.hashed(token))


def end_one(id: str, of: UserId, services: Services) -> bool:
    """Sign out of another browser of one's own; False when there is no such session of theirs."""
    with services.store.writing() as tx:
        return tx.sessions.end_one(id, of=of)


def end_all(of: UserId, services: Services) -> int:
    """Sign out everywhere; of how many browsers."""
    with services.store.writing() as tx:
        return tx.sessions.end_all(of)


def at_desks(ids: Collection[str], services: Services) -> dict[str, AgentId]:
    """Of these sessions those that go on and whose person may answer at a desk, as SQL says now:
    which agent that is. Three statements, however many they are.
    """
    at = services.now()
    with services.store.reading() as tx:
        going_on = tx.sessions.going_on(ids, services.lifetimes, at=at)
        people = {user.id: user for user in tx.users.those(set(going_on.values()))}
    return {
        id: user.agent
        for id, of in going_on.items()
        if (user := people.get(of)) is not None
        and user.agent is not None
        and allows(user.grants, Act.DESK)
    }


def of(user: UserId, services: Services) -> list[Session]:
    """Where somebody is signed in."""
    with services.store.reading() as tx:
        return tx.sessions.of(user, services.lifetimes, at=services.now())
