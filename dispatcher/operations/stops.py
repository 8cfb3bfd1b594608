"""STOP and START: what somebody writes to us of our texts is heeded at once, for good."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from dispatcher.carrier.forms import Written
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.stops import Wish, wish
from dispatcher.operations.services import Services
from dispatcher.store.spool import Spool
from dispatcher.store.store import Store

log = logging.getLogger(__name__)

_SAID: Final = {None: "sms.reply", Wish.STOP: "sms.stopped", Wish.START: "sms.resumed"}


def heed(written: Written, spool: Spool, services: Services) -> tuple[str, bool]:
    """Heed what this text asks of our texts.

    Which sentence answers it, and whether that confirms a STOP: the last one they get. A STOP that
    SQL cannot take now is kept in the spool.
    """
    assert written.number is not None
    asked = wish(written.text)
    if asked is Wish.STOP:
        try:
            _note(written.number, services.now(), services)
        except SQLAlchemyError as error:
            log.warning("a STOP is kept in the spool: %s", type(error).__name__)
            spool.put(written.sid, written.called, written.number)
    elif asked is Wish.START:
        with services.store.writing() as tx:
            tx.stops.undo(written.number)
    return _SAID[asked], asked is Wish.STOP


def replay(spool: Spool, services: Services) -> None:
    """Note every STOP of the spool."""
    for entry in spool.entries():
        _note(entry.number, entry.at, services)
        spool.done(entry)
        log.warning("a STOP said during an outage is noted now")


def _note(number: PhoneNumber, at: datetime, services: Services) -> None:
    with services.store.writing() as tx:
        tx.stops.note(number, at=at)


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
