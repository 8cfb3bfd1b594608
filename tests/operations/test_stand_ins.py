"""Colleagues are asked to stand in, the nearest first; one takes it, and whoever asked is free."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain.agents import Aside
from dispatcher.domain.mails import Address
from dispatcher.domain.occurrences import Moved, SlotId
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.slots import Span
from dispatcher.domain.stand_ins import StandInId, State
from dispatcher.domain.timetables import Absence
from dispatcher.domain.users import Email
from dispatcher.domain.zones import Zones
from dispatcher.operations import agents, stand_ins, swaps, timetables, users
from dispatcher.operations.swaps import Standing
from tests.operations.desk import Desk
from tests.operations.swapping import (
    ASKER,
    CHEF,
    FREE,
    NEAR,
    THURSDAY,
    asks,
    days,
    every,
    slots,
    stands,
    told,
)
from tests.people import GUY, INES, MALO, NOE, YANN, ZOE

STARTS = datetime(2026, 11, 26, 8, tzinfo=UTC)


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    watch = replace(small_desk.services.watch, to=[Address(CHEF)])
    small_desk.services = replace(small_desk.services, watch=watch)
    return small_desk


def test_the_nearest_who_serve_that_place_and_are_free_are_asked_each_with_their_own_link(
    desk: Desk,
) -> None:
    busy = replace(NOE, slots="thu 11:00-13:00")
    away, far = replace(GUY, slots=""), replace(YANN, slots="")
    ines, near, free, _, gone, _ = desk.has(ASKER, NEAR, FREE, busy, away, far)
    timetables.absent(gone, Absence(THURSDAY, THURSDAY), desk.services)

    wanted = asks(desk, ines)

    subject = "Permanence : un collègue cherche un remplaçant, 26/11 9h-12h"
    assert told(desk) == [("mona@exemple.test", subject), ("malo@exemple.test", subject)]
    links = [letter.body.partition("/remplacement/")[2][:29] for letter in desk.postbag.letters]
    assert len(set(links)) == 2
    assert stands(desk, wanted) == (State.OPEN, None)
    assert days(desk, ines) == [THURSDAY]
    assert days(desk, near) == days(desk, free) == []


def test_whoever_takes_it_has_that_day_and_whoever_asked_is_released_and_told(desk: Desk) -> None:
    ines, near = desk.has(ASKER, NEAR)
    wanted = asks(desk, ines)
    told(desk)

    taken = swaps.accept(wanted.id, near, desk.services)

    assert taken is not None
    assert taken.standing is Standing.YOURS
    assert (days(desk, ines), days(desk, near)) == ([], [THURSDAY])
    assert told(desk) == [
        ("ines@exemple.test", "Permanence : un collègue vous remplace, 26/11 9h-12h"),
        (CHEF, "Permanence : un remplaçant est trouvé, 26/11 9h-12h"),
    ]
    again = swaps.accept(wanted.id, near, desk.services)
    assert again is not None
    assert again.standing is Standing.YOURS
    assert len(slots(desk, near)) == 1
    assert told(desk) == []


def test_the_second_hears_that_it_is_taken(desk: Desk) -> None:
    ines, near, free = desk.has(ASKER, NEAR, FREE)
    wanted = asks(desk, ines)
    swaps.accept(wanted.id, near, desk.services)

    late = swaps.accept(wanted.id, free, desk.services)

    assert late is not None
    assert late.standing is Standing.GONE
    assert days(desk, free) == []


def test_a_removal_that_leaves_nobody_asks_colleagues_and_tells_whom_alerts_are_for(
    desk: Desk,
) -> None:
    ines, near = desk.has(ASKER, NEAR)

    timetables.cancel(ines, slots(desk, ines)[0], desk.services, day=THURSDAY)

    [wanted] = every(desk)
    assert (wanted.released, wanted.occurrence.on) == (True, THURSDAY)
    assert told(desk) == [
        ("mona@exemple.test", "Permanence : un collègue cherche un remplaçant, 26/11 9h-12h"),
        (CHEF, "Permanence : plus personne n'est prévu, 26/11 9h-12h"),
    ]
    swaps.accept(wanted.id, near, desk.services)
    assert (days(desk, ines), days(desk, near)) == ([], [THURSDAY])


def test_a_slot_made_shorter_asks_for_the_hours_that_nobody_has_and_keeps_the_rest(
    desk: Desk,
) -> None:
    ines, near = desk.has(ASKER, NEAR)
    [slot] = slots(desk, ines)

    timetables.edit(ines, slot, replace(slot.pattern, span=Span(540, 630)), desk.services)

    first, second = every(desk)  # this Thursday and the next
    assert (first.released, first.span, second.span) == (True, Span(630, 720), Span(630, 720))
    subjects = dict(told(desk))
    assert subjects["mona@exemple.test"].endswith("un remplaçant, 03/12 10h30-12h")
    assert subjects[CHEF].startswith("Permanence : plus personne n'est prévu, 26/11 10h30-12h")
    swaps.accept(first.id, near, desk.services)
    assert (days(desk, ines), days(desk, near)) == ([THURSDAY], [THURSDAY])
    [mine] = slots(desk, near)
    assert mine.pattern.span == Span(630, 720)


def test_an_edit_that_is_refused_or_leaves_somebody_there_asks_nobody(desk: Desk) -> None:
    ines, _ = desk.has(ASKER, replace(NEAR, slots="thu 10:00-13:00"))
    [slot] = slots(desk, ines)
    shorter = replace(slot.pattern, span=Span(540, 630))
    old = replace(slot, version=9)

    assert timetables.edit(ines, old, shorter, desk.services) is timetables.Refused.CONFLICT
    timetables.edit(ines, slot, shorter, desk.services)

    assert (every(desk), told(desk)) == ([], [])


def test_a_removal_that_leaves_somebody_there_asks_nobody(desk: Desk) -> None:
    ines, _ = desk.has(ASKER, replace(NEAR, slots="thu 08:00-13:00"))

    timetables.cancel(ines, slots(desk, ines)[0], desk.services, day=THURSDAY)

    assert (every(desk), told(desk)) == ([], [])


def test_a_slot_taken_away_for_good_and_an_absence_ask_for_each_day_up_to_four(desk: Desk) -> None:
    daily = replace(INES, slots="mon-fri 09:00-12:00")
    ines, _ = desk.has(daily, NEAR)

    timetables.absent(ines, Absence(THURSDAY, THURSDAY + timedelta(days=10)), desk.services)

    assert [each.on.day for each in every(desk)] == [26, 27, 30, 1]
    chef = [subject for to, subject in told(desk) if to == CHEF]
    assert chef == ["Permanence : plus personne n'est prévu, " + ", ".join(
        f"{day} 9h-12h" for day in ("26/11", "27/11", "30/11", "01/12"))]  # fmt: skip


def test_a_removal_that_is_refused_asks_nobody(desk: Desk) -> None:
    ines, _ = desk.has(ASKER, NEAR)
    old = slots(desk, ines)[0]
    timetables.edit(ines, old, replace(old.pattern, holidays=False), desk.services)

    assert timetables.cancel(ines, old, desk.services) is timetables.Refused.CONFLICT

    assert (every(desk), told(desk)) == ([], [])


def test_coordinators_of_that_place_are_told_instead_and_others_are_not(desk: Desk) -> None:
    for name, zones in (("cora", "departement:05"), ("loin", "departement:29")):
        grant = Grant(Role.COORDINATOR, zones=Zones.parse(zones))
        users.create(Email(f"{name}@exemple.test"), grant, desk.services)
    users.create(Email("tech@exemple.test"), Grant(Role.TECHNICAL), desk.services)
    [ines] = desk.has(ASKER)

    timetables.cancel(ines, slots(desk, ines)[0], desk.services)

    assert {to for to, _ in told(desk)} == {"cora@exemple.test"}


def test_with_no_colleague_to_ask_coordinators_hear_it_at_once_and_once(desk: Desk) -> None:
    [ines] = desk.has(ASKER)

    wanted, again = asks(desk, ines), asks(desk, ines)

    assert wanted == again
    assert told(desk) == [(CHEF, "Permanence : pas de remplaçant, 26/11 9h-12h")]


def test_what_nobody_took_expires_when_it_begins_and_coordinators_are_told(desk: Desk) -> None:
    ines, near = desk.has(ASKER, NEAR)
    wanted = asks(desk, ines)
    told(desk)
    desk.at = STARTS - timedelta(seconds=1)
    stand_ins.expire(desk.services)
    assert stands(desk, wanted) == (State.OPEN, None)

    desk.at = STARTS
    assert swaps.accept(wanted.id, near, desk.services) == swaps.Seen(wanted, Standing.OVER)
    stand_ins.expire(desk.services)
    stand_ins.expire(desk.services)

    assert stands(desk, wanted) == (State.EXPIRED, None)
    assert told(desk) == [(CHEF, "Permanence : pas de remplaçant, 26/11 9h-12h")]
    assert days(desk, ines) == [THURSDAY]


def test_whoever_asked_may_withdraw_and_nobody_else_may(desk: Desk) -> None:
    ines, near = desk.has(ASKER, NEAR)
    wanted = asks(desk, ines)
    which = (wanted.slot, THURSDAY)

    assert not stand_ins.withdraw(near, *which, desk.services)
    assert stand_ins.withdraw(ines, *which, desk.services)
    assert not stand_ins.withdraw(ines, *which, desk.services)

    late = swaps.accept(wanted.id, near, desk.services)
    assert late is not None
    assert late.standing is Standing.OVER
    assert asks(desk, ines).id != wanted.id


@pytest.mark.parametrize("how", ["moved", "cancelled", "edited", "away"])
def test_a_slot_changed_since_is_asked_for_no_more(desk: Desk, how: str) -> None:
    ines, near = desk.has(ASKER, NEAR)
    wanted, slot = asks(desk, ines), slots(desk, ines)[0]
    if how == "moved":
        moved = Moved(THURSDAY, Span(14 * 60, 17 * 60))
        timetables.move(ines, slot, THURSDAY, moved, desk.services)
    elif how == "cancelled":
        timetables.cancel(ines, slot, desk.services, day=THURSDAY)
    elif how == "edited":
        longer = replace(slot.pattern, span=Span(9 * 60, 13 * 60))
        timetables.edit(ines, slot, longer, desk.services)
    else:
        timetables.absent(ines, Absence(THURSDAY, THURSDAY), desk.services)

    taken = swaps.accept(wanted.id, near, desk.services)

    assert taken is not None
    assert taken.standing is Standing.OVER
    assert stands(desk, wanted) == (State.WITHDRAWN, None)
    assert days(desk, near) == []


def test_whoever_is_there_again_is_replaced_by_nobody(desk: Desk) -> None:
    ines, near = desk.has(ASKER, NEAR)
    away = Absence(THURSDAY, THURSDAY)
    timetables.absent(ines, away, desk.services)
    [wanted] = every(desk)
    timetables.back(ines, away, desk.services)
    told(desk)

    taken = swaps.accept(wanted.id, near, desk.services)

    assert taken is not None
    assert taken.standing is Standing.OVER
    desk.at = STARTS
    stand_ins.expire(desk.services)
    assert told(desk) == []


def test_what_is_void_when_it_begins_ends_in_silence(desk: Desk) -> None:
    ines, _ = desk.has(ASKER, NEAR)
    wanted = asks(desk, ines)
    timetables.absent(ines, Absence(THURSDAY, THURSDAY), desk.services)
    told(desk)

    desk.at = STARTS
    stand_ins.expire(desk.services)

    assert stands(desk, wanted) == (State.WITHDRAWN, None)
    assert told(desk) == []


def test_an_agent_who_cannot_be_rung_or_whose_account_is_closed_is_shown_nothing(
    desk: Desk,
) -> None:
    users.create(Email(NEAR.email), Grant(Role.AGENT, "orcieres"), desk.services)
    ines, near, free = desk.has(ASKER, NEAR, FREE)
    agents.put_aside(free, Aside.NO_SUCH_NUMBER, desk.services)
    with desk.services.store.writing() as tx:
        known = tx.users.of_email(Email(NEAR.email))
        assert known is not None
        tx.users.link_agent(known.id, near)
    wanted = asks(desk, ines)
    users.disable(Email(NEAR.email), desk.services)

    for nobody in (near, free):
        assert swaps.look(wanted.id, nobody, desk.services) is None
        assert swaps.accept(wanted.id, nobody, desk.services) is None
    assert swaps.look(StandInId("0" * 16), ines, desk.services) is None
    assert stands(desk, wanted) == (State.OPEN, None)


def test_whoever_has_taken_a_slot_meanwhile_is_not_free(desk: Desk) -> None:
    ines, near = desk.has(ASKER, NEAR)
    wanted = asks(desk, ines)
    timetables.post(near, wanted.pattern, desk.services)

    taken = swaps.accept(wanted.id, near, desk.services)

    assert taken is not None
    assert taken.standing is Standing.BUSY
    assert stands(desk, wanted) == (State.OPEN, None)


def test_nothing_is_asked_for_a_slot_that_is_not_there_or_has_begun(desk: Desk) -> None:
    [ines] = desk.has(ASKER)
    [slot] = slots(desk, ines)

    assert stand_ins.ask(ines, SlotId("none"), THURSDAY, desk.services) is None
    assert stand_ins.ask(ines, slot.id, THURSDAY + timedelta(days=1), desk.services) is None
    desk.at = STARTS
    assert stand_ins.ask(ines, slot.id, THURSDAY, desk.services) is None


def test_only_those_with_the_skill_are_asked(desk: Desk) -> None:
    mediator = replace(INES, slots="thu 09:00-12:00", skills="mediation:1")
    ines, _, _ = desk.has(mediator, replace(ZOE, slots=""), replace(MALO, slots=""))

    asks(desk, ines)

    assert [to for to, _ in told(desk)] == ["malo@exemple.test"]
