"""A partner's program that posts one request by many hands at once."""

from dataclasses import replace
from functools import partial

from dispatcher.domain.agents import Need
from dispatcher.domain.partners import asked_under
from dispatcher.domain.requests import Request
from dispatcher.operations import partners
from dispatcher.operations.partners import Asked, Refused
from tests.hands import hands
from tests.operations.desk import ORCIERES, Desk, number

ROSE = Request(number(77), ORCIERES, Need.PROCEDURES, "Rose")
ID = asked_under("ccas-gap", "1")


def asks(desk: Desk, request: Request) -> Asked | Refused:
    return partners.ask(request, ID, "ccas-gap", desk.services.lines[0], desk.services)


def owed(desk: Desk) -> list[str]:
    with desk.services.store.reading() as tx:
        return [each.id for each in tx.callbacks.owed()]


def test_one_request_posted_by_many_hands_at_once_is_one_callback(desk: Desk) -> None:
    with hands() as together:
        answers = together([partial(asks, desk, ROSE)] * 6)

    assert {each.callback.id for each in answers} == {ID}
    assert owed(desk) == [ID]


def test_of_two_requests_under_one_key_at_once_one_is_kept_and_the_others_are_told_so(
    desk: Desk,
) -> None:
    other = replace(ROSE, number=number(78))

    with hands() as together:
        answers = together([partial(asks, desk, each) for each in (ROSE, other) * 3])

    assert owed(desk) == [ID]
    refused = [each for each in answers if each is Refused.REUSED]
    assert len(refused) == 3
