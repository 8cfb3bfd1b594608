"""Callbacks kept while on the line, offered like a call, placed once."""

from dataclasses import replace
from functools import partial

import pytest

from dispatcher.domain.attempts import Miss
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import CallSid, Keys, OfferId, Outcome, Step, Why
from dispatcher.domain.offers import Offer, callback_waiter
from dispatcher.domain.schedule import OpeningHours, WeeklySlots
from dispatcher.operations import callbacks, calls, legs, offers, placing, screening, sweep
from tests.hands import hands
from tests.operations.desk import Desk, rung, sid
from tests.operations.wire import error, state
from tests.people import INES, MALO

ROUNDS = 10


def offered(desk: Desk, *helpers: object) -> tuple[Callback, Offer]:
    """A callback, and the offer of it to Ines."""
    desk.has(INES)
    callback = desk.keeps()
    callbacks.offer_due(desk.services)
    offer = desk.only_offer()
    assert offer.callback == callback.id
    desk.jobs()
    return callback, offer


def hears(desk: Desk, call: CallSid, keys: str) -> Step:
    calls.hear(call, desk.call(call).turn, Keys(keys), desk.services)
    return desk.call(call).step


def is_on_line(desk: Desk) -> CallSid:
    """Somebody who was just told that they will be rung back, since nobody is on."""
    call, _ = desk.asks()
    assert desk.call(call).step is Step.KEPT
    return call


def kept(desk: Desk, call: CallSid) -> Callback:
    with desk.services.store.reading() as tx:
        found = tx.callbacks.of(call)
    assert found is not None
    return found


def test_nobody_on_is_a_callback_at_once(desk: Desk) -> None:
    call = is_on_line(desk)

    assert kept(desk, call).why is Why.NOBODY_ON
    assert kept(desk, call).number == desk.call(call).number


def test_another_number_replaces_the_first_once_it_is_confirmed(desk: Desk) -> None:
    call = is_on_line(desk)
    assert hears(desk, call, "2") is Step.KEEP_NUMBER
    assert hears(desk, call, "0199000042") is Step.KEEP_CONFIRM
    assert kept(desk, call).number == desk.call(call).number

    assert hears(desk, call, "1") is Step.KEPT

    assert kept(desk, call).number == "+33199000042"


def test_whoever_keys_no_second_number_keeps_the_first_and_waits_no_more(desk: Desk) -> None:
    """Else they would be answered on the line and rung back as well."""
    call = is_on_line(desk)
    hears(desk, call, "2")

    for _ in range(3):
        hears(desk, call, "0899123456")

    assert desk.call(call).outcome is Outcome.CALLBACK
    assert kept(desk, call).number == desk.call(call).number


@pytest.mark.parametrize("keys", [[], ["2"], ["2", "0199000042"]])
def test_a_hang_up_once_a_callback_is_kept_has_that_outcome(desk: Desk, keys: list[str]) -> None:
    call = is_on_line(desk)
    for each in keys:
        hears(desk, call, each)

    calls.hang_up(call, desk.services)

    assert desk.call(call).outcome is Outcome.CALLBACK
    assert kept(desk, call).state is State.WAITING


def test_those_who_rang_while_closed_are_rung_back_in_the_order_they_rang(desk: Desk) -> None:
    hours = OpeningHours(WeeklySlots.parse("mon-fri 11:00-12:00"), "Europe/Paris")
    desk.services = replace(desk.services, lines=[replace(desk.services.lines[0], hours=hours)])
    rang = []
    for _ in range(6):
        call, _ = desk.asks()
        rang.append(call)
        calls.hang_up(call, desk.services)
        desk.passes(10)
    [ines] = desk.has(INES)
    desk.at = desk.at.replace(hour=10, minute=0, second=0)
    sweep.check(desk.services)

    served = []
    for _ in rang:
        desk.passes(40)
        with desk.services.store.reading() as tx:
            for callback in tx.callbacks.due(at=desk.at):
                plan = offers.plan_for(callback, desk.services)
                waiter, since = callback_waiter(callback.id), callback.place_since
                desk.services.board.wait(waiter, plan, since=since, at=desk.at)
        offers.rematch(ines, desk.services)
        offer = desk.only_offer()
        served.append(desk.callback(offer.callback).call)  # type: ignore[arg-type]
        desk.presses_one(offer.id)
        legs.called(offer.id, bridged=False, why=Miss.DEAD, services=desk.services)

    assert served == rang


