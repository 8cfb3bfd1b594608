"""How an offer ends, once, and what happens to the agent and to the caller."""

from functools import partial

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import CallSid, Keys, OfferId, Outcome, Step
from dispatcher.domain.offers import End
from dispatcher.domain.script import Connect, HangUp
from dispatcher.operations import board, calls, legs, offers, screening, sweep
from dispatcher.operations.waiting import wait
from dispatcher.store.calls import Calls
from tests.hands import hands
from tests.operations.desk import Desk, number, open_desk, rung, sid
from tests.people import INES, LINE, MALO

ROUNDS = 15


@pytest.fixture
def rose(desk: Desk) -> CallSid:
    """Rose's call, for which Ines is being rung; Malo is free too."""
    desk.has(INES, MALO)
    call, heard = desk.asks()
    assert rung(heard) == INES.number
    return call


def ines(desk: Desk) -> AgentId:
    return next(agent.id for agent in desk.roster() if agent.name == "Ines")


@pytest.mark.parametrize(
    ("status", "end"),
    [("no-answer", End.NO_ANSWER), ("busy", End.BUSY), ("failed", End.FAILED)],
)
def test_the_caller_goes_on_to_the_next_agent(
    desk: Desk, rose: CallSid, status: str, end: End
) -> None:
    offer = desk.only_offer()
    place = desk.call(rose).waiting_since

    heard = desk.ring_ends(rose, status)

    assert rung(heard) == MALO.number
    assert desk.offer(offer.id).end is end
    assert desk.call(rose).waiting_since == place
    assert desk.holder(ines(desk)) == ""


def test_the_end_of_a_ring_told_twice_moves_the_caller_once(desk: Desk, rose: CallSid) -> None:
    offer = desk.only_offer()
    first = desk.ring_ends(rose, "no-answer")

    again = desk.ring_of_ends(offer.id, rose, "no-answer")

    assert again == first
    assert desk.only_offer().agent != offer.agent


def test_the_end_of_a_ring_told_for_another_call_moves_nobody(desk: Desk, rose: CallSid) -> None:
    offer = desk.only_offer()
    stranger = desk.waits()

    desk.ring_of_ends(offer.id, stranger.sid, "no-answer")

    assert desk.offer(offer.id).open
    assert desk.call(rose).step is Step.OFFERED


def test_a_talk_needs_our_accept_and_the_carriers_bridge(desk: Desk, rose: CallSid) -> None:
    offer = desk.only_offer()
    assert desk.presses_one(offer.id) == (Connect(),)

    heard = desk.ring_ends(rose, "completed", bridged=True)

    assert (desk.call(rose).outcome, desk.offer(offer.id).end) == (Outcome.ANSWERED, End.ANSWERED)
    assert heard[-1] == HangUp()


def test_a_bridge_without_a_key_is_a_voicemail(desk: Desk, rose: CallSid) -> None:
    offer = desk.only_offer()
    desk.rings(offer.id)

    heard = desk.ring_ends(rose, "completed", bridged=True)

    assert desk.offer(offer.id).end is End.NO_KEY
    assert rung(heard) == MALO.number


def test_a_key_without_a_bridge_is_no_talk(desk: Desk, rose: CallSid) -> None:
    offer = desk.only_offer()
    desk.presses_one(offer.id)

    heard = desk.ring_ends(rose, "completed", bridged=False)

    assert desk.offer(offer.id).end is not End.ANSWERED
    assert rung(heard) == MALO.number


def test_somebody_who_talked_has_their_wrap_up_and_others_none(desk: Desk, rose: CallSid) -> None:
    desk.presses_one(desk.only_offer().id)
    desk.ring_ends(rose, "completed", bridged=True)

    desk.passes(29)
    sweep.tick(desk.services)
    waiting = desk.waits()
    assert rung(wait(waiting.sid, waiting.queue, desk.services)) is None
    assert desk.only_offer().agent != ines(desk), "Malo was free"


