"""Regulars: who is due gets one callback, within a quota, in their hours, and behind who asks."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import sqlalchemy as sa

from dispatcher.domain.agents import Need
from dispatcher.domain.attempts import Miss
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.calls import Keys
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.regulars import Consent, Purpose, Regular
from dispatcher.domain.requests import Request
from dispatcher.domain.schedule import WeeklySlots
from dispatcher.domain.script import HangUp
from dispatcher.operations import (
    callbacks,
    legs,
    person,
    regular_rows,
    regulars,
    requests,
    screening,
    windows,
)
from dispatcher.store.schema import callbacks as table
from dispatcher.store.spool import Spool
from tests.hands import hands
from tests.office import TUESDAY, vault
from tests.operations.desk import ORCIERES, Desk
from tests.people import INES, MALO
from tests.regulars import Habit, sheet

ROSE = Habit()
DAY = timedelta(days=1)


def lists(desk: Desk, *habits: Habit) -> list[str]:
    """Import these; the problems."""
    imported = regular_rows.import_regulars(sheet(*habits).encode(), desk.services)
    return [problem.code for problem in imported.problems]


def listed(desk: Desk, first_name: str = "Rose", *, habit: Habit = ROSE) -> Regular:
    with desk.services.store.reading() as tx:
        found = tx.regulars.of(PhoneNumber(habit.telephone), first_name, Purpose.LEARNING)
    assert found is not None
    return found


def owed(desk: Desk) -> list[Callback]:
    with desk.services.store.reading() as tx:
        return tx.callbacks.owed()


def every_call(desk: Desk) -> list[CallbackId]:
    with desk.services.store.engine.connect() as connection:
        return [CallbackId(id) for id in connection.scalars(sa.select(table.c.id))]


def settles(desk: Desk, state: State) -> None:
    """Whatever is owed ends so, now."""
    with desk.services.store.writing() as tx:
        for each in tx.callbacks.owed():
            assert tx.callbacks.move(each.id, of=each.state, to=state, at=desk.at)


def many(count: int) -> list[Habit]:
    return [
        replace(ROSE, telephone=f"+331990020{n:02d}", first_name=f"R{'o' * n}")
        for n in range(count)
    ]


def test_of_many_sweeps_at_once_one_makes_a_callback(desk: Desk) -> None:
    desk.has(MALO)
    assert lists(desk, ROSE) == []

    with hands() as together:
        together([partial(regulars.call_due, desk.services)] * 6)
    regulars.call_due(desk.services)

    [call] = owed(desk)
    assert (call.regular, call.place_since) == (listed(desk).id, desk.at)
    assert listed(desk).next_at == desk.at + 30 * DAY


def test_the_next_call_counts_from_the_end_of_the_last_however_it_ended(small_desk: Desk) -> None:
    small_desk.has(MALO)
    lists(small_desk, ROSE)
    regulars.call_due(small_desk.services)
    small_desk.passes(11 * 86400)  # thirty days before a Monday
    settles(small_desk, State.CLOSED)
    ended = small_desk.at

    for _ in range(29):
        small_desk.passes(86400)
        regulars.call_due(small_desk.services)
    before = owed(small_desk)
    small_desk.passes(86400)
    regulars.call_due(small_desk.services)

    assert before == []
    [call] = owed(small_desk)
    assert call.asked_at == ended + 30 * DAY


def test_nobody_is_rung_in_their_night_or_on_their_holiday_and_their_day_stays(
    small_desk: Desk,
) -> None:
    small_desk.has(MALO)
    small_desk.at = TUESDAY.replace(month=12, day=24, hour=18)  # seven in the evening, Christmas
    habits = replace(ROSE, every_days="7", consented_on="2026-11-24")
    assert lists(small_desk, habits) == []

    regulars.call_due(small_desk.services)

    assert owed(small_desk) == []
    assert listed(small_desk).next_at == TUESDAY.replace(month=12, day=26, hour=8)


def test_windows_of_a_line_hold_for_regulars_too(small_desk: Desk) -> None:
    small_desk.has(MALO)
    line = replace(
        small_desk.services.lines[0], callback_windows=WeeklySlots.parse("wed 15:00-16:00")
    )
    small_desk.services = replace(small_desk.services, lines=(line,))
    lists(small_desk, ROSE)

    regulars.call_due(small_desk.services)

    assert owed(small_desk) == []
    assert listed(small_desk).next_at == TUESDAY.replace(day=25, hour=14)


def allows(desk: Desk, **quotas: int) -> None:
    line = replace(desk.services.lines[0], **quotas)  # type: ignore[arg-type]
    desk.services = replace(desk.services, lines=(line,))


def lives_days(desk: Desk, days: int) -> list[int]:
    """How many calls were made by the end of each day."""
    counts = []
    for _ in range(days):
        regulars.call_due(desk.services)
        regulars.call_due(desk.services)
        counts.append(len(every_call(desk)))
        desk.passes(86400)
    return counts


def test_no_more_than_the_quota_of_a_line_are_rung_in_a_day(small_desk: Desk) -> None:
    small_desk.has(MALO)
    allows(small_desk, regulars_per_day=3)
    lists(small_desk, *many(7))

    assert lives_days(small_desk, 3) == [3, 6, 7]


def test_no_more_than_the_quota_of_a_structure_are_rung_in_a_day(small_desk: Desk) -> None:
    small_desk.has(MALO, INES)
    allows(small_desk, regulars_per_structure=2)
    of_ines = replace(ROSE, telephone="+33199002099", agent="ines@exemple.test")
    lists(small_desk, *many(5), of_ines)

    assert lives_days(small_desk, 3) == [3, 5, 6]


def test_what_she_asks_herself_stands_for_the_call_she_is_owed_as_a_regular(
    small_desk: Desk,
) -> None:
    small_desk.has(MALO)
    lists(small_desk, ROSE)
    regulars.call_due(small_desk.services)
    [call] = owed(small_desk)

    asks = Request(PhoneNumber(ROSE.telephone), ORCIERES, Need.MEDIATION, "Rose")
    id = callbacks.new_id(small_desk.at)
    asked = requests.ask(asks, id, small_desk.services.lines[0], small_desk.services, address=None)

    assert asked is not None
    assert owed(small_desk) == [asked]
    assert asked.regular is None
    with small_desk.services.store.writing() as tx:
        assert regulars.stop(listed(small_desk).id, tx, at=small_desk.at)
        found = tx.callbacks.find(call.id)
    assert owed(small_desk) == [asked], "a stop of these calls ends nothing else"
    assert found is not None
    assert found.state is State.CANCELLED


def test_a_text_that_says_stop_is_about_texts(small_desk: Desk) -> None:
    small_desk.has(MALO)
    lists(small_desk, ROSE)
    with small_desk.services.store.writing() as tx:
        tx.stops.note(PhoneNumber(ROSE.telephone), at=small_desk.at)

    regulars.call_due(small_desk.services)

    assert len(owed(small_desk)) == 1


def test_at_the_moment_of_dialling_they_are_asked_of_once_more(small_desk: Desk) -> None:
    small_desk.has(MALO)
    lists(small_desk, ROSE)
    regulars.call_due(small_desk.services)
    [call] = owed(small_desk)

    with small_desk.services.store.writing() as tx:
        may = windows.may_ring(call, tx, small_desk.services)
        tx.regulars.stop(listed(small_desk).id, at=small_desk.at)
        may_now = windows.may_ring(call, tx, small_desk.services)

    assert (may, may_now) == (True, False)
    assert owed(small_desk) == []


def test_a_stop_ends_the_call_that_is_planned(small_desk: Desk) -> None:
    small_desk.has(MALO)
    lists(small_desk, ROSE)
    regulars.call_due(small_desk.services)

    with small_desk.services.store.writing() as tx:
        regulars.stop(listed(small_desk).id, tx, at=small_desk.at)

    assert owed(small_desk) == []


def test_a_number_that_does_not_exist_is_not_rung_next_month(small_desk: Desk) -> None:
    small_desk.has(MALO)
    lists(small_desk, ROSE)
    regulars.call_due(small_desk.services)
    settles(small_desk, State.DEAD)
    small_desk.passes(31 * 86400)

    regulars.call_due(small_desk.services)

    assert owed(small_desk) == []
    assert listed(small_desk).stopped_at == small_desk.at


def test_who_goes_on_is_rung_for_another_year(small_desk: Desk) -> None:
    small_desk.has(MALO)
    lists(small_desk, replace(ROSE, until="2026-12-01"))
    regulars.call_due(small_desk.services)
    asked = listed(small_desk)
    until = small_desk.at + 365 * DAY

    assert regulars.prolong(asked.id, Consent.TELEPHONE, until, small_desk.services)

    assert asked.asked_again_at is not None
    after = listed(small_desk)
    assert (after.asked_again_at, after.until) == (None, until)
    assert lists(small_desk, replace(ROSE, until="2026-12-01")) == [], "the file of before"
    assert listed(small_desk).until == until


def test_a_consent_of_long_ago_puts_nobody_new_on_the_list(small_desk: Desk) -> None:
    small_desk.has(MALO)
    old = replace(ROSE, first_name="Paul", consented_on="2026-08-01")

    assert lists(small_desk, ROSE, old) == ["consent.old"]

    with small_desk.services.store.reading() as tx:
        assert tx.regulars.all() == [], "all of a file, or nothing"


def test_whoever_asks_to_be_erased_is_on_no_list(small_desk: Desk, tmp_path: object) -> None:
    small_desk.has(MALO)
    lists(small_desk, ROSE, replace(ROSE, telephone="+33199000009"))
    regulars.call_due(small_desk.services)
    spool = Spool(tmp_path, vault(), lambda: small_desk.at)  # type: ignore[arg-type]
    number = PhoneNumber(ROSE.telephone)

    held = person.export(number, spool, small_desk.services)
    done = person.erase(number, spool, small_desk.services)

    assert [each.first_name for each in held.regulars] == ["Rose"]
    assert (done.regulars, done.callbacks) == (1, 1)
    assert done.left.nothing
    assert len(owed(small_desk)) == 1, "the other one's"


def test_a_voicemail_is_told_no_last_word_and_the_second_vain_try_ends_this_call(
    small_desk: Desk,
) -> None:
    small_desk.has(MALO)
    lists(small_desk, ROSE)
    regulars.call_due(small_desk.services)
    [call] = owed(small_desk)

    told = []
    for _ in range(10 * 48):
        callbacks.offer_due(small_desk.services)
        if small_desk.offers():
            offer = small_desk.only_offer().id
            small_desk.presses_one(offer)
            told.append(screening.greeted(offer, Keys(""), small_desk.services))
            legs.called(offer, bridged=False, why=Miss.VOICEMAIL, services=small_desk.services)
        small_desk.passes(1800)

    after = small_desk.callback(call.id)
    assert told == [(HangUp(),)] * 2
    assert (after.state, after.attempts) == (State.CLOSED, 2)
    assert listed(small_desk).goes_on(small_desk.at)


def test_a_three_is_heard_when_the_offer_was_closed_before_it_came(small_desk: Desk) -> None:
    small_desk.has(MALO)
    lists(small_desk, ROSE)
    regulars.call_due(small_desk.services)
    callbacks.offer_due(small_desk.services)
    offer = small_desk.only_offer().id
    small_desk.presses_one(offer)
    legs.called(offer, bridged=False, why=Miss.VOICEMAIL, services=small_desk.services)

    screening.greeted(offer, Keys("3"), small_desk.services)

    assert listed(small_desk).stopped_at == small_desk.at
    assert owed(small_desk) == []