def test_a_callback_is_offered_once_however_many_look(desk: Desk) -> None:
    agents = desk.has(INES, MALO)
    with hands() as together:
        for _ in range(ROUNDS):
            callback = desk.keeps()

            together(
                [partial(callbacks.offer_due, desk.services)] * 2
                + [partial(offers.rematch, agent, desk.services) for agent in agents]
            )

            offer = desk.only_offer()
            assert offer.callback == callback.id
            assert desk.callback(callback.id).state is State.OFFERED
            held = [desk.holder(agent) for agent in agents]
            assert held.count(callback_waiter(callback.id)) == 1
            desk.presses_one(offer.id)
            legs.called(offer.id, bridged=False, why=Miss.DEAD, services=desk.services)
            desk.passes(3600)


def test_two_workers_place_an_offer_once(desk: Desk) -> None:
    desk.has(INES)
    with hands() as together:
        for _ in range(ROUNDS):
            desk.keeps()
            callbacks.offer_due(desk.services)
            offer = desk.only_offer()
            desk.wire.asked.clear()

            together([partial(placing.place, offer.id, desk.services)] * 3)

            assert [(asked.path, asked.fields["To"]) for asked in desk.wire.asked] == [
                ("Calls.json", INES.number)
            ]
            desk.presses_one(offer.id)
            legs.called(offer.id, bridged=False, why=Miss.DEAD, services=desk.services)
            desk.passes(3600)


def test_two_workers_and_two_seconds_of_allowance_place_an_offer_once(desk: Desk) -> None:
    """The line's pace must not be what keeps a second worker away."""
    _, offer = offered(desk)

    for _ in range(3):
        placing.place(offer.id, desk.services)
        desk.passes(2)

    assert len(desk.wire.asked) == 1


def test_the_line_starts_calls_at_the_carriers_pace_and_the_sweep_asks_again(desk: Desk) -> None:
    desk.has(INES, MALO)
    for _ in range(2):
        desk.keeps()
    callbacks.offer_due(desk.services)
    first, second = desk.offers()

    placing.place(first.id, desk.services)
    placing.place(second.id, desk.services)
    assert len(desk.wire.asked) == 1
    desk.jobs()
    desk.passes(3)
    sweep.tick(desk.services)

    assert desk.jobs() == [("callbacks.place", second.id)]
    placing.place(second.id, desk.services)
    assert len(desk.wire.asked) == 2


def test_an_agent_rung_late_has_a_whole_lease_to_take_it(desk: Desk) -> None:
    callback, offer = offered(desk)
    desk.passes(55)
    placing.place(offer.id, desk.services)

    desk.passes(14)
    sweep.tick(desk.services)

    assert rung(desk.presses_one(offer.id)) == callback.number


def test_too_many_requests_rings_nobody_and_is_tried_again(desk: Desk) -> None:
    _, offer = offered(desk)
    desk.wire.will(error(429, 20429))
    placing.place(offer.id, desk.services)
    desk.passes(3)
    sweep.tick(desk.services)
    assert desk.jobs() == [("callbacks.place", offer.id)]

    placing.place(offer.id, desk.services)

    assert len(desk.wire.asked) == 2
    assert desk.offer(offer.id).placed_at == desk.at


def test_too_many_requests_for_ever_keep_nobody_for_ever(desk: Desk) -> None:
    callback, offer = offered(desk)
    for _ in range(30):
        desk.wire.will(error(429, 20429))
        placing.place(offer.id, desk.services)
        desk.passes(2)

    sweep.tick(desk.services)

    assert not desk.offer(offer.id).open
    assert desk.callback(callback.id).state is State.WAITING


@pytest.mark.parametrize("answer", [error(500), error(503), ConnectionError("cut"), TimeoutError()])
def test_what_may_have_rung_is_not_rung_again(desk: Desk, answer: object) -> None:
    callback, offer = offered(desk)
    desk.wire.will(answer)  # type: ignore[arg-type]
    placing.place(offer.id, desk.services)
    desk.passes(3)
    sweep.tick(desk.services)
    placing.place(offer.id, desk.services)

    assert len(desk.wire.asked) == 1
    assert desk.jobs() == []
    desk.passes(60)
    sweep.tick(desk.services)
    assert desk.callback(callback.id).state is State.WAITING
    assert desk.holder(offer.agent) == ""


def test_an_agent_who_was_rung_although_the_carrier_failed_to_say_so_may_take_it(
    desk: Desk,
) -> None:
    callback, offer = offered(desk)
    desk.wire.will(error(500))
    placing.place(offer.id, desk.services)

    heard = desk.presses_one(offer.id)

    assert rung(heard) == callback.number
    assert desk.callback(callback.id).state is State.CALLING


