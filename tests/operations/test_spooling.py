"""What was taken down during an outage is kept once, and lets go of whatever was held."""

from pathlib import Path

import pytest

from dispatcher.domain.agents import Need
from dispatcher.domain.calls import CallSid, Outcome, Step
from dispatcher.domain.offers import End
from dispatcher.operations import calls, spooling
from dispatcher.store.spool import Spool
from tests.office import vault
from tests.operations.desk import Desk, number, sid
from tests.people import INES, LINE


@pytest.fixture
def spool(tmp_path: Path, desk: Desk) -> Spool:
    return Spool(tmp_path / "spool", vault(), lambda: desk.at)


def spooled(desk: Desk, spool: Spool, call: CallSid = sid(500), last: int = 42) -> None:
    spool.put(call, LINE, number(last))


def callbacks(desk: Desk) -> list[tuple[CallSid, str]]:
    with desk.services.store.reading() as tx:
        return [(each.call, each.number) for each in tx.callbacks.due(at=desk.at) if each.call]


def test_a_number_of_a_call_that_sql_never_knew_becomes_a_callback(
    desk: Desk, spool: Spool
) -> None:
    spooled(desk, spool)
    keyed_at = desk.at
    desk.passes(600)

    spooling.replay(spool, desk.services)

    assert callbacks(desk) == [(sid(500), number(42))]
    call = desk.call(sid(500))
    assert (call.outcome, call.need, call.started_at) == (Outcome.CALLBACK, Need.EITHER, keyed_at)
    with desk.services.store.reading() as tx:
        [callback] = tx.callbacks.due(at=desk.at)
    assert callback.place_since == keyed_at
    assert [*spool.entries()] == []


def test_the_same_number_again_is_one_callback(desk: Desk, spool: Spool) -> None:
    for _ in range(2):
        spooled(desk, spool)
        spooling.replay(spool, desk.services)

    assert callbacks(desk) == [(sid(500), number(42))]


def test_somebody_who_waited_keeps_their_place_need_and_commune(desk: Desk, spool: Spool) -> None:
    call = desk.waits()
    since = desk.at
    desk.passes(60)
    spooled(desk, spool, call.sid)

    spooling.replay(spool, desk.services)

    with desk.services.store.reading() as tx:
        [callback] = tx.callbacks.due(at=desk.at)
    assert (callback.place_since, callback.commune, callback.need) == (
        since,
        call.commune,
        call.need,
    )
    assert desk.call(call.sid).outcome is Outcome.CALLBACK


@pytest.mark.parametrize("talked", [False, True])
def test_the_agent_of_a_call_cut_by_an_outage_is_free_again(
    desk: Desk, spool: Spool, talked: bool
) -> None:
    """Nothing else may ever tell us that this call has ended."""
    [ines] = desk.has(INES)
    call, _ = desk.asks()
    offer = desk.only_offer()
    if talked:
        desk.presses_one(offer.id)
    spooled(desk, spool, call)

    spooling.replay(spool, desk.services)

    assert desk.offers() == []
    assert desk.offer(offer.id).end is (End.ANSWERED if talked else End.CALLER_GONE)
    assert desk.holder(ines) == ""
    assert desk.call(call).step is Step.ENDED
    assert callbacks(desk) == [(call, number(42))]


def test_an_entry_is_kept_until_sql_has_it(
    desk: Desk, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spooled(desk, spool)

    def fails(*_: object) -> None:
        raise OSError("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(type(desk.services.store), "writing", fails)
        with pytest.raises(OSError, match="away"):
            spooling.replay(spool, desk.services)
    assert len([*spool.entries()]) == 1

    spooling.replay(spool, desk.services)
    assert callbacks(desk) == [(sid(500), number(42))]


def test_somebody_who_was_served_first_was_answered_and_is_rung_back_as_promised(
    desk: Desk, spool: Spool
) -> None:
    """The outage began when they had talked: the fallback promised all the same."""
    call = desk.waits(step=Step.TALKING)
    desk.passes(60)
    spooled(desk, spool, call.sid)
    calls.hang_up(call.sid, desk.services)

    spooling.replay(spool, desk.services)

    assert desk.call(call.sid).outcome is Outcome.ANSWERED
    assert callbacks(desk) == [(call.sid, number(42))]
