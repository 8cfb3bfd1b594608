"""A text to whoever is promised a callback on a mobile: with the link to move or cancel it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from dispatcher.domain import cases
from dispatcher.domain.callbacks import Callback
from dispatcher.domain.numbers import in_pairs
from dispatcher.domain.texts import Kind, TextId
from dispatcher.operations import texts
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

USEFUL_FOR: Final = timedelta(hours=2)


def confirm(callback: Callback, tx: Transaction, services: Services) -> TextId | None:
    """Take in the text that confirms a callback, in the transaction that keeps it; one for each
    callback and number. None where none will be sent, as to a landline.

    It proves nothing of whoever asked: the link goes to whose telephone it is.
    """
    line = services.line(callback.line)
    return texts.queue(
        tx,
        services,
        kind=Kind.CALLBACK_KEPT,
        number=callback.number,
        about=callback.id,
        words={
            "code": cases.shown(tx.cases.code(callback.id)),
            "link": services.links.to_change(callback.id),
            "number": in_pairs(line.public_number),
        },
        expires_at=services.now() + USEFUL_FOR,
    )
