"""A desk whose doors and jobs are opened in an order that hypothesis chooses.

They are about calls and offers that may long be over; time passes in between, and Redis is emptied, or comes back older
than it was. In the end either all who are owed somebody are served, or all hang up and nobody is left held.
"""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Call, CallSid, Keys, OfferId, Outcome, Step
from dispatcher.domain.offers import Offer, callback_waiter
from dispatcher.live import keys as live_keys
from dispatcher.operations import (
    board,
    calls,
    hastening,
    legs,
    placing,
    reconciling,
    screening,
    sweep,
)
from dispatcher.operations.waiting import press, wait
from dispatcher.store.schema import metadata
from tests.office import TUESDAY
from tests.operations.desk import QUEUE, Desk, sid
from tests.operations.desk import number as number_of
from tests.operations.wire import CREATED, error, inbound, listing, state
from tests.people import INES, LINE

KEPT_TABLES = {"agents", "structures", "slots"}
WAITING = {Step.WAITING, Step.OFFERED, Step.TALKING}
ROUNDS = 40
Saved = dict[bytes, tuple[Any, int]]
numbers = st.integers(0, 5)
keys = st.sampled_from(["", "0", "1", "2", "05170", "05000", "0199000042", "9"])
statuses = st.sampled_from(["no-answer", "busy", "failed", "completed", "canceled"])
answers = st.sampled_from([CREATED, error(429), error(500), error(400, 13224), ConnectionError()])


