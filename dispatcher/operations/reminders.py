"""What is texted of a callback: reminders while it is planned, the last word when it is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from dispatcher.domain.callbacks import Callback
from dispatcher.domain.numbers import in_pairs
from dispatcher.domain.reminders import matter, reminders
from dispatcher.domain.schedule import local
from dispatcher.domain.texts import Kind
from dispatcher.operations import texts, windows
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

USEFUL_FOR: Final = timedelta(hours=12)
"""How long the last word is worth sending."""


def plan(callback: Callback, tx: Transaction, services: Services) -> None:
    """Take in the reminders of a callback, in the transaction that plans it.

    Those of another plan are left where they are: they are looked at when they are sent.
    """
    line, zone = services.line(callback.line), windows.hours_for(callback, services).zone
    for reminder in reminders(callback, at=services.now()):
        texts.queue(
            tx,
            services,
            kind=reminder.kind,
            number=callback.number,
            about=matter(callback),
            words={
                "hour": f"{local(callback.due_at, zone):%Hh%M}",
                "shown": in_pairs(line.caller_id),
                "link": services.links.to_change(callback.id),
                "number": in_pairs(line.public_number),
            },
            due_at=reminder.due_at,
            expires_at=reminder.expires_at,
        )


def close(callback: Callback, tx: Transaction, services: Services) -> None:
    """Say that we tried as often as we do, and how to ask again."""
    number = in_pairs(services.line(callback.line).public_number)
    texts.queue(
        tx,
        services,
        kind=Kind.CALLBACK_CLOSED,
        number=callback.number,
        about=callback.id,
        words={"number": number},
        expires_at=services.now() + USEFUL_FOR,
    )
