"""One's own account: a telephone that makes codes, codes on paper, a password.

What changes how somebody signs in ends their other sessions, in the same transaction.
"""

from __future__ import annotations

from dispatcher.domain.users import UserId
from dispatcher.operations import proofs
from dispatcher.operations.services import Services
from dispatcher.operations.sessions import SignedIn


def propose_code(id: UserId, services: Services) -> None:
    """Make a key for a telephone, which counts once a code proves that it is there."""
    key = proofs.new_code_key()
    with services.store.writing() as tx:
        tx.proofs.propose(id, key)


def proposed(id: UserId, services: Services) -> str | None:
    """The key that waits for its first code."""
    with services.store.reading() as tx:
        return tx.proofs.next_code_key(id)


def enrol_code(who: SignedIn, code: str, services: Services) -> tuple[str, ...] | None:
    """A first code of the new key: from now on codes are asked for, and these on paper stand in for
    them. None when it is wrong.
    """
    papers, typed = proofs.new_papers(), "".join(code.split())
    with services.store.writing() as tx:
        key = tx.proofs.next_code_key(who.user.id)
        step = None if key is None else proofs.step_of(typed, key, at=services.now())
        if step is None or not tx.proofs.enrol(who.user.id, step=step):
            return None
        tx.proofs.replace_paper(who.user.id, _hashes(papers, who.user.id))
        tx.sessions.end_all(who.user.id, but=who.hash)
    return papers


def new_papers(who: SignedIn, services: Services) -> tuple[str, ...]:
    """Other codes on paper; those before are worth nothing."""
    papers = proofs.new_papers()
    with services.store.writing() as tx:
        tx.proofs.replace_paper(who.user.id, _hashes(papers, who.user.id))
    return papers


def papers_left(id: UserId, services: Services) -> int:
    """How many codes on paper were not used."""
    with services.store.reading() as tx:
        return tx.proofs.papers(id)


def set_password(who: SignedIn, password: str, services: Services) -> None:
    """Keep another password."""
    hash = proofs.hash_password(password)
    with services.store.writing() as tx:
        tx.proofs.set_password(who.user.id, hash)
        tx.sessions.end_all(who.user.id, but=who.hash)


def _hashes(papers: tuple[str, ...], id: UserId) -> list[str]:
    return [proofs.hashed_paper(each, id) for each in papers]