def test_a_refusal_for_good_gives_the_callback_to_another_and_counts_against_the_number(
    desk: Desk,
) -> None:
    callback, offer = offered(desk)
    desk.wire.will(error(400, 13224))

    placing.place(offer.id, desk.services)

    assert desk.callback(callback.id).state is State.WAITING
    assert desk.offer(offer.id).carrier_code == 13224
    assert desk.offer(offer.id).past.no_such_number
    assert desk.holder(offer.agent) == ""


def test_an_agent_who_does_not_take_it_gives_it_back_with_its_place(desk: Desk) -> None:
    callback, offer = offered(desk)
    placing.place(offer.id, desk.services)
    desk.rings(offer.id)

    legs.moved(offer.id, sid(900), "no-answer", None, over=True, services=desk.services)
    legs.moved(offer.id, sid(900), "no-answer", None, over=True, services=desk.services)

    assert desk.callback(callback.id) == callback
    assert desk.offer(offer.id).past.missed


@pytest.mark.parametrize("pressed", [True, False])
@pytest.mark.parametrize("bridged", [True, False])
def test_a_citizen_is_reached_by_their_key_and_the_carriers_bridge(
    desk: Desk, pressed: bool, bridged: bool
) -> None:
    callback, offer = offered(desk)
    desk.presses_one(offer.id)
    screening.greet(offer.id, CallSid("CA" + "0" * 32), desk.services)
    screening.greeted(offer.id, Keys("1" if pressed else ""), desk.services)

    for _ in range(2):
        legs.called(offer.id, bridged=bridged, why=Miss.VOICEMAIL, services=desk.services)

    after = desk.callback(callback.id)
    reached = pressed and bridged
    assert after.state is (State.REACHED if reached else State.WAITING)
    assert after.attempts == (0 if reached else 1)
    assert not desk.offer(offer.id).open
    desk.passes(3600)
    sweep.tick(desk.services)
    assert desk.offers() == [], "it is placed once, until hours later"


def test_one_agent_presses_twice_and_the_citizen_is_rung_by_one_document(desk: Desk) -> None:
    callback, offer = offered(desk)

    assert desk.presses_one(offer.id) == screening.press(offer.id, Keys("1"), desk.services)

    assert desk.callback(callback.id).state is State.CALLING


def test_an_agent_who_hangs_up_after_the_talk_settles_it_too(desk: Desk) -> None:
    callback, offer = offered(desk)
    desk.presses_one(offer.id)
    screening.greeted(offer.id, Keys("1"), desk.services)

    legs.moved(offer.id, sid(900), "completed", None, over=True, services=desk.services)
    legs.called(offer.id, bridged=True, services=desk.services)

    assert desk.callback(callback.id).state is State.REACHED


@pytest.mark.parametrize("told", [True, False], ids=["its leg was told", "nothing was told"])
def test_a_talk_of_which_nothing_is_heard_is_asked_about_and_closed(desk: Desk, told: bool) -> None:
    """Every status of the leg may be lost; the screening was the first that we heard of it."""
    callback, offer = offered(desk)
    placing.place(offer.id, desk.services)
    if told:
        desk.rings(offer.id)
    screening.screen(offer.id, sid(900), desk.services)
    screening.press(offer.id, Keys("1"), desk.services)
    desk.passes(76)
    sweep.check(desk.services)
    assert ("callbacks.verify", offer.id) in desk.jobs()

    desk.wire.will(state("in-progress"))
    legs.verify(offer.id, desk.services)
    assert desk.offer(offer.id).open
    desk.wire.will(state("completed"))
    legs.verify(offer.id, desk.services)
    legs.verify(offer.id, desk.services)

    assert desk.callback(callback.id).state is State.WAITING, "nobody knows that they were rung"
    assert desk.holder(offer.agent) == ""


def test_a_talk_that_cannot_be_asked_about_goes_on(desk: Desk) -> None:
    _, offer = offered(desk)
    desk.presses_one(offer.id)
    for answer in (error(429), error(500), ConnectionError("cut")):
        desk.wire.will(answer)
        legs.verify(offer.id, desk.services)

    assert desk.offer(offer.id).open


def test_a_job_about_an_offer_that_is_over_does_nothing(desk: Desk) -> None:
    _, offer = offered(desk)
    desk.presses_one(offer.id)
    legs.called(offer.id, bridged=False, why=Miss.DEAD, services=desk.services)

    placing.place(offer.id, desk.services)
    placing.place(OfferId("nothing"), desk.services)
    legs.verify(offer.id, desk.services)

    assert desk.wire.asked == []