class AnyOrder(RuleBasedStateMachine):
    """``desk`` has two agents, whom everybody may have."""

    desk: Desk

    @initialize(served=st.booleans())
    def an_empty_desk(self, served: bool) -> None:
        with self.desk.services.store.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                if table.name in KEPT_TABLES:
                    continue
                connection.execute(table.delete())
        self.desk.redis.flushdb()
        self.desk.wire.answers.clear()
        self.desk.at = TUESDAY
        self.everybody_comes_back()
        self.desk.rebuilds()
        self.desk.passes(5)
        self.ended: set[CallSid] = set()
        self.served = served
        self.redis_is_saved()
        self.morning = self.saved

    @rule(number=numbers, masked=st.booleans())
    def somebody_rings(self, number: int, masked: bool) -> None:
        shown = None if masked else f"+33199{number:06d}"
        calls.answer(sid(number), LINE, shown, None, self.desk.services)  # type: ignore[arg-type]

    @rule(number=numbers, pressed=keys, turns_ago=st.integers(0, 2))
    def somebody_presses_keys(self, number: int, pressed: str, turns_ago: int) -> None:
        turn = self.turn_of(number) - turns_ago
        calls.hear(sid(number), turn, Keys(pressed), self.desk.services)

    @rule(many=st.integers(1, 3))
    def some_ring_and_say_what_they_need(self, many: int) -> None:
        new = [number for number in range(6) if self.call_of(number) is None]
        for number in new[:many]:
            self.somebody_rings(number, masked=False)
            for pressed in ("05170", "1"):
                self.somebody_presses_keys(number, pressed, 0)
            self.nobody_waits_beside_somebody_free(number)

    @rule(number=numbers)
    def somebodys_wait_is_fetched(self, number: int) -> None:
        wait(sid(number), QUEUE, self.desk.services)
        self.nobody_waits_beside_somebody_free(number)

    @rule(number=numbers, verse=st.integers(0, 3), pressed=st.sampled_from(["", "1", "3", "4"]))
    def somebody_presses_while_waiting(self, number: int, verse: int, pressed: str) -> None:
        turn = self.turn_of(number)
        press(sid(number), turn, verse, Keys(pressed), self.desk.services)

    @rule(number=numbers, pressed=st.lists(st.sampled_from(["1", "2", "3", "0", ""]), max_size=3))
    def an_agent_rings_and_presses(self, number: int, pressed: list[str]) -> None:
        calls.answer(sid(number), LINE, INES.number, None, self.desk.services)  # type: ignore[arg-type]
        for each in (INES.pin, *pressed):
            self.somebody_presses_keys(number, each, 0)

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

    @rule(since=st.sampled_from([40, 600]))
    def the_carrier_lists_its_calls(self, since: float) -> None:
        """All are over there; of those that we know ourselves, that says nothing."""
        listed = [
            inbound(sid(n), starts=self.desk.at, ends=self.desk.at, **{"from": number_of(n)})
            for n in range(6)
        ]
        self.desk.passes(since)
        self.desk.wire.will(listing(*listed))
        reconciling.reconcile(reconciling.MARK, self.desk.services)
        self.desk.wire.answers.clear()
        self.ended |= {sid(n) for n in range(6) if self.is_over(n)}

    @rule(seconds=st.sampled_from([0.5, 4, 20, 61, 200]))
    def time_passes(self, seconds: float) -> None:
        self.desk.passes(seconds)
        sweep.tick(self.desk.services)
        sweep.check(self.desk.services)
        self.no_ghost_waits()

    @rule()
    def redis_is_saved(self) -> None:
        redis = self.desk.redis
        self.saved: Saved = {
            key: (redis.dump(key), max(redis.pttl(key), 0))
            for key in redis.scan_iter(live_keys.TAG + "*")
        }

    @rule()
    def redis_is_emptied(self) -> None:
        self.desk.forgets()

    @rule()
    def redis_comes_back_older(self) -> None:
        self.comes_back(self.saved)

    @rule()
    def redis_comes_back_as_it_was_in_the_morning(self) -> None:
        self.comes_back(self.morning)

    def comes_back(self, saved: Saved) -> None:
        """Started again from a file, so in another run; all who wait ask before a sweep."""
        self.desk.forgets()
        for key, (value, lives) in saved.items():
            self.desk.redis.restore(key, lives, value)
        if self.desk.redis.exists(live_keys.EPOCH):
            self.desk.redis.set(live_keys.EPOCH, "anotherrun 0")
        for number in range(6):
            wait(sid(number), QUEUE, self.desk.services)

    @rule()
    def the_board_is_mended(self) -> None:
        board.rebuild(self.desk.services)
        board.reconcile(self.desk.services)

    @invariant()
    def nobody_is_with_two(self) -> None:
        for who in ("agent", "call", "callback"):
            held = [held for offer in self.desk.offers() if (held := getattr(offer, who))]
            assert len(set(held)) == len(held), f"two open offers of one {who}"

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

    def nobody_waits_beside_somebody_free(self, number: int) -> None:
        """A caller who has just asked is offered whoever is free, unless they just had them."""
        services, call = self.desk.services, self.call_of(number)
        if call is None or call.step is not Step.WAITING or not services.board.is_current():
            return
        with services.store.reading() as tx:
            away = {offer.agent for offer in [*tx.offers.open(), *tx.offers.of(call=call.sid)]}
        for each in services.board.candidates(at=self.desk.at):
            assert each.until is not None
            free = each.free_at is not None and each.free_at <= self.desk.at < each.until
            assert not free or each.id in away, "a caller waits beside an agent who is free"

    def no_ghost_waits(self) -> None:
        with self.desk.services.store.reading() as tx:
            owed = {callback_waiter(each.id) for each in tx.callbacks.owed()}
        living = {call.sid for call in self.every_call() if not call.over}
        assert self.desk.services.board.waiting() <= living | owed, "a ghost waits"

    def teardown(self) -> None:
        """Once all is quiet everybody is served, or hangs up, and nobody is held by anybody."""
        if not hasattr(self, "served"):
            return
        self.desk.wire.answers.clear()
        if self.served:
            self.everybody_comes_back()
            self.everybody_is_served()
            self.every_promise_is_kept()
        for call in self.every_call():
            calls.hang_up(call.sid, self.desk.services)
        if not self.served:
            self.nobody_does_anything()
        for _ in range(2):
            self.desk.passes(130)
            sweep.tick(self.desk.services)
            sweep.check(self.desk.services)
        assert self.desk.offers() == []
        assert {self.desk.holder(agent) for agent in self.desk.services.board.on_duty()} == {""}

    def everybody_comes_back(self) -> None:
        """No agent is paused, nor blamed for anything before."""
        blameless = "paused_until=NULL, aside=NULL, judged_since=NULL, on_until=NULL"
        with self.desk.services.store.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE agents SET {blameless}")

    def everybody_is_served(self) -> None:
        """Agents take what they are offered, and callers stay: nobody is left waiting in the end."""
        for _ in range(ROUNDS):
            sweep.tick(self.desk.services)
            sweep.check(self.desk.services)
            self.no_ghost_waits()
            owed = self.owed()
            if not owed:
                return
            self.desk.passes(35)
            for call in owed:
                wait(call, QUEUE, self.desk.services)
            for offer in self.desk.offers():
                self.is_taken(offer)
        raise AssertionError(f"still waiting: {owed}")

    def owed(self) -> list[CallSid]:
        """The calls of all who wait for somebody, or for a callback."""
        waiting = [call.sid for call in self.every_call() if call.step in WAITING]
        with self.desk.services.store.reading() as tx:
            return waiting + [each.call for each in tx.callbacks.owed() if each.call]

    def is_taken(self, offer: Offer) -> None:
        """Agent and caller talk, and are done."""
        self.desk.presses_one(offer.id)
        if offer.call is not None:
            self.desk.ring_of_ends(offer.id, offer.call, "completed", bridged=True)
        else:
            screening.greeted(offer.id, Keys("1"), self.desk.services)
            legs.called(offer.id, bridged=True, services=self.desk.services)

    def every_promise_is_kept(self) -> None:
        with self.desk.services.store.engine.connect() as connection:
            kept = {*connection.exec_driver_sql("SELECT number_key FROM callbacks").scalars()}
        vault = self.desk.services.store._vault
        for call in self.every_call():
            if call.outcome is Outcome.CALLBACK:
                assert {vault.key(call.number), vault.key(call.keyed_number)} & kept, "lost"

    def nobody_does_anything(self) -> None:
        """Whoever rings, nobody picks up; conversations end without a word from the carrier."""
        for _ in range(3):
            self.desk.passes(130)
            sweep.tick(self.desk.services)
            for offer in self.desk.offers():
                self.desk.wire.will(state("completed"))
                legs.verify(offer.id, self.desk.services)
                self.desk.wire.answers.clear()
                if offer.callback is not None and offer.accepted_at is None:
                    legs.failed(offer.id, self.desk.services)
        with self.desk.services.store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE callbacks SET state='cancelled', closed_at=1")
        for offer in self.desk.offers():
            legs.failed(offer.id, self.desk.services)

    def call_of(self, number: int) -> Call | None:
        with self.desk.services.store.reading() as tx:
            return tx.calls.find(sid(number))

    def turn_of(self, number: int) -> int:
        call = self.call_of(number)
        return call.turn if call is not None else 1

    def is_over(self, number: int) -> bool:
        call = self.call_of(number)
        return call is not None and call.over

    def an_offer(self, data: st.DataObject) -> OfferId:
        """One of the offers ever made, most likely an open one."""
        with self.desk.services.store.engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT id FROM offers ORDER BY closed_at IS NOT NULL, opened_at DESC, rowid DESC"
            )
            ids = [row.id for row in rows]
        return OfferId(data.draw(st.sampled_from(ids[:4]))) if ids else OfferId("none")

    def every_call(self) -> list[Call]:
        return [call for number in range(6) if (call := self.call_of(number)) is not None]