def test_only_who_holds_an_agent_frees_them(desk: Desk, rose: CallSid) -> None:
    first = desk.only_offer()
    desk.ring_ends(rose, "no-answer")
    calls.hang_up(rose, desk.services)
    desk.passes(3600)
    other, heard = desk.asks()
    assert rung(heard) == INES.number

    offers.release(first.id, desk.services)

    assert desk.holder(ines(desk)) == other


def test_a_hang_up_lets_everything_go_once(desk: Desk, rose: CallSid) -> None:
    offer = desk.only_offer()

    calls.hang_up(rose, desk.services)
    calls.hang_up(rose, desk.services)

    assert (desk.offer(offer.id).end, desk.call(rose).outcome) == (
        End.CALLER_GONE,
        Outcome.ABANDONED,
    )
    assert desk.holder(ines(desk)) == ""
    assert screening.press(offer.id, Keys("1"), desk.services) == screening.TAKEN


def test_a_hang_up_told_only_by_the_end_of_the_ring_is_a_hang_up(desk: Desk, rose: CallSid) -> None:
    offer = desk.only_offer()

    desk.ring_ends(rose, "no-answer", leg_over=True)

    assert desk.call(rose).over
    assert desk.offer(offer.id).end is End.CALLER_GONE


@pytest.mark.parametrize("told_first", ["status", "ring"])
@pytest.mark.parametrize(
    ("bridged", "end", "outcome"),
    [(True, End.ANSWERED, Outcome.ANSWERED), (False, End.CALLER_GONE, Outcome.ABANDONED)],
)
def test_whether_they_talked_is_the_same_whatever_is_told_first(
    desk: Desk, rose: CallSid, told_first: str, bridged: bool, end: End, outcome: Outcome
) -> None:
    offer = desk.only_offer()
    desk.presses_one(offer.id)
    ring = partial(desk.ring_of_ends, offer.id, rose, "completed", bridged=bridged, leg_over=True)
    told = [partial(calls.hang_up, rose, desk.services), ring]

    for tell in told if told_first == "status" else reversed(told):
        tell()  # type: ignore[operator]

    assert (desk.offer(offer.id).end, desk.call(rose).outcome) == (end, outcome)


def test_an_end_that_overtakes_its_beginning_is_an_end(desk: Desk) -> None:
    desk.has(INES)

    calls.hang_up(sid(77), desk.services)
    heard = calls.answer(sid(77), LINE, number(77), None, desk.services)

    assert heard[-1] == HangUp()
    ended = desk.call(sid(77))
    assert (ended.over, ended.number, ended.unbegun) == (True, number(77), False)


