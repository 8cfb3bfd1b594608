"""Accounts: made by an operator, for agents of the directory or anybody; never by asking for one.

Whatever takes something from somebody ends their sessions, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from secrets import token_hex

from dispatcher.domain.agents import AgentId
from dispatcher.domain.cells import Status
from dispatcher.domain.mails import MailId
from dispatcher.domain.roles import Act, Grant, Place, Role, allows
from dispatcher.domain.territories import Territory
from dispatcher.domain.users import Email, LinkKind, User, UserId, email
from dispatcher.operations import mails, user_links
from dispatcher.operations.services import Services
from dispatcher.store.agents import Invitee
from dispatcher.store.store import Transaction


def create(address: Email, grant: Grant, services: Services) -> str | None:
    """Make an account: the link to begin with; None when this e-mail has one."""
    with services.store.writing() as tx:
        agent = tx.agents.by_email().get(address)
        user = _new(address, grant, services, agent)
        if not tx.users.add(user):
            return None
        return user_links.make(tx, user, LinkKind.INVITED, services)


def invite(services: Services, *, dry_run: bool = False) -> tuple[int, int]:
    """Make an account for every agent who has an e-mail and none, and write to them. How many were
    invited, and how many had an account under their e-mail that is theirs as an agent from now on.
    """
    with services.store.writing() as tx:
        invitees = [*_without_account(tx)]
        known = [each for each in invitees if tx.users.of_email(each[0]) is not None]
        new = [each for each in invitees if each not in known]
        queued: list[MailId | None] = []
        if not dry_run:
            for address, invitee in known:
                _join(address, invitee, tx)
            queued += [_invite(*each, tx, services) for each in new]
    mails.prompt(queued, services)
    return len(new), len(known)


def link(address: Email, services: Services, *, without_code: bool = False) -> str | None:
    """Another link for somebody; ``without_code`` they lost their telephone, and password and codes
    are forgotten. None when there is no such account, or it is kept out.
    """
    with services.store.writing() as tx:
        user = tx.users.of_email(address)
        if user is None or user.disabled_at is not None:
            return None
        if without_code:
            tx.proofs.forget(user.id)
            tx.sessions.end_all(user.id)
        return user_links.make(tx, user, LinkKind.INVITED, services)


def disable(address: Email, services: Services, *, undo: bool = False) -> bool:
    """Let somebody in no more, from now on; or again. False when nothing changed."""
    with services.store.writing() as tx:
        user = tx.users.of_email(address)
        if user is None:
            return False
        if undo:
            return tx.users.enable(user.id)
        _put_out(user.id, tx)
        return tx.users.disable(user.id, at=services.now())


def grant(address: Email, given: Grant, services: Services) -> bool:
    """Give somebody a role; False when there is no such account."""
    with services.store.writing() as tx:
        user = tx.users.of_email(address)
        if user is None:
            return False
        tx.users.grant(user.id, given)
        tx.sessions.end_all(user.id)
    return True


def drop(address: Email, role: Role, services: Services) -> bool:
    """Take a role from somebody; False when they did not have it."""
    with services.store.writing() as tx:
        user = tx.users.of_email(address)
        if user is None or not tx.users.drop(user.id, role):
            return False
        tx.sessions.end_all(user.id)
    return True


def erase(address: Email, services: Services) -> bool:
    """Forget an account; False when there is none."""
    with services.store.writing() as tx:
        user = tx.users.of_email(address)
        return user is not None and forget(user.id, tx)


def forget(id: UserId, tx: Transaction) -> bool:
    """Forget an account with everything of it; False when there is none."""
    _put_out(id, tx)
    tx.proofs.forget(id)
    tx.alterations.unname(id)
    return tx.users.erase(id)


def everybody(services: Services) -> list[User]:
    """Every account, by e-mail."""
    with services.store.reading() as tx:
        return tx.users.all()


def of_structure(structure: str, services: Services) -> list[User]:
    """The accounts of a house, by e-mail."""
    with services.store.reading() as tx:
        return tx.users.of_structure(structure)


def agents_of(structure: str, services: Services) -> list[tuple[AgentId, str]]:
    """The agents of a house whom somebody can write to or ring, and what they are called."""
    with services.store.reading() as tx:
        return tx.agents.of_structure(structure)


def place(structure: str, services: Services) -> tuple[str, Place] | None:
    """What a house is called, and where it is; None when there is no such house."""
    with services.store.reading() as tx:
        found = tx.structures.named(structure)
    return None if found is None else (found[0], _place(structure, found[1], services))


def houses(grants: Iterable[Grant], act: Act, services: Services) -> list[tuple[str, str]]:
    """The ids and names of the houses with which these roles let somebody do this, by name."""
    grants = list(grants)
    with services.store.reading() as tx:
        every = tx.structures.all()
    return [
        (id, name) for id, name, code in every if allows(grants, act, _place(id, code, services))
    ]


def _place(structure: str, code: str, services: Services) -> Place:
    commune = services.atlas.commune(code)
    around: tuple[Territory, ...] = () if commune is None else services.atlas.around(commune)
    return Place(structure, frozenset(around))


def _put_out(id: UserId, tx: Transaction) -> None:
    tx.sessions.end_all(id)
    tx.sign_in_links.void(id)


def _new(address: Email, given: Grant, services: Services, agent: AgentId | None) -> User:
    id = UserId(token_hex(12))
    return User(id, address, services.now(), agent=agent, grants=(given,))


def _without_account(tx: Transaction) -> Iterator[tuple[Email, Invitee]]:
    taken = {user.agent for user in tx.users.all()}
    for invitee in tx.agents.with_email():
        address = email(invitee.email)
        if invitee.id not in taken and address is not None:
            yield address, invitee


def _granted(invitee: Invitee) -> Grant:
    volunteer = invitee.status == Status.VOLUNTEER
    return Grant(Role.VOLUNTEER if volunteer else Role.AGENT, invitee.structure)


def _join(address: Email, invitee: Invitee, tx: Transaction) -> None:
    user = tx.users.of_email(address)
    if user is not None and tx.users.link_agent(user.id, invitee.id):
        tx.users.grant(user.id, _granted(invitee))


def _invite(address: Email, invitee: Invitee, tx: Transaction, services: Services) -> MailId | None:
    user = _new(address, _granted(invitee), services, invitee.id)
    if not tx.users.add(user):
        return None
    return user_links.mail(tx, user, LinkKind.INVITED, services)
