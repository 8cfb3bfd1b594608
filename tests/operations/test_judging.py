"""What the end of an offer says of its agent: a pause, a number put aside, or nothing at all."""

import pytest

from dispatcher.domain.agents import AgentId, Aside
from dispatcher.domain.calls import CallSid
from dispatcher.domain.offers import End
from dispatcher.domain.texts import TextId
from dispatcher.operations import calls, legs, sweep, texts
from dispatcher.operations.waiting import wait
from tests.operations.desk import Desk, number, rung, sid
from tests.people import GUY, INES, LINE, MALO, MONA, NOE, ZOE, Helper


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    """What the store answers is held to on both databases by its own tests."""
    return small_desk


def misses(desk: Desk, *, ringing: bool = True, status: str = "no-answer") -> CallSid:
    """Somebody rings, nobody takes it, and they hang up."""
    call, _ = desk.asks()
    offer = desk.only_offer()
    if ringing:
        desk.rings(offer.id)
    desk.ring_of_ends(offer.id, call, status)
    calls.hang_up(call, desk.services)
    desk.passes(5)
    return call


def told(desk: Desk) -> list[TextId]:
    """The texts that are to be sent soon."""
    return [TextId(id) for job, id in desk.jobs() if job == "texts.send"]


def is_on(desk: Desk, agent: AgentId) -> bool:
    return desk.agent(agent).on_until(desk.at) is not None


def test_two_misses_pause_an_agent_who_is_told_how_to_come_back(desk: Desk) -> None:
    [mona] = desk.has(MONA)

    misses(desk)
    assert is_on(desk, mona)
    misses(desk)

    assert not is_on(desk, mona)
    assert desk.holder(mona) is None
    [text] = told(desk)
    assert "Votre pause dure 30 minutes" in desk.text(text).body


def test_an_agent_just_paused_is_rung_no_third_time(desk: Desk) -> None:
    """Somebody who waits must not get them between their end and their pause."""
    desk.has(INES)
    misses(desk)
    call, _ = desk.asks()
    offer = desk.only_offer()
    desk.rings(offer.id)
    waiting = desk.waits()
    wait(waiting.sid, waiting.queue, desk.services)

    desk.ring_of_ends(offer.id, call, "no-answer")

    assert desk.offers() == []


@pytest.mark.parametrize("status", ["busy", "failed", "canceled"])
def test_what_is_nobodys_miss_pauses_nobody(desk: Desk, status: str) -> None:
    [ines] = desk.has(INES)

    for _ in range(3):
        misses(desk, status=status)
        desk.passes(1800)

    assert is_on(desk, ines)


def test_a_refusal_is_no_miss(desk: Desk) -> None:
    from dispatcher.domain.calls import Keys
    from dispatcher.operations import screening

    [ines] = desk.has(INES)
    for _ in range(3):
        call, _ = desk.asks()
        offer = desk.only_offer()
        desk.rings(offer.id)
        screening.press(offer.id, Keys("2"), desk.services)
        desk.ring_of_ends(offer.id, call, "completed")
        assert desk.offer(offer.id).end is End.DECLINED
        calls.hang_up(call, desk.services)
        desk.passes(5)

    assert is_on(desk, ines)


def test_a_caller_who_hangs_up_while_it_rings_is_nobodys_miss(desk: Desk) -> None:
    [ines] = desk.has(INES)
    misses(desk)

    for _ in range(3):
        call, _ = desk.asks()
        desk.rings(desk.only_offer().id)
        calls.hang_up(call, desk.services)
        desk.passes(5)

    assert is_on(desk, ines)
    misses(desk)
    assert not is_on(desk, ines), "a hang-up in between makes the two misses no less two"


def test_a_talk_in_between_begins_the_count_again(desk: Desk) -> None:
    [ines] = desk.has(INES)
    misses(desk)
    call, _ = desk.asks()
    desk.presses_one(desk.only_offer().id)
    desk.ring_ends(call, "completed", bridged=True)
    desk.passes(60)

    misses(desk)

    assert is_on(desk, ines)


def test_what_never_rang_was_not_missed_until_the_carrier_says_that_it_rang(desk: Desk) -> None:
    [mona] = desk.has(MONA)
    first = misses(desk, ringing=False)
    second = misses(desk, ringing=False)
    assert is_on(desk, mona)

    for call in (first, second):
        with desk.services.store.reading() as tx:
            [offer] = tx.offers.of(call=call)
        for _ in range(2):  # told twice
            legs.moved(offer.id, sid(900), "ringing", None, over=False, services=desk.services)

    assert not is_on(desk, mona)
    assert len(told(desk)) == 1


