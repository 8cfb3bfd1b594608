"""Taken twice, offered once: what the two gates do when they do not agree."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.calls import Call, Keys, OfferId, Step
from dispatcher.domain.offers import End, Offer, lease
from dispatcher.domain.routing import plan
from dispatcher.domain.territories import FRANCE
from dispatcher.live import keys as live_keys
from dispatcher.live.board import BoardLost
from dispatcher.operations import calls, claims, offers, sweep
from dispatcher.operations.waiting import wait
from dispatcher.store.store import Transaction
from tests.hands import hands
from tests.operations.desk import Desk, rung
from tests.people import GUY, INES, MALO, YANN, ZOE

ROUNDS = 12


def proposed(desk: Desk, agent: int, call_sid: str, id: str = "o1") -> Offer:
    until = lease(ring_seconds=15, at=desk.at)
    return Offer(OfferId(id), agent, desk.at, until, call=call_sid)  # type: ignore[arg-type]


def test_somebody_near_and_free_is_rung_at_once(desk: Desk) -> None:
    desk.has(INES, MALO)

    call, heard = desk.asks()

    assert rung(heard) == INES.number
    assert desk.call(call).step is Step.OFFERED
    offer = desk.only_offer()
    assert (offer.call, desk.holder(offer.agent)) == (call, call)
    assert offer.lease_until == lease(ring_seconds=15, at=desk.at)


def test_why_somebody_was_rung_is_kept_with_the_call(desk: Desk) -> None:
    [zoe] = desk.has(ZOE)

    call, _ = desk.asks()

    with desk.services.store.reading() as tx:
        [decision] = tx.decisions.of(call)
    assert (decision["agent"], decision["offer"]) == (zoe, desk.only_offer().id)
    assert decision["reasons"]["ring"] == "commune:05096"
    assert decision["reasons"]["skillset"] == "procedures"


def test_an_agent_whom_sql_knows_to_be_with_somebody_is_not_given_to_another(desk: Desk) -> None:
    ines, malo = desk.has(INES, MALO)
    other = desk.waits()
    with desk.services.store.writing() as tx:
        assert tx.calls.save(other.is_offered(OfferId("o0")), over=other, at=desk.at)
        assert tx.offers.claim(proposed(desk, ines, other.sid, "o0"))

    call, heard = desk.asks()

    assert rung(heard) == MALO.number
    assert {offer.call: offer.agent for offer in desk.offers()} == {other.sid: ines, call: malo}
    assert desk.holder(ines) != "", "the board learned that she is not free"


def test_a_caller_who_hangs_up_between_the_gates_leaves_the_agent_free_at_once(desk: Desk) -> None:
    [ines] = desk.has(INES)
    call = desk.waits()
    plan = offers.plan_for(call, desk.services)
    routed = desk.services.board.assign(
        call.sid, plan, lease=lease(ring_seconds=15, at=desk.at), at=desk.at
    )
    assert routed.agent == ines
    calls.hang_up(call.sid, desk.services)

    made = claims.claim_for_call(call, proposed(desk, ines, call.sid), {}, desk.services)

    assert made is None
    assert desk.offers() == []
    assert desk.holder(ines) == ""
    _, heard = desk.asks()
    assert rung(heard) == INES.number


def test_a_freed_agent_proposed_for_somebody_gone_is_free_at_once(desk: Desk) -> None:
    [ines] = desk.has(INES)
    call = desk.waits()
    desk.services.board.wait(
        call.sid, offers.plan_for(call, desk.services), since=desk.at, at=desk.at
    )
    with desk.services.store.writing() as tx:
        tx.calls.save(call.hung_up(at=desk.at), over=call, at=desk.at)

    offers.rematch(ines, desk.services)

    assert desk.offers() == []
    assert desk.holder(ines) == ""
    assert desk.jobs() == []


def test_a_freed_agent_is_offered_who_waits_and_the_delivery_is_hastened(desk: Desk) -> None:
    [ines] = desk.has(INES)
    call = desk.waits()
    desk.services.board.wait(
        call.sid, offers.plan_for(call, desk.services), since=desk.at, at=desk.at
    )

    offers.rematch(ines, desk.services)

    offer = desk.only_offer()
    assert (offer.agent, offer.call) == (ines, call.sid)
    assert desk.jobs() == [("calls.hasten", offer.id)]


def one_left_in_brest(desk: Desk) -> AgentId:
    """Of three on duty there two are with somebody: the price of the last is above the limit."""
    others = (replace(YANN, name=f"Anne{n}", number=f"+3326191000{n}") for n in (4, 5))
    everybody = desk.has(YANN, *others)
    anywhere, lease = plan((FRANCE,), Need.EITHER, offers_per_hour=9), desk.at + timedelta(hours=1)
    for caller in ("CA0", "CA00"):
        assert desk.services.board.assign(caller, anywhere, lease=lease, at=desk.at).agent
    [left] = [agent for agent in everybody if desk.holder(agent) == ""]
    return left


def test_a_caller_held_for_somebody_near_is_brought_to_the_last_one_far_away_in_time(
    small_desk: Desk,
) -> None:
    desk, left = small_desk, one_left_in_brest(small_desk)
    call = desk.waits()
    offers.seek(call, desk.services)
    desk.passes(desk.services.lines[0].hold_seconds - 0.001)
    sweep.tick(desk.services)
    assert desk.offers() == []

    desk.passes(0.001)
    sweep.tick(desk.services)

    offer = desk.only_offer()
    assert (offer.agent, offer.call) == (left, call.sid)
    assert ("calls.hasten", offer.id) in desk.jobs()


def test_a_caller_whose_place_nobody_knows_is_held_for_nobody(small_desk: Desk) -> None:
    desk, left = small_desk, one_left_in_brest(small_desk)

    offers.seek(desk.waits(commune=None), desk.services)

    assert desk.only_offer().agent == left


def test_a_caller_not_yet_proven_to_wait_is_not_matched(desk: Desk) -> None:
    [ines] = desk.has(INES)
    desk.has(INES)
    desk.services.board.assign(
        "CA0", offers.plan_for(desk.waits(), desk.services), lease=desk.at, at=desk.at
    )
    call, heard = desk.asks()
    assert rung(heard) is None
    desk.services.board.free(ines, at=desk.at, holder="CA0")

    offers.rematch(ines, desk.services)

    assert desk.offers() == []
    wait(call, "QU" + "1" * 32, desk.services)
    assert desk.only_offer().call == call


def test_the_same_key_twice_takes_one_agent(desk: Desk) -> None:
    desk.has(INES, MALO)
    call, first = desk.asks()

    again = calls.hear(call, 2, Keys("1"), desk.services)

    assert again == first
    assert len(desk.offers()) == 1


@pytest.mark.parametrize("second", ["hears twice", "is fetched twice"])
def test_the_same_request_twice_at_once_takes_one_agent(desk: Desk, second: str) -> None:
    agents = desk.has(INES, MALO)
    with hands() as together:
        for _ in range(ROUNDS):
            call = desk.waits(step=Step.NEED, waiting_since=None, turn=2)
            deed = partial(calls.hear, call.sid, 2, Keys("1"), desk.services)
            if second == "is fetched twice":
                call = desk.waits()
                deed = partial(wait, call.sid, call.queue, desk.services)

            together([deed] * 3)

            offer = desk.only_offer()
            assert offer.call == call.sid
            assert [desk.holder(agent) for agent in agents].count(call.sid) == 1
            calls.hang_up(call.sid, desk.services)
            desk.passes(5)


def test_many_callers_at_once_have_an_agent_each_or_wait(desk: Desk) -> None:
    agents = desk.has(INES, MALO, GUY)
    with hands() as together:
        for _ in range(ROUNDS):
            waiting = [desk.waits() for _ in range(5)]

            together(partial(wait, c.sid, c.queue, desk.services) for c in waiting)

            served = {offer.call: offer.agent for offer in desk.offers()}
            assert sorted(served.values()) == sorted(agents)
            steps = [desk.call(call.sid).step for call in waiting]
            assert (steps.count(Step.OFFERED), steps.count(Step.WAITING)) == (3, 2)
            for call in waiting:
                calls.hang_up(call.sid, desk.services)
            assert [desk.holder(agent) for agent in agents] == [""] * 3
            desk.passes(3600)


def test_a_hang_up_while_an_agent_is_taken_leaves_no_offer_and_a_free_agent(desk: Desk) -> None:
    [ines] = desk.has(INES)
    with hands() as together:
        for _ in range(2 * ROUNDS):
            call = desk.waits()
            take = partial(wait, call.sid, call.queue, desk.services)

            together([take, partial(calls.hang_up, call.sid, desk.services)])

            assert desk.offers() == []
            assert desk.call(call.sid).over
            assert desk.holder(ines) == ""
            desk.passes(3600)


def test_callers_and_a_freed_agent_who_look_for_each_other_at_once_meet_once(desk: Desk) -> None:
    agents = desk.has(INES, MALO)
    with hands() as together:
        for _ in range(ROUNDS):
            waiting = [desk.waits() for _ in range(3)]
            for call in waiting:
                plan = offers.plan_for(call, desk.services)
                desk.services.board.wait(call.sid, plan, since=desk.at, at=desk.at)

            together(
                [partial(offers.rematch, agent, desk.services) for agent in agents]
                + [partial(wait, c.sid, c.queue, desk.services) for c in waiting]
            )

            made = desk.offers()
            assert len({offer.agent for offer in made}) == len(made)
            assert len({offer.call for offer in made}) == len(made)
            for offer in made:
                assert desk.holder(offer.agent) == offer.call
            for call in waiting:
                calls.hang_up(call.sid, desk.services)
            assert [desk.holder(agent) for agent in agents] == [""] * 2
            desk.passes(3600)


def on_the_board(desk: Desk, call: Call) -> None:
    since = call.waiting_since or desk.at
    plan = offers.plan_for(call, desk.services)
    desk.services.board.wait(call.sid, plan, since=since, at=desk.at)


def test_agents_freed_together_leave_nobody_behind_who_waited_longer(desk: Desk) -> None:
    ines, malo = desk.has(INES, MALO)
    far = desk.waits(commune="29019")
    desk.passes(3600)
    near = [desk.waits(), desk.waits()]
    for call in (far, *near):
        on_the_board(desk, call)

    offers.match_all([(ines, Skillset.BOTH), (malo, Skillset.BOTH)], desk.services)

    assert far.sid in {offer.call for offer in desk.offers()}


@pytest.mark.parametrize("order", [1, -1])
def test_agents_freed_together_take_their_neighbours(desk: Desk, order: int) -> None:
    ines, malo = desk.has(INES, MALO)
    in_gap, in_orcieres = desk.waits(commune="05061"), desk.waits()
    for call in (in_gap, in_orcieres):
        on_the_board(desk, call)

    offers.match_all([(ines, Skillset.BOTH), (malo, Skillset.BOTH)][::order], desk.services)

    served = {offer.call: offer.agent for offer in desk.offers()}
    assert served == {in_gap.sid: malo, in_orcieres.sid: ines}


def test_an_error_between_the_gates_holds_the_agent_no_longer_than_the_lease(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dispatcher.operations import board

    [ines] = desk.has(INES)
    call = desk.waits()

    def fails(*_: object, **__: object) -> Transaction:
        raise OSError("the database went away")

    with monkeypatch.context() as broken:
        broken.setattr(type(desk.services.store), "writing", fails)
        with pytest.raises(OSError, match="went away"):
            offers.seek(call, desk.services)
    assert desk.holder(ines) == call.sid

    desk.passes(60)
    board.reconcile(desk.services)
    assert desk.holder(ines) == call.sid, "the offer may still be on its way"
    desk.passes(2)
    board.reconcile(desk.services)
    assert desk.holder(ines) == ""


def test_while_the_board_is_lost_a_caller_waits_and_is_told_nothing_untrue(desk: Desk) -> None:
    desk.has(INES)
    desk.redis.delete(live_keys.EPOCH)

    call, heard = desk.asks()
    said = wait(call, "QU" + "1" * 32, desk.services)

    assert desk.call(call).step is Step.WAITING
    assert rung(heard) is None
    assert "wait.place.unknown" in repr(said)
    with desk.services.store.reading() as tx:
        assert tx.callbacks.of(call) is None


def test_while_the_board_is_lost_a_code_with_several_communes_asks_which(desk: Desk) -> None:
    desk.has(INES)
    desk.redis.delete(live_keys.EPOCH)
    call = desk.waits(step=Step.POSTAL_CODE, turn=1, waiting_since=None)

    calls.hear(call.sid, 1, Keys("05000"), desk.services)

    assert desk.call(call.sid).step is Step.COMMUNE


def test_a_lost_board_never_raises_at_a_caller(desk: Desk) -> None:
    desk.has(INES)
    call, _ = desk.asks()
    offer = desk.only_offer()
    desk.redis.delete(live_keys.EPOCH)

    desk.ring_ends(call, "no-answer")
    calls.hang_up(call, desk.services)

    assert desk.offer(offer.id).end is End.NO_ANSWER
    with pytest.raises(BoardLost):
        offers.match(offer.agent, desk.roster()[0].skillset, desk.services)  # type: ignore[arg-type]


def test_only_the_agents_of_one_lines_cap_are_rung_within_an_hour(desk: Desk) -> None:
    desk.has(INES)
    capped = replace(desk.services.lines[0], offers_per_hour=1)
    services = replace(desk.services, lines=[capped])
    first, second = desk.waits(), desk.waits()

    assert offers.seek(first, services).step is Step.OFFERED
    calls.hang_up(first.sid, services)
    desk.passes(5)

    assert offers.seek(second, services).step is Step.WAITING
