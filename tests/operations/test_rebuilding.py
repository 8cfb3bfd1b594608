"""The board comes back from SQL as it was; what hangs between the gates is mended."""

from dataclasses import replace
from functools import partial

import pytest

from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import CallSid, OfferId, Step
from dispatcher.domain.offers import End, Offer, callback_waiter
from dispatcher.live import keys as live_keys
from dispatcher.operations import agents, board, calls, offers, sweep
from dispatcher.operations.waiting import wait
from tests.hands import hands
from tests.operations.desk import Desk, rung
from tests.people import GUY, INES, MALO

ROUNDS = 8


def fetches(desk: Desk, call: CallSid) -> Step:
    wait(call, "QU" + "1" * 32, desk.services)
    return desk.call(call).step


def test_agents_with_somebody_stay_held_and_the_others_are_free(desk: Desk) -> None:
    ines, malo = desk.has(INES, MALO)
    call, heard = desk.asks()
    assert rung(heard) == INES.number
    desk.presses_one(desk.only_offer().id)

    desk.forgets()
    sweep.tick(desk.services)
    desk.passes(5)

    assert (desk.holder(ines), desk.holder(malo)) == (call, "")
    _, heard = desk.asks()
    assert rung(heard) == MALO.number
    desk.ring_ends(call, "completed", bridged=True)
    assert desk.holder(ines) == ""


def test_those_who_wait_keep_their_place_and_their_order(desk: Desk) -> None:
    desk.has(INES)
    talking, _ = desk.asks()
    desk.presses_one(desk.only_offer().id)
    waiting = []
    for _ in range(3):
        desk.passes(1)
        call, _ = desk.asks()
        assert fetches(desk, call) is Step.WAITING
        waiting.append(call)

    desk.forgets()
    sweep.tick(desk.services)
    desk.ring_ends(talking, "completed", bridged=True)
    served = []
    for _ in range(3):
        desk.passes(60)
        sweep.tick(desk.services)
        served.append(desk.only_offer().call)
        desk.presses_one(desk.only_offer().id)
        desk.ring_ends(served[-1], "completed", bridged=True)  # type: ignore[arg-type]

    assert served == waiting


def test_callbacks_that_are_due_come_back_too_before_those_who_came_later(desk: Desk) -> None:
    callback = desk.keeps()
    desk.passes(60)
    call = desk.waits()
    desk.forgets()
    desk.rebuilds()
    [ines] = desk.has(INES)

    offers.rematch(ines, desk.services)

    assert desk.only_offer().callback == callback.id
    assert fetches(desk, call.sid) is Step.WAITING


def test_a_callback_not_yet_due_is_not_put_on_the_board(desk: Desk) -> None:
    callback = desk.keeps(due_at=desk.at.replace(hour=20))

    desk.forgets()
    desk.rebuilds()

    assert not desk.redis.exists(live_keys.caller(callback_waiter(callback.id)))


def test_a_caller_never_seen_in_the_queue_is_put_back_by_their_own_fetch(desk: Desk) -> None:
    call = desk.waits(queue=None)
    desk.forgets()
    desk.rebuilds()
    [ines] = desk.has(INES)

    offers.rematch(ines, desk.services)
    assert desk.offers() == []

    assert fetches(desk, call.sid) is Step.OFFERED


def test_offers_of_this_hour_count_after_a_loss_too(desk: Desk) -> None:
    [ines] = desk.has(INES)
    for _ in range(2):
        call, _ = desk.asks()
        calls.hang_up(call, desk.services)
        desk.passes(5)

    desk.forgets()
    desk.rebuilds()

    assert desk.redis.hget(live_keys.agent(ines), "offers") == b"2"


def test_wrap_ups_last_as_long_after_a_loss(desk: Desk) -> None:
    desk.has(INES)
    call, _ = desk.asks()
    desk.presses_one(desk.only_offer().id)
    desk.ring_ends(call, "completed", bridged=True)
    waiting = desk.waits()

    desk.forgets()
    desk.rebuilds()
    desk.passes(29)
    sweep.tick(desk.services)
    assert desk.offers() == []

    desk.passes(2)
    sweep.tick(desk.services)
    assert desk.only_offer().call == waiting.sid


def test_many_who_rebuild_at_once_rebuild_once(desk: Desk) -> None:
    desk.has(INES, MALO, GUY)
    waiting = [desk.waits() for _ in range(3)]
    with hands() as together:
        for _ in range(ROUNDS):
            desk.forgets()

            rebuilt = together([partial(board.rebuild, desk.services)] * 4)

            assert rebuilt.count(True) == 1
            assert desk.services.board.stands()
            assert len(desk.services.board.on_duty()) == 3
            for call in waiting:
                assert desk.redis.exists(live_keys.caller(call.sid))


def test_a_rebuild_beside_callers_takes_nobody_twice(desk: Desk) -> None:
    ids = desk.has(INES, MALO, GUY)
    with hands() as together:
        for _ in range(ROUNDS):
            waiting = [desk.waits() for _ in range(4)]
            desk.forgets()

            together(
                [partial(board.rebuild, desk.services)] * 2
                + [partial(wait, c.sid, c.queue, desk.services) for c in waiting]
            )
            desk.passes(5)
            for call in waiting:
                fetches(desk, call.sid)

            made = desk.offers()
            assert len({offer.agent for offer in made}) == len(made) == 3
            for call in waiting:
                calls.hang_up(call.sid, desk.services)
            assert [desk.holder(id) for id in ids] == [""] * 3
            desk.passes(3600)


