"""Days of trying to reach somebody, in the time of a test."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from dispatcher.domain.attempts import Miss
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import Keys, OfferId, Step
from dispatcher.domain.offers import Offer
from dispatcher.domain.schedule import WeeklySlots, instant, local
from dispatcher.domain.script import HangUp, Say
from dispatcher.domain.timetables import Timetable
from dispatcher.operations import callbacks, claims, legs, screening, windows
from tests.operations.desk import Desk
from tests.people import INES

HALF_AN_HOUR = 1800.0


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    windows = WeeklySlots.parse("mon-fri 09:00-12:30 13:30-18:00")
    line = replace(small_desk.services.lines[0], callback_windows=windows)
    small_desk.services = replace(small_desk.services, lines=[line])
    small_desk.has(INES)
    return small_desk


def rung(desk: Desk, callback: Callback) -> OfferId | None:
    """The citizen is rung, if it is time."""
    callbacks.offer_due(desk.services)
    if not desk.offers():
        return None
    offer = desk.only_offer().id
    desk.presses_one(offer)
    return offer


def test_four_tries_in_other_half_days_within_the_windows_and_then_it_is_closed(
    desk: Desk,
) -> None:
    callback = desk.keeps()
    last_words = []

    for _ in range(14 * 48):  # two weeks
        if (offer := rung(desk, callback)) is not None:
            last_words.append(screening.greeted(offer, Keys(""), desk.services))
            legs.called(offer, bridged=False, why=Miss.VOICEMAIL, services=desk.services)
        desk.passes(HALF_AN_HOUR)

    after = desk.callback(callback.id)
    assert (after.state, after.attempts) == (State.CLOSED, 4)
    with desk.services.store.reading() as tx:
        moves = tx.callbacks.moves(callback.id)
    tries = [at for at, state in moves if state == Miss.VOICEMAIL]
    for one, other in pairwise(tries):
        assert other - one >= timedelta(hours=3)
    there = [local(at, "Europe/Paris") for at in tries]
    halves = [(each.date(), each.hour >= 13) for each in there]
    assert len(set(halves)) == 4
    hours = WeeklySlots.parse("mon-fri 09:00-12:30 13:30-18:00")
    assert all(Timetable.of_week(hours).covers(at) for at in tries)
    *neutral, told = last_words
    assert neutral == [(HangUp(),)] * 3
    assert isinstance(told[0], Say)
    assert told[0].key == "callback.last"


def test_a_callback_asked_for_at_night_is_due_in_the_morning_of_their_own_clock(desk: Desk) -> None:
    desk.at = desk.at.replace(hour=19, minute=30)  # half past eight in the evening in Orcières
    call = desk.waits()

    with desk.services.store.writing() as tx:
        callbacks.keep(call, tx, desk.services)

    with desk.services.store.reading() as tx:
        kept = tx.callbacks.of(call.sid)
    assert kept is not None
    assert local(kept.due_at, "Europe/Paris").isoformat()[:16] == "2026-11-25T09:00"


def test_one_that_nobody_took_before_the_window_closed_is_due_when_it_opens(desk: Desk) -> None:
    callback = desk.keeps()
    desk.at = desk.at.replace(hour=17, minute=30)  # half past six

    assert rung(desk, callback) is None

    after = desk.callback(callback.id)
    assert after.state is State.WAITING
    assert local(after.due_at, "Europe/Paris").hour == 9
    assert after.place_since == callback.place_since
    assert desk.holder(desk.roster()[0].id) == ""


def test_a_person_is_rung_back_once_for_a_need_however_often_they_ask(desk: Desk) -> None:
    first, second = desk.waits(), desk.waits(number=None)
    second = replace(second, keyed_number=first.number)

    with desk.services.store.writing() as tx:
        callbacks.keep(first, tx, desk.services)
        callbacks.keep(second, tx, desk.services)

    with desk.services.store.reading() as tx:
        [kept] = tx.callbacks.owed()
    assert kept.call == first.sid


def test_somebody_who_keys_a_number_that_is_owed_a_callback_gives_up_their_own(desk: Desk) -> None:
    first, second = desk.waits(), desk.waits()
    with desk.services.store.writing() as tx:
        callbacks.keep(first, tx, desk.services)
        callbacks.keep(second, tx, desk.services)

    with desk.services.store.writing() as tx:
        callbacks.keep(replace(second, keyed_number=first.number), tx, desk.services)

    with desk.services.store.reading() as tx:
        [kept] = tx.callbacks.owed()
        given_up = tx.callbacks.of(second.sid)
    assert kept.call == first.sid
    assert given_up is not None
    assert given_up.state is State.CANCELLED


@pytest.mark.parametrize(
    ("commune", "zone", "works_on_boxing_day"),
    [
        ("97411", "Indian/Reunion", True),
        ("67482", "Europe/Paris", False),
        (None, "Europe/Paris", True),
    ],
)
def test_windows_are_on_the_clock_and_calendar_of_where_they_live(
    desk: Desk, commune: str | None, zone: str, works_on_boxing_day: bool
) -> None:
    callback = replace(desk.keeps(), commune=commune)

    hours = windows.hours_for(callback, desk.services)

    assert hours.zone == zone
    noon = instant(datetime(2025, 12, 26, 12), zone)  # noqa: DTZ001  a Friday, on their own clocks
    assert hours.is_open(noon) is works_on_boxing_day


def test_where_the_line_has_no_windows_somebody_not_reached_is_rung_again_at_civil_hours(
    desk: Desk,
) -> None:
    line = replace(desk.services.lines[0], callback_windows=None)
    desk.services = replace(desk.services, lines=[line])
    desk.at = desk.at.replace(hour=20)  # nine in the evening: they asked, so they are rung
    callback = desk.keeps()
    offer = rung(desk, callback)
    assert offer is not None

    legs.called(offer, bridged=False, why=Miss.NO_ANSWER, services=desk.services)

    again = local(desk.callback(callback.id).due_at, "Europe/Paris")
    assert (again.day, again.hour) == (25, 9)


def test_somebody_answered_while_their_agent_is_rung_is_not_rung(desk: Desk) -> None:
    callback = desk.keeps()
    callbacks.offer_due(desk.services)
    offer = desk.only_offer().id
    desk.passes(5)
    call = desk.waits(number=callback.number, step=Step.TALKING)

    heard = desk.presses_one(offer)

    assert heard == screening.TAKEN
    assert desk.callback(callback.id).state is State.SERVED
    assert desk.call(call.sid).step is Step.TALKING


def test_one_whose_agent_is_rung_already_is_not_put_off_by_another(desk: Desk) -> None:
    """Two proposals, the second when the window has just closed: it is the first's to decide."""
    callback = desk.keeps()
    callbacks.offer_due(desk.services)
    desk.at = desk.at.replace(hour=17, minute=1)
    late = Offer(OfferId("late"), desk.roster()[0].id, desk.at, desk.at)

    claims.claim_for_callback(callback.id, late, {}, desk.services)

    assert desk.callback(callback.id).state is State.OFFERED
    assert [offer.id for offer in desk.offers()] != [late.id]
