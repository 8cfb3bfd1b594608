"""Whatever comes twice, late, out of order or not at all: nobody is with two people, and nobody is left held.

Every door and every job is opened in an order that hypothesis chooses, about calls and offers that may long be
over, with Redis emptied and time passing in between.
"""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import CallSid, Keys, OfferId, Step
from dispatcher.operations import board, calls, hastening, legs, placing, screening, sweep
from dispatcher.operations.waiting import press, wait
from dispatcher.store.schema import metadata
from tests.operations.desk import Desk, open_desk, sid
from tests.operations.wire import CREATED, error, state
from tests.people import INES, LINE, MALO

KEPT_TABLES = {"agents", "structures"}
numbers = st.integers(0, 5)
keys = st.sampled_from(["", "0", "1", "2", "05170", "05000", "0199000042", "9"])
statuses = st.sampled_from(["no-answer", "busy", "failed", "completed", "canceled"])
answers = st.sampled_from([CREATED, error(429), error(500), error(400, 13224), ConnectionError()])


class AnyOrder(RuleBasedStateMachine):
    desk: Desk

    @initialize()
    def an_empty_desk(self) -> None:
        with self.desk.services.store.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                if table.name in KEPT_TABLES:
                    continue
                connection.execute(table.delete())
            connection.exec_driver_sql(
                "UPDATE agents SET paused_until=NULL, aside=NULL, on_until=NULL, judged_since=NULL"
            )
        self.desk.redis.flushdb()
        self.desk.wire.answers.clear()
        self.desk.passes(3600)
        self.desk.rebuilds()
        self.desk.passes(5)
        self.ended: set[CallSid] = set()

    @rule(number=numbers, masked=st.booleans())
    def somebody_rings(self, number: int, masked: bool) -> None:
        shown = None if masked else f"+33199{number:06d}"
        calls.answer(sid(number), LINE, shown, None, self.desk.services)  # type: ignore[arg-type]

    @rule(number=numbers, pressed=keys, turns_ago=st.integers(0, 2))
    def somebody_presses_keys(self, number: int, pressed: str, turns_ago: int) -> None:
        turn = self.turn_of(number) - turns_ago
        calls.hear(sid(number), turn, Keys(pressed), self.desk.services)

    @rule(number=numbers)
    def somebody_rings_and_says_what_they_need(self, number: int) -> None:
        self.somebody_rings(number, masked=False)
        for pressed in ("05170", "1"):
            self.somebody_presses_keys(number, pressed, 0)

    @rule(number=numbers, pressed=st.lists(st.sampled_from(["1", "2", "3", "0", ""]), max_size=3))
    def an_agent_rings_and_presses(self, number: int, pressed: list[str]) -> None:
        calls.answer(sid(number), LINE, INES.number, None, self.desk.services)  # type: ignore[arg-type]
        for each in (INES.pin, *pressed):
            self.somebody_presses_keys(number, each, 0)

    @rule(number=numbers)
    def somebodys_wait_is_fetched(self, number: int) -> None:
        wait(sid(number), "QU" + "1" * 32, self.desk.services)

    @rule(number=numbers, verse=st.integers(0, 3), pressed=st.sampled_from(["", "1", "3", "4"]))
    def somebody_presses_while_waiting(self, number: int, verse: int, pressed: str) -> None:
        turn = self.turn_of(number)
        press(sid(number), turn, verse, Keys(pressed), self.desk.services)

    @rule(number=numbers, result=st.sampled_from(["leave", "redirected", "hangup", "system-error"]))
    def somebody_leaves_the_queue(self, number: int, result: str) -> None:
        calls.left(sid(number), result, self.desk.services)
        self.ended |= {sid(number)} if result == "hangup" else set()

    @rule(number=numbers)
    def somebody_hangs_up(self, number: int) -> None:
        calls.hang_up(sid(number), self.desk.services)
        self.ended.add(sid(number))

    @rule(data=st.data(), status=st.sampled_from(["initiated", "ringing", "answered"]))
    def a_leg_moves(self, data: st.DataObject, status: str) -> None:
        legs.moved(
            self.an_offer(data), sid(900), status, None, over=False, services=self.desk.services
        )

    @rule(data=st.data(), status=statuses, code=st.sampled_from([None, 404, 486]))
    def a_leg_ends(self, data: st.DataObject, status: str, code: int | None) -> None:
        legs.moved(
            self.an_offer(data), sid(900), status, code, over=True, services=self.desk.services
        )

    @rule(data=st.data(), pressed=st.sampled_from(["1", "1", "2", "", "7"]))
    def an_agent_picks_up_and_presses(self, data: st.DataObject, pressed: str) -> None:
        offer = self.an_offer(data)
        screening.screen(offer, sid(900), self.desk.services)
        screening.press(offer, Keys(pressed), self.desk.services)

    @rule(data=st.data(), pressed=st.sampled_from(["1", ""]))
    def a_citizen_rung_back_presses(self, data: st.DataObject, pressed: str) -> None:
        offer = self.an_offer(data)
        with self.desk.services.store.reading() as tx:
            found = tx.offers.find(offer)
        if found is not None and found.accepted_at is not None:  # only then are they rung
            screening.greeted(offer, Keys(pressed), self.desk.services)

    @rule(data=st.data(), status=statuses, bridged=st.booleans(), leg_over=st.booleans())
    def a_ring_ends(self, data: st.DataObject, status: str, bridged: bool, leg_over: bool) -> None:
        with self.desk.services.store.reading() as tx:
            offer = tx.offers.find(self.an_offer(data))
        if offer is None:
            return
        if offer.call is not None:
            how: dict[str, Any] = {"bridged": bridged, "leg_over": leg_over}
            self.desk.ring_of_ends(offer.id, offer.call, status, **how)
            self.ended |= {offer.call} if leg_over else set()
        elif offer.accepted_at is not None:
            legs.called(offer.id, bridged=bridged, services=self.desk.services)

    @rule(data=st.data(), answer=answers)
    def a_job_is_done(self, data: st.DataObject, answer: Any) -> None:
        offer = self.an_offer(data)
        self.desk.wire.will(answer)
        placing.place(offer, self.desk.services)
        hastening.hasten(offer, self.desk.services)
        self.desk.wire.answers.clear()

    @rule(number=numbers, over=st.sampled_from(["completed", "in-progress"]))
    def a_quiet_call_is_asked_about(self, number: int, over: str) -> None:
        self.desk.wire.will(state(over))
        sweep.verify(sid(number), self.desk.services)
        self.desk.wire.answers.clear()
        self.ended |= {sid(number)} if over == "completed" else set()

    @rule(seconds=st.sampled_from([0.5, 4, 20, 61, 200]))
    def time_passes(self, seconds: float) -> None:
        self.desk.passes(seconds)
        sweep.tick(self.desk.services)
        sweep.check(self.desk.services)

    @rule()
    def redis_is_emptied(self) -> None:
        self.desk.forgets()

    @rule()
    def the_board_is_mended(self) -> None:
        board.rebuild(self.desk.services)
        board.reconcile(self.desk.services)

    @invariant()
    def sql_agrees_with_itself(self) -> None:
        open_offers = {offer.id: offer for offer in self.desk.offers()}
        with_agent = {Step.OFFERED, Step.TALKING}
        for call in self.every_call():
            assert (call.step in with_agent) is (call.offer is not None), call.step
            if call.offer is not None:
                assert open_offers[call.offer].call == call.sid
                talking = open_offers[call.offer].accepted_at is not None
                assert (call.step is Step.TALKING) is talking
            assert (call.outcome is not None) is call.over
        held_calls = {call.offer for call in self.every_call() if call.offer}
        with self.desk.services.store.reading() as tx:
            for offer in open_offers.values():
                assert offer.call is None or offer.id in held_calls
                if offer.callback is not None:
                    callback = tx.callbacks.find(offer.callback)
                    assert callback is not None
                    expected = State.CALLING if offer.accepted_at else State.OFFERED
                    assert callback.state is expected

    @invariant()
    def whoever_hung_up_is_gone_for_good(self) -> None:
        for call in self.ended:
            assert self.desk.call(call).over

    def teardown(self) -> None:
        """Everybody hangs up, and a little later nobody is held by anybody."""
        for call in self.every_call():
            calls.hang_up(call.sid, self.desk.services)
        for _ in range(3):
            self.desk.passes(130)
            self.desk.wire.answers.clear()
            for offer in self.desk.offers():
                self.desk.wire.will(state("completed"))
                legs.verify(offer.id, self.desk.services)
                self.desk.wire.answers.clear()
                if offer.callback is not None and offer.accepted_at is None:
                    legs.failed(offer.id, self.desk.services)
            sweep.check(self.desk.services)
        with self.desk.services.store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE callbacks SET state='unreached', closed_at=1")
        self.desk.passes(130)
        sweep.tick(self.desk.services)
        for offer in self.desk.offers():
            legs.failed(offer.id, self.desk.services)
        self.desk.passes(130)
        sweep.tick(self.desk.services)
        sweep.check(self.desk.services)
        assert self.desk.offers() == []
        assert {self.desk.holder(agent) for agent in self.desk.services.board.on_duty()} <= {""}

    def turn_of(self, number: int) -> int:
        with self.desk.services.store.reading() as tx:
            call = tx.calls.find(sid(number))
        return call.turn if call is not None else 1

    def an_offer(self, data: st.DataObject) -> OfferId:
        """One of the offers ever made, most likely an open one."""
        with self.desk.services.store.engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT id FROM offers ORDER BY closed_at IS NOT NULL, opened_at DESC, rowid DESC"
            )
            ids = [row.id for row in rows]
        return OfferId(data.draw(st.sampled_from(ids[:4]))) if ids else OfferId("none")

    def every_call(self) -> list[Any]:
        with self.desk.services.store.reading() as tx:
            found = [tx.calls.find(sid(number)) for number in range(6)]
        return [call for call in found if call is not None]


def test_in_any_order_nobody_is_with_two_people_and_nobody_is_left_held(
    sqlite_url: str, redis_url: str
) -> None:
    with open_desk(sqlite_url, redis_url) as desk:
        desk.has(INES, MALO)
        machine: Any = type("OneOrder", (AnyOrder,), {"desk": desk})
        machine.TestCase.settings = settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        machine.TestCase("runTest").runTest()