def test_an_end_that_meets_its_beginning_half_way_is_not_lost(
    postgresql_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite whoever writes first is alone; on PostgreSQL both may look before either writes."""
    find = Calls.find
    begun: list[object] = []

    def find_and_begin(of: Calls, id: CallSid) -> object:
        found = find(of, id)
        if not begun:
            begun.append(calls.answer(id, LINE, number(1), None, desk.services))
        return found

    with open_desk(postgresql_url, redis_url) as desk:
        monkeypatch.setattr(Calls, "find", find_and_begin)
        calls.hang_up(sid(1), desk.services)

        assert desk.call(sid(1)).over
        assert desk.call(sid(1)).number == number(1)


def test_an_accept_beside_a_hang_up_leaves_nobody_held(desk: Desk) -> None:
    [agent] = desk.has(INES)
    with hands() as together:
        for _ in range(ROUNDS):
            call, _ = desk.asks()
            offer = desk.only_offer()

            _, heard = together(
                [
                    partial(calls.hang_up, call, desk.services),
                    partial(screening.press, offer.id, Keys("1"), desk.services),
                ]
            )

            end = desk.offer(offer.id)
            assert heard in ((Connect(),), screening.TAKEN)
            assert (end.end is End.ANSWERED) is (end.accepted_at is not None)
            outcome = Outcome.ANSWERED if heard == (Connect(),) else Outcome.ABANDONED
            assert desk.call(call).outcome is outcome
            assert desk.offers() == []
            assert desk.holder(agent) == ""
            desk.passes(3600)


def test_nothing_heard_for_a_whole_lease_ends_an_offer_once(desk: Desk, rose: CallSid) -> None:
    offer = desk.only_offer()
    desk.passes(60)

    for _ in range(2):
        sweep.tick(desk.services)

    assert desk.offer(offer.id).end is End.LAPSED
    assert desk.call(rose).step is Step.WAITING
    assert desk.holder(ines(desk)) == ""
    assert screening.press(offer.id, Keys("1"), desk.services) == screening.TAKEN
    assert desk.offer(offer.id).accepted_at is None


def test_a_pick_up_makes_the_lease_longer(desk: Desk, rose: CallSid) -> None:
    offer = desk.only_offer()
    desk.passes(55)
    screening.screen(offer.id, sid(900), desk.services)

    desk.passes(70)
    sweep.tick(desk.services)

    assert desk.presses_one(offer.id) == (Connect(),)
    assert desk.call(rose).step is Step.TALKING


def test_a_talk_does_not_lapse(desk: Desk, rose: CallSid) -> None:
    desk.presses_one(desk.only_offer().id)

    desk.passes(3600)
    sweep.tick(desk.services)
    board.reconcile(desk.services)

    assert desk.call(rose).step is Step.TALKING
    assert desk.holder(ines(desk)) == rose


def test_two_sweeps_beside_an_accept_and_a_hang_up_end_an_offer_once(desk: Desk) -> None:
    [agent] = desk.has(INES)
    with hands() as together:
        for _ in range(ROUNDS):
            call, _ = desk.asks()
            offer = desk.only_offer()
            desk.passes(60)
            lapse = partial(legs.lapse, offer, desk.services)
            accept = partial(screening.press, offer.id, Keys("1"), desk.services)

            together([lapse, lapse, accept])
            calls.hang_up(call, desk.services)

            end = desk.offer(offer.id)
            assert end.end is (End.ANSWERED if end.accepted_at else End.LAPSED)
            assert desk.holder(agent) == ""
            assert desk.offers() == []
            desk.passes(3600)


@pytest.mark.parametrize(
    ("over", "step"), [("completed", Step.ENDED), ("in-progress", Step.TALKING)]
)
def test_a_call_gone_quiet_is_closed_only_when_the_carrier_says_it_is_over(
    desk: Desk, rose: CallSid, over: str, step: Step
) -> None:
    from tests.operations.wire import state

    desk.presses_one(desk.only_offer().id)
    desk.passes(121)
    sweep.check(desk.services)
    assert ("calls.verify", rose) in desk.jobs()

    desk.wire.will(state(over))
    sweep.verify(rose, desk.services)

    assert desk.call(rose).step is step


@pytest.mark.parametrize("answer", [(404, True), (500, False), (429, False), (401, False)])
def test_a_call_that_the_carrier_does_not_know_is_over_and_any_other_error_says_nothing(
    desk: Desk, rose: CallSid, answer: tuple[int, bool]
) -> None:
    from tests.operations.wire import error

    desk.passes(121)
    desk.wire.will(error(answer[0]))

    sweep.verify(rose, desk.services)

    assert desk.call(rose).over is answer[1]


def test_an_offer_that_nobody_knows_is_taken_or_over(small_desk: Desk) -> None:
    nothing = OfferId("nothing")

    assert screening.screen(nothing, sid(1), small_desk.services) == screening.TAKEN
    assert screening.press(nothing, Keys("1"), small_desk.services) == screening.TAKEN
    assert screening.press(nothing, Keys("2"), small_desk.services) == screening.TAKEN
    assert screening.greet(nothing, CallSid("CA" + "0" * 32), small_desk.services) == (HangUp(),)
    assert screening.greeted(nothing, Keys("1"), small_desk.services) == (HangUp(),)
    legs.moved(nothing, sid(1), "ringing", None, over=False, services=small_desk.services)
    legs.failed(nothing, small_desk.services)
    legs.verify(nothing, small_desk.services)
    assert legs.called(nothing, bridged=True, services=small_desk.services)[-1] == HangUp()
