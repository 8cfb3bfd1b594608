"""Hastening takes a matched caller out of the queue; whatever the carrier says, nothing is lost."""

import pytest

from dispatcher.domain.calls import Call, Step
from dispatcher.domain.offers import Offer
from dispatcher.operations import calls, hastening, offers
from dispatcher.operations.waiting import wait
from tests.operations.desk import QUEUE, Desk, rung
from tests.operations.wire import CREATED, error
from tests.people import INES

ANSWERS = [CREATED, error(404, 20404), error(429), error(400), error(500), ConnectionError("cut")]


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    return small_desk


def matched(desk: Desk) -> tuple[Call, Offer]:
    """Somebody in the queue for whom Ines was taken."""
    [ines] = desk.has(INES)
    call = desk.waits()
    plan = offers.plan_for(call, desk.services)
    desk.services.board.wait(call.sid, plan, since=desk.at, at=desk.at)
    offers.rematch(ines, desk.services)
    return call, desk.only_offer()


def test_that_member_of_the_queue_is_taken_out_and_never_the_call_redirected(desk: Desk) -> None:
    call, offer = matched(desk)

    hastening.hasten(offer.id, desk.services)

    [asked] = desk.wire.asked
    assert asked.path == f"Queues/{QUEUE}/Members/{call.sid}.json"
    assert asked.fields["Url"].endswith(f"/voice/offers/{offer.id}/dial")


@pytest.mark.parametrize("answer", ANSWERS)
def test_whatever_the_carrier_says_the_next_fetch_delivers_the_offer(
    desk: Desk, answer: object
) -> None:
    call, offer = matched(desk)
    desk.wire.will(answer)  # type: ignore[arg-type]

    hastening.hasten(offer.id, desk.services)

    assert desk.only_offer() == offer
    assert desk.call(call.sid).step is Step.OFFERED
    assert "Leave" in repr(wait(call.sid, QUEUE, desk.services))
    assert rung(calls.left(call.sid, "leave", desk.services)) == INES.number


def test_an_offer_that_already_rings_is_hastened_no_more(desk: Desk) -> None:
    _, offer = matched(desk)
    desk.rings(offer.id)

    hastening.hasten(offer.id, desk.services)

    assert desk.wire.asked == []


def test_a_caller_who_has_gone_is_hastened_no_more(desk: Desk) -> None:
    call, offer = matched(desk)
    calls.hang_up(call.sid, desk.services)

    hastening.hasten(offer.id, desk.services)

    assert desk.wire.asked == []


def test_a_conversation_is_never_touched(desk: Desk) -> None:
    call, offer = matched(desk)
    with desk.services.store.writing() as tx:  # its ringing was never told
        now = desk.call(call.sid)
        assert tx.calls.save(now.talks(), over=now, at=desk.at)

    hastening.hasten(offer.id, desk.services)

    assert desk.wire.asked == []
