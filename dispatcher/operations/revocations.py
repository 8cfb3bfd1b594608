"""Whoever writes RETIRER MANDAT takes back what was given with their telephone, at once.

A number proves nobody; what somebody else could do so is that nothing is done any more in a
person's place, of which their house is told.
"""

from __future__ import annotations

from collections.abc import Mapping

from dispatcher.domain.grants import End
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.revocations import asks_to_revoke
from dispatcher.operations import mandates
from dispatcher.operations.services import Services


def heed(
    number: PhoneNumber, text: str, services: Services
) -> tuple[str, Mapping[str, str]] | None:
    """Revoke, and say so; None when they ask for something else. Two persons who share a telephone
    are told to ring: it is not known who writes.
    """
    if not asks_to_revoke(text):
        return None
    at = services.now()
    with services.store.writing() as tx:
        held = [each for each in tx.mandates.of_number(number) if each.state(at).holds]
        if len({each.person.folded for each in held if each.person is not None}) > 1:
            return "sms.mandate_whose", {}
        for each in held:
            mandates.ended(each, End.REVOKED, tx, services, by="text")
    return ("sms.mandate_revoked" if held else "sms.mandate_none"), {}