def test_a_board_emptied_again_while_it_is_rebuilt_is_rebuilt_by_the_next_round(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.has(INES, MALO)
    desk.forgets()
    wait = type(desk.services.board).duty
    left = [1]

    def empties(*arguments: object, **how: object) -> None:
        if left:
            left.pop()
            desk.forgets()
        wait(*arguments, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(type(desk.services.board), "duty", empties)

    assert not board.rebuild(desk.services)
    assert not desk.services.board.stands()
    assert board.rebuild(desk.services)
    assert len(desk.services.board.on_duty()) == 2


def test_somebody_held_on_the_board_alone_is_freed_once_the_lease_is_over(desk: Desk) -> None:
    [ines] = desk.has(INES)
    call = desk.waits()
    plan = offers.plan_for(call, desk.services)
    at = desk.at
    desk.services.board.assign(call.sid, plan, lease=at.replace(minute=at.minute + 1), at=at)

    board.reconcile(desk.services)
    assert desk.holder(ines) == call.sid

    desk.passes(62)
    board.reconcile(desk.services)
    assert desk.holder(ines) == ""


def test_somebody_whom_sql_knows_to_be_with_a_caller_is_held(desk: Desk) -> None:
    """Redis may come back older than it was."""
    [ines] = desk.has(INES)
    call = desk.waits()
    offer = Offer(OfferId("o1"), ines, desk.at, desk.at.replace(hour=23), call=call.sid)
    with desk.services.store.writing() as tx:
        assert tx.calls.save(call.is_offered(offer.id), over=call, at=desk.at)
        assert tx.offers.claim(offer)

    board.reconcile(desk.services)

    assert desk.holder(ines) == call.sid
    other = desk.waits()
    assert fetches(desk, other.sid) is Step.WAITING


def test_whoever_waits_on_the_board_alone_is_gone_from_it(desk: Desk) -> None:
    """They hung up while Redis was away, or between somebody's look at SQL and at the board."""
    waits, ghost = desk.waits(), desk.waits()
    owed, placed = desk.keeps(), desk.keeps()
    calls.hang_up(ghost.sid, desk.services)
    with desk.services.store.writing() as tx:
        assert tx.callbacks.move(placed.id, of=State.WAITING, to=State.REACHED, at=desk.at)
    here = [waits.sid, callback_waiter(owed.id)]
    for waiter in [*here, ghost.sid, callback_waiter(placed.id), "CA" + "9" * 32]:
        plan = offers.plan_for(waits, desk.services)
        desk.services.board.wait(waiter, plan, since=desk.at, at=desk.at)

    board.reconcile(desk.services)

    assert desk.services.board.waiting() == set(here)


def test_a_board_that_agrees_is_left_as_it_is(desk: Desk) -> None:
    desk.has(INES, MALO)
    desk.asks()
    before = {key: desk.redis.dump(key) for key in desk.redis.scan_iter() if b"permanence" in key}

    board.reconcile(desk.services)
    agents.refresh(desk.services)

    assert before == {
        key: desk.redis.dump(key) for key in desk.redis.scan_iter() if b"permanence" in key
    }


def test_what_an_import_changed_while_redis_was_away_is_seen_at_the_next_check(
    desk: Desk,
) -> None:
    [ines] = desk.has(INES)
    deaf = replace(desk.services, board=_nowhere())  # type: ignore[arg-type]
    from dispatcher.operations import directory
    from tests.people import AGENTS_HEADER

    row = replace(INES, zones="commune:29019 strict").row
    imported = directory.import_agents((AGENTS_HEADER + row).encode(), deaf)
    assert not imported.live

    sweep.check(desk.services)

    assert desk.redis.hget(live_keys.agent(ines), "places") == b"commune:29019"


def test_an_import_is_seen_by_other_processes_at_once(desk: Desk) -> None:
    [ines] = desk.has(INES)

    desk.has(replace(INES, skills="mediation:2"))

    assert desk.redis.hget(live_keys.agent(ines), "skillset") == b"mediation"


def test_an_agent_at_the_end_of_their_slot_is_off_and_finishes_their_call(desk: Desk) -> None:
    [ines] = desk.has(replace(INES, slots="mon-sun 09:00-10:30"))
    call, heard = desk.asks()
    assert rung(heard) == INES.number
    desk.presses_one(desk.only_offer().id)
    desk.passes(1801)

    sweep.check(desk.services)
    assert desk.holder(ines) is None
    assert desk.offer(desk.only_offer().id).open

    desk.ring_ends(call, "completed", bridged=True)
    assert desk.holder(ines) is None
    with desk.services.store.reading() as tx:
        assert [offer.end for offer in tx.offers.of(call=call)] == [End.ANSWERED]


def test_somebody_who_comes_back_on_duty_in_the_middle_of_a_talk_is_held(desk: Desk) -> None:
    [ines] = desk.has(INES)
    call, _ = desk.asks()
    desk.presses_one(desk.only_offer().id)
    desk.services.board.off(ines)

    agents.refresh(desk.services)

    assert desk.holder(ines) == call


def _nowhere() -> object:
    from redis import Redis

    from dispatcher.live.board import Board

    return Board(Redis.from_url("unix:///nowhere/at/all.sock"))