def test_a_voicemail_is_a_miss(desk: Desk) -> None:
    [ines] = desk.has(INES)

    misses(desk, status="completed")
    misses(desk, status="completed")

    assert not is_on(desk, ines)


def test_a_pause_ends_by_itself(desk: Desk) -> None:
    [ines] = desk.has(INES)
    misses(desk)
    misses(desk)

    desk.passes(1800)
    sweep.check(desk.services)
    desk.passes(5)

    _, heard = desk.asks()
    assert rung(heard) == INES.number
    assert is_on(desk, ines)


def denies(desk: Desk, code: int) -> None:
    """The carrier says of the agent's number that it failed, and how."""
    call, _ = desk.asks()
    offer = desk.only_offer()
    legs.moved(offer.id, sid(900), "failed", code, over=True, services=desk.services)
    desk.ring_of_ends(offer.id, call, "failed")
    calls.hang_up(call, desk.services)
    desk.passes(300)


@pytest.mark.parametrize("code", [13224, 404, 410, 484, 604])
def test_a_number_is_put_aside_only_after_the_carrier_denied_it_twice(
    desk: Desk, code: int
) -> None:
    [ines] = desk.has(INES)

    denies(desk, code)
    assert desk.agent(ines).aside is None
    denies(desk, code)

    assert desk.agent(ines).aside is Aside.NO_SUCH_NUMBER
    assert desk.holder(ines) is None


@pytest.mark.parametrize("code", [480, 486, 503, 13227])
def test_another_failure_says_nothing_of_the_number(desk: Desk, code: int) -> None:
    [ines] = desk.has(INES)

    for _ in range(3):
        denies(desk, code)

    assert desk.agent(ines).aside is None
    assert is_on(desk, ines)


def test_a_reason_that_comes_after_the_end_counts_too(desk: Desk) -> None:
    [ines] = desk.has(INES)
    ids = []
    for _ in range(2):
        call, _ = desk.asks()
        ids.append(desk.only_offer().id)
        desk.ring_ends(call, "failed")
        calls.hang_up(call, desk.services)
        desk.passes(300)
    assert desk.agent(ines).aside is None

    for id in ids:
        legs.moved(id, sid(900), "failed", 404, over=True, services=desk.services)

    assert desk.agent(ines).aside is Aside.NO_SUCH_NUMBER


def test_a_burst_of_failures_is_an_outage_and_nobodys_fault(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    helpers = (INES, MALO, GUY, ZOE)
    ids = desk.has(*helpers)
    for _ in range(2):
        call, _ = desk.asks()
        for _ in helpers:
            offer = desk.only_offer()
            legs.moved(offer.id, sid(900), "failed", 404, over=True, services=desk.services)
            desk.ring_of_ends(offer.id, call, "failed")
            desk.passes(1)
        calls.hang_up(call, desk.services)
        desk.passes(40)

    assert [desk.agent(id).aside for id in ids] == [None] * 4
    assert "carrier outage" in caplog.text


def test_a_telephone_forwarded_to_our_line_is_put_aside_and_its_call_rejected(desk: Desk) -> None:
    [ines, noe] = desk.has(INES, NOE)
    desk.asks()
    agent = desk.only_offer().agent
    forwarded = desk.services.store
    with forwarded.reading() as tx:
        number_of_agent = tx.agents.telephone(agent)

    heard = calls.answer(sid(500), LINE, number(1), number_of_agent, desk.services)

    assert "Reject" in repr(heard)
    assert desk.agent(agent).aside is Aside.FORWARDED_TO_US
    other = noe if agent == ines else ines
    assert desk.agent(other).aside is None


def test_a_forwarded_call_that_is_not_our_ring_come_back_is_served(desk: Desk) -> None:
    [ines] = desk.has(INES)
    with desk.services.store.reading() as tx:
        forwarded = tx.agents.telephone(ines)

    heard = calls.answer(sid(500), LINE, number(1), forwarded, desk.services)

    assert "Reject" not in repr(heard)
    assert desk.agent(ines).aside is None


@pytest.mark.parametrize("helper", [MONA, INES], ids=["mobile", "landline"])
def test_an_agent_is_told_of_a_pause_once_and_never_on_a_landline(
    desk: Desk, helper: Helper
) -> None:
    [agent] = desk.has(helper)
    for _ in range(2):
        misses(desk)

    for id in told(desk) * 2:
        texts.send(id, desk.services)

    assert desk.agent(agent).paused_until is not None
    asked = [each for each in desk.wire.asked if each.path == "Messages.json"]
    assert [each.fields["To"] for each in asked] == [MONA.number] * (helper is MONA)
    assert all("01 99 00 01 00" in each.fields["Body"] for each in asked)
