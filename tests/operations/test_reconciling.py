"""Whoever rang while we did not answer is rung back, once, at the place of the moment they rang."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dispatcher.carrier import rest
from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import Outcome, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.schedule import OpeningHours, WeeklySlots
from dispatcher.operations import calls, reconciling, spooling, sweep
from dispatcher.operations.reconciling import MARK, OVERLAP
from dispatcher.store.calls import Calls
from dispatcher.store.spool import Spool
from tests.hands import hands
from tests.office import line, vault
from tests.operations.desk import Desk, number, open_desk, sid
from tests.operations.wire import error, inbound, listing
from tests.people import INES, LINE


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    return small_desk


def rang(
    desk: Desk, last: int = 42, *, ago: float = 120, lasted: float | None = 20, **fields: Any
) -> dict[str, Any]:
    """A call of this number so many seconds ago, as the carrier lists it; still there without an end."""
    starts = desk.at - timedelta(seconds=ago)
    ends = None if lasted is None else starts + timedelta(seconds=lasted)
    return inbound(
        sid(500 + last), **{"starts": starts, "ends": ends, "from": number(last)} | fields
    )


def looks(desk: Desk, *listed: dict[str, Any]) -> None:
    """The job is done a minute later than the last time, and this is what the carrier lists."""
    desk.wire.answers.clear()
    desk.wire.will(listing(*listed))
    reconciling.reconcile(MARK, desk.services)
    desk.passes(60)


def callbacks(desk: Desk) -> list[Callback]:
    with desk.services.store.reading() as tx:
        return tx.callbacks.owed()


def mark(desk: Desk) -> datetime | None:
    with desk.services.store.reading() as tx:
        return tx.marks.find(MARK)


def test_a_call_that_sql_never_knew_becomes_a_callback_at_the_place_of_its_start(
    desk: Desk,
) -> None:
    started = desk.at - timedelta(seconds=120)

    looks(desk, rang(desk))

    [callback] = callbacks(desk)
    assert (callback.call, callback.number) == (sid(542), number(42))
    assert (callback.why, callback.need, callback.commune) == (Why.MISSED, Need.EITHER, None)
    assert callback.place_since == started
    call = desk.call(sid(542))
    assert (call.over, call.outcome, call.started_at) == (True, Outcome.CALLBACK, started)


def test_looking_twice_keeps_one(desk: Desk) -> None:
    missed = rang(desk)

    looks(desk, missed)
    looks(desk, missed)

    assert len(callbacks(desk)) == 1


def test_many_who_look_at_the_same_moment_keep_one(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "ASKED_AGAIN_AFTER", timedelta(seconds=-1))
    with open_desk(database_url, redis_url) as desk, hands() as together:
        desk.wire.will(*[listing(rang(desk, 42), rang(desk, 43))] * 4)

        together([partial(reconciling.reconcile, MARK, desk.services)] * 4)

        assert sorted(each.number for each in callbacks(desk)) == [number(42), number(43)]


def test_jobs_that_piled_up_ask_the_carrier_once(desk: Desk) -> None:
    for _ in range(3):
        reconciling.reconcile(MARK, desk.services)
        desk.passes(5)

    assert len(desk.wire.asked) == 1


def test_somebody_who_rang_several_times_is_rung_back_once_at_their_first_place(
    desk: Desk,
) -> None:
    first = rang(desk, ago=300)

    looks(desk, first | {"sid": sid(1), "start_time": rang(desk)["start_time"]}, first)

    [callback] = callbacks(desk)
    assert callback.call == sid(542)
    assert desk.call(sid(1)).outcome is Outcome.CALLBACK


def test_a_call_that_sql_knows_is_nobodys_miss(desk: Desk) -> None:
    calls.answer(sid(542), LINE, number(42), None, desk.services)
    before = desk.call(sid(542))

    looks(desk, rang(desk))

    assert callbacks(desk) == []
    assert desk.call(sid(542)) == before


def test_a_call_that_reaches_us_while_we_look_is_nobodys_miss(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls.answer(sid(542), LINE, number(42), None, desk.services)
    monkeypatch.setattr(Calls, "known", lambda *_: set())

    looks(desk, rang(desk))

    assert callbacks(desk) == []


@pytest.mark.parametrize("direction", ["outbound-dial", "outbound-api", "trunking-originating"])
def test_what_we_rang_ourselves_is_nobodys_miss(desk: Desk, direction: str) -> None:
    looks(desk, rang(desk, direction=direction))

    assert callbacks(desk) == []


@pytest.mark.parametrize(
    "shown",
    ["anonymous", "", None, "+266696687", "+33899123456", "+14155550100", LINE, INES.number],
)
def test_whoever_cannot_or_need_not_be_rung_is_only_recorded(
    desk: Desk, shown: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    desk.has(INES)

    looks(desk, rang(desk) | {"from": shown})
    assert "1 calls never reached us; 0 are rung back" in caplog.text
    caplog.clear()
    looks(desk, rang(desk) | {"from": shown})

    assert callbacks(desk) == []
    assert desk.call(sid(542)).outcome is Outcome.ABANDONED
    assert not shown or shown not in caplog.text
    assert "never reached us" not in caplog.text


@pytest.mark.parametrize("status", ["completed", "failed", "busy", "no-answer", "canceled"])
def test_however_the_carrier_says_that_it_ended(desk: Desk, status: str) -> None:
    looks(desk, rang(desk, status=status, end_time=None))

    assert len(callbacks(desk)) == 1


def test_a_call_still_there_or_just_over_is_left_for_later_and_the_mark_waits_for_it(
    desk: Desk,
) -> None:
    living, ended = rang(desk, 1, ago=200, lasted=None), rang(desk, 2, ago=100, lasted=90)
    started = desk.at - timedelta(seconds=200)

    looks(desk, living, ended, rang(desk, 3))
    assert [each.number for each in callbacks(desk)] == [number(3)]
    assert mark(desk) == started

    looks(desk, living | {"status": "completed", "end_time": None}, ended)
    assert sorted(each.number for each in callbacks(desk)) == [number(1), number(2), number(3)]
    assert mark(desk) == desk.at - timedelta(seconds=60)


def test_a_living_call_that_sql_knows_holds_nothing_up(desk: Desk) -> None:
    calls.answer(sid(542), LINE, number(42), None, desk.services)

    looks(desk, rang(desk, lasted=None))

    assert mark(desk) == desk.at - timedelta(seconds=60)


def test_a_call_to_a_number_that_no_line_claims_is_not_ours(
    sqlite_url: str, redis_url: str
) -> None:
    lines = (replace(line(), numbers=(LINE,)),)
    with open_desk(sqlite_url, redis_url, lines=lines) as desk:
        looks(desk, rang(desk, 1, to="+33199000777"), rang(desk, 2, lasted=None, to="+33199000777"))
        looks(desk, rang(desk, 3))

        assert [each.number for each in callbacks(desk)] == [number(3)]
        with desk.services.store.reading() as tx:
            assert tx.calls.find(sid(501)) is None


def test_each_is_rung_back_for_the_line_they_called(sqlite_url: str, redis_url: str) -> None:
    lines = (line(), replace(line(), id="autre", numbers=("+33199000777",)))
    with open_desk(sqlite_url, redis_url, lines=lines) as desk:
        looks(desk, rang(desk, 1), rang(desk, 2, to="+33199000777"))

        assert {each.number: each.line for each in callbacks(desk)} == {
            number(1): "principale",
            number(2): "autre",
        }


def test_a_miss_at_night_is_rung_back_in_the_morning_at_its_own_place(
    sqlite_url: str, redis_url: str
) -> None:
    hours = OpeningHours(WeeklySlots.parse("mon-fri 12:00-17:00"), "Europe/Paris")
    with open_desk(sqlite_url, redis_url, lines=(line(hours=hours),)) as desk:
        started = desk.at - timedelta(seconds=120)
        looks(desk, rang(desk))

        [callback] = callbacks(desk)
        assert callback.due_at == desk.at.replace(hour=11, minute=0)
        assert callback.place_since == started


@pytest.mark.parametrize("after", [60, -60])
def test_somebody_who_rang_again_and_was_served_is_not_rung_back(desk: Desk, after: int) -> None:
    missed = rang(desk)
    again = desk.waits(number=number(42), started_at=desk.at - timedelta(seconds=120 - after))
    with desk.services.store.writing() as tx:
        tx.calls.save(again.ends(Outcome.ANSWERED, at=desk.at), over=again, at=desk.at)

    looks(desk, missed)

    assert len(callbacks(desk)) == (0 if after > 0 else 1)


@pytest.mark.parametrize("answer", [error(500), error(429), error(401), ConnectionError("cut")])
def test_what_could_not_be_listed_is_listed_the_next_time(desk: Desk, answer: Any) -> None:
    missed = rang(desk)
    desk.wire.will(answer)
    reconciling.reconcile(MARK, desk.services)
    assert (callbacks(desk), mark(desk)) == ([], None)
    desk.passes(60)

    looks(desk, missed)

    assert len(callbacks(desk)) == 1


def test_a_second_page_that_fails_loses_nothing(desk: Desk) -> None:
    first, second = rang(desk, 1), rang(desk, 2)
    desk.wire.will(listing(first, next_page="/2010-04-01/next"), error(503))
    reconciling.reconcile(MARK, desk.services)
    assert mark(desk) is None
    desk.passes(60)

    looks(desk, first, second)

    assert len(callbacks(desk)) == 2


def asked_from(desk: Desk) -> timedelta:
    """How far back the carrier was asked the last time."""
    asked = datetime.fromisoformat(desk.wire.asked[-1].fields["StartTime>"])
    return desk.at - timedelta(seconds=60) - asked


def test_the_first_look_goes_back_a_quarter_of_an_hour_and_no_look_more_than_a_day(
    desk: Desk,
) -> None:
    looks(desk)
    assert asked_from(desk) == reconciling.FIRST_LOOK + OVERLAP

    looks(desk)
    assert asked_from(desk) == timedelta(seconds=60) + OVERLAP

    desk.passes(3 * 24 * 3600)
    looks(desk)
    assert datetime.fromisoformat(desk.wire.asked[2].fields["StartTime>"]) == (
        desk.at - timedelta(seconds=60) - reconciling.LOOK_BACK
    )


def test_a_day_without_us_is_looked_through_span_by_span_in_a_few_rounds(desk: Desk) -> None:
    looks(desk)
    desk.passes(10 * 3600)
    asked = len(desk.wire.asked)
    desk.wire.will(*[listing()] * 20)
    for _ in range(2):
        reconciling.reconcile(MARK, desk.services)
        desk.passes(60)

    spans = [each.fields for each in desk.wire.asked[asked:]]
    assert len(spans) == 6 + 5
    assert "StartTime<" not in spans[-1]
    for earlier, later in pairwise(spans[:6]):
        assert earlier["StartTime<"] == later["StartTime>"]
    assert mark(desk) == desk.at - timedelta(seconds=60)


def test_where_the_carrier_has_too_many_calls_shorter_spans_are_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "_PAGES", 1)
    oldest = rang(desk, 1, ago=960)
    desk.wire.will(listing(rang(desk, 2), next_page="/more"), listing(oldest), listing())

    reconciling.reconcile(MARK, desk.services)

    hour, first, second = desk.wire.asked
    assert "StartTime<" not in hour.fields
    assert first.fields["StartTime>"] == hour.fields["StartTime>"]
    assert second.fields["StartTime>"] == first.fields["StartTime<"]
    assert [each.number for each in callbacks(desk)] == [number(1)]


def test_what_a_carrier_lists_outside_the_span_asked_for_is_left_out(desk: Desk) -> None:
    looks(desk, rang(desk, ago=7200))

    assert callbacks(desk) == []


@pytest.fixture
def spool(tmp_path: Path, desk: Desk) -> Iterator[Spool]:
    """Somebody keyed another number than the one they rang from, on the call that we missed."""
    spool = Spool(tmp_path / "spool", vault(), lambda: desk.at)
    spool.put(sid(542), LINE, number(77))
    yield spool
    assert [*spool.entries()] == []


@pytest.mark.parametrize("first", ["spool", "carrier"])
@pytest.mark.parametrize("shown", [number(42), "anonymous"])
def test_the_number_keyed_in_the_outage_is_the_one_rung_whoever_tells_first(
    desk: Desk, spool: Spool, first: str, shown: str
) -> None:
    missed = rang(desk) | {"from": shown}
    told = [partial(spooling.replay, spool, desk.services), partial(looks, desk, missed)]

    for tell in told if first == "spool" else reversed(told):
        tell()

    [callback] = callbacks(desk)
    assert (callback.call, callback.number) == (sid(542), PhoneNumber(number(77)))
    assert desk.call(sid(542)).outcome is Outcome.CALLBACK


def test_a_number_keyed_in_the_outage_that_comes_after_the_ring_makes_no_second_one(
    desk: Desk, spool: Spool
) -> None:
    looks(desk, rang(desk))
    [callback] = callbacks(desk)
    with desk.services.store.writing() as tx:
        for of, to in [
            (State.WAITING, State.OFFERED),
            (State.OFFERED, State.CALLING),
            (State.CALLING, State.REACHED),
        ]:
            assert tx.callbacks.move(callback.id, of=of, to=to, at=desk.at)

    spooling.replay(spool, desk.services)

    assert callbacks(desk) == []


def test_what_was_missed_is_offered_to_an_agent_by_the_next_sweep(desk: Desk) -> None:
    [ines] = desk.has(INES)
    looks(desk, rang(desk))

    sweep.tick(desk.services)

    offer = desk.only_offer()
    assert (offer.agent, offer.callback) == (ines, callbacks(desk)[0].id)
