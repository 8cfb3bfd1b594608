"""Links to sign in with: made for somebody, and sent to them by e-mail or shown to an operator."""

from __future__ import annotations

from datetime import datetime

from dispatcher.domain.mails import Address, Kind, MailId
from dispatcher.domain.users import LINK_HOLDS, LinkKind, User
from dispatcher.operations import mails, proofs
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

_MAILS = {LinkKind.ASKED: Kind.SIGN_IN, LinkKind.INVITED: Kind.INVITATION}


def make(
    tx: Transaction,
    user: User,
    kind: LinkKind,
    services: Services,
    *,
    until: datetime | None = None,
) -> str:
    """The address of a new link for somebody, which nothing but this answer holds."""
    token = proofs.token()
    until = until or services.now() + LINK_HOLDS[kind]
    tx.sign_in_links.add(proofs.hashed(token), user.id, kind, until=until)
    return f"{services.links.address}/connexion/lien/{token}"


def mail(
    tx: Transaction,
    user: User,
    kind: LinkKind,
    services: Services,
    *,
    until: datetime | None = None,
) -> MailId | None:
    """Take in a mail with a new link. Ring for it (``prompt``) after the transaction."""
    until = until or services.now() + LINK_HOLDS[kind]
    link = make(tx, user, kind, services, until=until)
    subject, body = _words(_MAILS[kind], services)
    return mails.queue(
        tx,
        services,
        kind=_MAILS[kind],
        to=Address(user.email),
        about=proofs.hashed(link)[:24],
        subject=subject,
        body=body.format(link=link),
        expires_at=until,
    )


def prompt(id: MailId | None, services: Services) -> None:
    """Have a mail sent soon, once its transaction is over."""
    mails.prompt([id], services)


def _words(kind: Kind, services: Services) -> tuple[str, str]:
    return services.mails[f"{kind}.subject"], services.mails[f"{kind}.body"]
