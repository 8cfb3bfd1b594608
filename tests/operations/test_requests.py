"""Callbacks asked for without a call: kept once, raised within bounds, and ended for good."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.floods import FORMS_OF_ADDRESS
from dispatcher.domain.requests import Request
from dispatcher.domain.schedule import OpeningHours, WeeklySlots
from dispatcher.domain.wishes import Part
from dispatcher.operations import callbacks, changes, offers, requests, windows
from tests.hands import hands
from tests.operations.desk import ORCIERES, Desk, number
from tests.people import INES

ROSE = Request(number(77), ORCIERES, Need.PROCEDURES, "Rose")
SUNDAYS = WeeklySlots.parse("sun 09:00-10:00")


def asks(desk: Desk, request: Request = ROSE, *, address: str | None = None) -> Callback | None:
    id = callbacks.new_id(desk.at)
    return requests.ask(request, id, desk.services.lines[0], desk.services, address=address)


def asked(desk: Desk, request: Request = ROSE) -> Callback:
    found = asks(desk, request)
    assert found is not None
    return found


def now(desk: Desk, callback: Callback) -> Callback:
    with desk.services.store.reading() as tx:
        found = tx.callbacks.find(callback.id)
    assert found is not None
    return found


def owed(desk: Desk) -> list[Callback]:
    with desk.services.store.reading() as tx:
        return tx.callbacks.owed()


def test_of_many_who_ask_the_same_at_once_one_is_owed_and_the_others_join(desk: Desk) -> None:
    with hands() as together:
        kept = together([partial(asks, desk)] * 6)

    states = [each.state for each in kept]
    assert sorted(states) == sorted([State.WAITING] + [State.JOINED] * 5)
    assert len(owed(desk)) == 1


def test_one_page_sent_by_many_hands_at_once_is_one_request(desk: Desk) -> None:
    id, line = callbacks.new_id(desk.at), desk.services.lines[0]
    ask = partial(requests.ask, ROSE, id, line, desk.services, address=None)

    with hands() as together:
        kept = together([ask] * 6)

    assert {(each.id, each.state) for each in kept} == {(id, State.WAITING)}


def test_an_allowance_is_spent_to_the_end_and_no_further_by_many_hands(desk: Desk) -> None:
    most = FORMS_OF_ADDRESS.at_most
    people = [replace(ROSE, number=number(n), first_name=f"R{'o' * n}") for n in range(most + 4)]
    for each in people[: most - 4]:
        assert asks(desk, each, address="62.34.1.1")

    with hands() as together:
        kept = together([partial(asks, desk, each, address="62.34.1.1") for each in people[-8:]])

    assert sum(each is not None for each in kept) == 4


def test_an_allowance_is_whole_again_when_its_time_is_over(desk: Desk) -> None:
    people = [replace(ROSE, number=number(n), first_name=f"R{'o' * n}") for n in range(22)]
    for each in people:
        asks(desk, each, address="62.34.1.1")
    desk.passes(3600)

    assert asks(desk, replace(ROSE, number=number(99)), address="62.34.1.1")


def test_the_nearer_a_deadline_the_further_forward_and_never_more_than_a_day(desk: Desk) -> None:
    days = [None, date(2027, 1, 1), date(2026, 11, 30), date(2026, 11, 26), date(2026, 11, 24)]
    places = [
        asked(desk, replace(ROSE, first_name=f"R{'o' * n}", deadline=day)).place_since
        for n, day in enumerate(days)
    ]

    assert places == sorted(places, reverse=True)
    assert places[0] == places[1] == desk.at
    assert desk.at - timedelta(days=1) <= places[-1] < places[2] < desk.at


def test_whoever_asks_while_closed_has_the_place_of_the_opening(desk: Desk) -> None:
    hours = OpeningHours(WeeklySlots.parse("mon-fri 11:00-12:00"), "Europe/Paris")
    desk.services = replace(desk.services, lines=[replace(desk.services.lines[0], hours=hours)])

    callback = asked(desk)

    assert callback.place_since == callback.due_at == desk.at + timedelta(hours=1)


def test_a_part_of_the_day_of_which_the_windows_have_nothing_is_any(desk: Desk) -> None:
    """The windows may have changed since they asked."""
    windows_then = WeeklySlots.parse("mon-fri 09:00-12:00")
    line = replace(desk.services.lines[0], callback_windows=windows_then)
    desk.services = replace(desk.services, lines=[line])

    assert windows.parts(line) == (Part.ANY, Part.MORNING)
    assert asked(desk, replace(ROSE, part=Part.AFTERNOON)).due_at == desk.at


def test_a_cancelled_callback_stays_so_though_its_window_has_shut(desk: Desk) -> None:
    """Its agent is being rung, and presses 1 only then."""
    desk.has(INES)
    callback = asked(desk)
    callbacks.offer_due(desk.services)
    offer = desk.only_offer()
    changes.cancel(callback.id, desk.services)
    line = replace(desk.services.lines[0], callback_windows=SUNDAYS)
    desk.services = replace(desk.services, lines=[line])

    desk.presses_one(offer.id)

    assert now(desk, callback).state is State.CANCELLED
    assert owed(desk) == []


@pytest.mark.parametrize("to", [State.CALLING, State.REACHED])
def test_nobody_who_is_rung_or_was_is_put_back_by_a_change(desk: Desk, to: State) -> None:
    callback = asked(desk)
    with desk.services.store.writing() as tx:
        assert tx.callbacks.move(callback.id, of=State.WAITING, to=to, at=desk.at)

    changes.cancel(callback.id, desk.services)
    changes.move(callback.id, Part.AFTERNOON, None, desk.services)

    assert now(desk, callback).state is to


def test_who_is_offered_and_wants_it_at_once_stays_offered(desk: Desk) -> None:
    desk.has(INES)
    callback = asked(desk)
    callbacks.offer_due(desk.services)

    assert changes.move(callback.id, Part.MORNING, None, desk.services)

    assert now(desk, callback).state is State.OFFERED


def test_the_callback_of_a_call_and_that_of_a_form_are_two(desk: Desk) -> None:
    """Nobody said who rang."""
    kept = desk.keeps()

    asked(desk, replace(ROSE, number=kept.number))

    assert len(owed(desk)) == 2


def test_a_callback_without_a_call_survives_the_loss_of_the_board(desk: Desk) -> None:
    desk.has(INES)
    callback = asked(desk)
    desk.forgets()
    desk.rebuilds()
    desk.passes(5)

    callbacks.offer_due(desk.services)

    assert desk.only_offer().callback == callback.id
    assert offers.plan_for(callback, desk.services).baskets
