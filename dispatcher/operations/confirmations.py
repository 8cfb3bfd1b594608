"""What confirms a callback or an inquiry: a text to a mobile, or a mail, with the link to change
it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from dispatcher.domain import cases
from dispatcher.domain.callbacks import Callback
from dispatcher.domain.floods import MAILS_KEPT
from dispatcher.domain.mails import Address, MailId
from dispatcher.domain.mails import Kind as MailKind
from dispatcher.domain.numbers import in_pairs
from dispatcher.domain.replies import Reply
from dispatcher.domain.texts import Kind, TextId
from dispatcher.operations import mails, texts
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

USEFUL_FOR: Final = timedelta(hours=2)


def confirm(callback: Callback, tx: Transaction, services: Services) -> TextId | None:
    """Take in the text that confirms a callback, in the transaction that keeps it; one for each
    callback and number. None where none will be sent, as to a landline.

    It proves nothing of whoever asked: the link goes to whose telephone it is.
    """
    if callback.reply is Reply.MAIL:
        return None
    line = services.line(callback.line)
    return texts.queue(
        tx,
        services,
        kind=Kind.INQUIRY_KEPT if callback.reply is Reply.TEXT else Kind.CALLBACK_KEPT,
        number=callback.number,
        about=callback.id,
        words={
            "code": cases.shown(tx.cases.code(callback.id)),
            "link": services.links.to_change(callback.id),
            "number": in_pairs(line.public_number),
        },
        expires_at=services.now() + USEFUL_FOR,
    )


def write(
    callback: Callback, to: Address | None, tx: Transaction, services: Services
) -> MailId | None:
    """The same by e-mail, to whoever asked for an answer there: so many a day to one address.

    Anybody can write anybody's address in a form: nothing that was written there is in the mail.
    """
    if to is None or not tx.allowances.spend(MAILS_KEPT, to.casefold(), at=callback.asked_at):
        return None
    words = {
        "link": services.links.to_change(callback.id),
        "number": in_pairs(services.line(callback.line).public_number),
    }
    return mails.queue(
        tx,
        services,
        kind=MailKind.INQUIRY_KEPT,
        to=to,
        about=callback.id,
        subject=services.mails["inquiry.kept.subject"],
        body=services.mails["inquiry.kept.body"].format_map(words),
        expires_at=services.now() + USEFUL_FOR,
    )
