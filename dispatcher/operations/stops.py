"""STOP and START: what somebody writes to us of our texts is heeded at once, for good."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.stops import Wish, wish
from dispatcher.operations.services import Services
from dispatcher.store.store import Store

log = logging.getLogger(__name__)

_SAID: Final = {None: "sms.reply", Wish.STOP: "sms.stopped", Wish.START: "sms.resumed"}


def heed(number: PhoneNumber, text: str, services: Services) -> tuple[str, bool]:
    """Heed what this text asks of our texts.

    Which sentence answers it, and whether that confirms a STOP: the last one they get.
    """
    asked = wish(text)
    if asked is not None:
        with services.store.writing() as tx:
            if asked is Wish.STOP:
                tx.stops.note(number, at=services.now())
            else:
                tx.stops.undo(number)
    return _SAID[asked], asked is Wish.STOP


def held(store: Store) -> Callable[[PhoneNumber], bool]:
    """Whether a number said STOP, asked of SQL every time. Raises SQLAlchemyError."""

    def holds(number: PhoneNumber) -> bool:
        with store.reading() as tx:
            return tx.stops.holds(number)

    return holds


def held_if_known(store: Store) -> Callable[[PhoneNumber], bool]:
    """The same, for answers: whoever writes to us while SQL is away is told whom to ring."""
    asked = held(store)

    def holds(number: PhoneNumber) -> bool:
        try:
            return asked(number)
        except SQLAlchemyError as error:
            log.warning("who said STOP is not known now: %s", type(error).__name__)
            return False

    return holds
