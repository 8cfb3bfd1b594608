"""Whoever writes RETIRER MANDAT, or keys it on a call, takes back what was given with their
telephone, at once.

A number proves nobody; what somebody else could do so is that nothing is done any more in a
person's place, of which their house is told.
"""

from __future__ import annotations

from collections.abc import Mapping

from dispatcher.domain.calls import Call, Step
from dispatcher.domain.grants import End
from dispatcher.domain.mandates import Mandate
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.prompts import NOTHING_GIVEN, Given
from dispatcher.domain.questions import REVOKED
from dispatcher.domain.revocations import asks_to_revoke
from dispatcher.operations import mandates
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction


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


def given(call: Call, services: Services) -> tuple[int, ...]:
    """Which of the mandates of this caller's number hold, where they are asked about them."""
    if call.step not in {Step.NEED, Step.MANDATE}:
        return ()
    at = services.now()
    with services.store.reading() as tx:
        return tuple(i for i, each in enumerate(_all(call, tx)) if each.state(at).holds)


def told(call: Call, services: Services) -> Given:
    """What they are told of them; of the one read out, its house and what of it holds."""
    holding, at = given(call, services), services.now()
    if call.step is not Step.MANDATE:
        return Given(any=True) if holding else NOTHING_GIVEN
    with services.store.reading() as tx:
        read = _all(call, tx)[call.page : call.page + 1]
        houses = [mandates.house_of(each, tx) for each in read]
    if not read:
        return NOTHING_GIVEN
    grants = [each for each in read[0].grants if each.holds(at)]
    return Given(bool(holding), houses[0], tuple(each.procedure for each in grants))


def by_key(moved: Call, over: Call, tx: Transaction, services: Services) -> None:
    """They keyed that the one read out is taken back: in the same step as their call goes on."""
    if over.step is not Step.MANDATE or moved.step is not Step.NEED or moved.page != REVOKED:
        return
    for each in _all(over, tx)[over.page : over.page + 1]:
        mandates.ended(each, End.REVOKED, tx, services, by="key")


def _all(call: Call, tx: Transaction) -> list[Mandate]:
    """All of this number's, oldest first: the place of each is its own, whatever comes after."""
    return [] if call.number is None else tx.mandates.of_number(call.number)[::-1]
