"""Somebody chooses a half-hour: it is theirs alone, rung in it, and left to others afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import Need
from dispatcher.domain.bookings import Wanted
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.mails import Kind as MailKind
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.requests import Request
from dispatcher.domain.texts import Kind
from dispatcher.domain.wishes import Part
from dispatcher.operations import (
    agents,
    bookings,
    callbacks,
    changes,
    duty_reminders,
    offers,
    requests,
    windows,
)
from dispatcher.store.mails import mails
from dispatcher.store.schema import texts
from tests.hands import hands
from tests.operations.desk import ORCIERES, Desk, number
from tests.people import INES, YANN, ZOE

THURSDAY = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)  # 14:00 in Orcières
NEXT = THURSDAY + timedelta(minutes=30)
ROSE = Request(number(77), ORCIERES, Need.PROCEDURES, "Rose", half_hour=THURSDAY)


def asks(desk: Desk, request: Request = ROSE) -> Callback:
    id = callbacks.new_id(desk.at)
    line = desk.services.lines[0]
    kept = requests.ask(request, id, line, desk.services, address=None)
    assert kept is not None
    return kept


def is_refused(desk: Desk, request: Request = ROSE) -> bool:
    try:
        asks(desk, request)
    except bookings.Taken:
        return True
    return False


def free(desk: Desk) -> tuple[datetime, ...]:
    wanted = Wanted(desk.services.lines[0].id, ORCIERES, Need.PROCEDURES)
    return bookings.free(wanted, desk.services)


def comes(desk: Desk) -> None:
    """It is the half-hour that was chosen, and who is on is on."""
    desk.at = THURSDAY
    agents.refresh(desk.services)
    desk.passes(5)


def queued(desk: Desk) -> list[str]:
    with desk.services.store.reading() as tx:
        query = sa.select(texts.c.kind).where(texts.c.kind != Kind.CALLBACK_KEPT)
        return sorted(tx.callbacks._connection.scalars(query))


def test_of_six_who_want_the_last_one_at_once_one_has_it_and_of_the_others_nothing_is_kept(
    desk: Desk,
) -> None:
    desk.has(INES)
    people = [replace(ROSE, number=number(70 + nth)) for nth in range(6)]

    with hands() as together:
        refused = together(partial(is_refused, desk, each) for each in people)

    assert sorted(refused) == [False] + [True] * 5
    with desk.services.store.reading() as tx:
        [kept] = tx.callbacks.owed()
    assert (kept.booked_at, kept.due_at, kept.state) == (THURSDAY, THURSDAY, State.WAITING)
    assert THURSDAY not in free(desk)


def test_one_for_each_agent_and_no_more(small_desk: Desk) -> None:
    small_desk.has(INES, ZOE)

    for nth in (1, 2):
        assert THURSDAY in free(small_desk)
        asks(small_desk, replace(ROSE, number=number(nth)))

    assert is_refused(small_desk)
    assert NEXT in free(small_desk)


def test_nothing_can_be_chosen_where_nobody_near_is_on(small_desk: Desk) -> None:
    small_desk.has(YANN)

    assert free(small_desk) == ()
    assert is_refused(small_desk)


@pytest.mark.parametrize("way", ["cancels", "moves", "chooses another"])
def test_whoever_wants_it_no_more_leaves_it_to_others(small_desk: Desk, way: str) -> None:
    small_desk.has(INES)
    id = asks(small_desk).id
    assert THURSDAY not in free(small_desk)

    if way == "cancels":
        changes.cancel(id, small_desk.services)
    elif way == "moves":
        assert changes.move(id, Part.ANY, None, small_desk.services)
    else:
        assert changes.book(id, NEXT, small_desk.services)

    assert THURSDAY in free(small_desk)
    assert (NEXT in free(small_desk)) is (way != "chooses another")
    booked = small_desk.callback(id).booked_at
    assert booked == {"cancels": THURSDAY, "chooses another": NEXT}.get(way)


def test_whoever_changes_to_one_that_is_taken_keeps_what_they_had(small_desk: Desk) -> None:
    small_desk.has(INES)
    first = asks(small_desk)
    asks(small_desk, replace(ROSE, number=number(78), half_hour=NEXT))

    assert not changes.book(first.id, NEXT, small_desk.services)

    assert small_desk.callback(first.id) == first
    assert THURSDAY not in free(small_desk)


def test_to_choose_what_is_theirs_already_changes_nothing(small_desk: Desk) -> None:
    small_desk.has(INES)
    first = asks(small_desk)

    assert changes.book(first.id, THURSDAY, small_desk.services)

    assert small_desk.callback(first.id) == first
    assert THURSDAY not in free(small_desk)


def test_what_is_left_does_not_tell_whether_somebody_is_owed_a_callback(small_desk: Desk) -> None:
    small_desk.has(INES)
    asks(small_desk, replace(ROSE, half_hour=None))

    second = asks(small_desk)

    assert second.state is State.JOINED
    assert THURSDAY not in free(small_desk)


def test_the_same_page_sent_twice_takes_one(small_desk: Desk) -> None:
    small_desk.has(INES, ZOE)
    id, line = callbacks.new_id(small_desk.at), small_desk.services.lines[0]
    for _ in range(2):
        kept = requests.ask(ROSE, id, line, small_desk.services, address=None)
        assert kept is not None

    assert THURSDAY in free(small_desk), "the other agent's"


def test_a_callback_of_a_call_is_moved_to_a_half_hour_and_keeps_its_place(
    small_desk: Desk,
) -> None:
    small_desk.has(INES)
    kept = small_desk.keeps(id=CallbackId("a" * 24))

    assert changes.book(kept.id, THURSDAY, small_desk.services)

    moved = small_desk.callback(kept.id)
    assert (moved.due_at, moved.booked_at) == (THURSDAY, THURSDAY)
    assert moved.place_since == kept.place_since
    small_desk.at = THURSDAY - timedelta(seconds=1)
    callbacks.offer_due(small_desk.services)
    assert small_desk.offers() == []


def test_it_is_rung_in_its_half_hour_and_first_by_whose_time_was_promised(
    small_desk: Desk,
) -> None:
    """Zoe, who has one skill, would ring before Ines, who has both."""
    ines, zoe = small_desk.has(INES, ZOE)
    first, second = asks(small_desk), asks(small_desk, replace(ROSE, number=number(78)))
    with small_desk.services.store.reading() as tx:
        promised = {tx.seats.agent_of(each.id): each for each in (first, second)}
    assert set(promised) == {ines, zoe}
    comes(small_desk)

    for agent in (ines, zoe):
        offers.seek_for_callback(promised[agent], small_desk.services)

    taken = {offer.agent: offer.callback for offer in small_desk.offers()}
    assert taken == {agent: each.id for agent, each in promised.items()}


def test_if_who_was_promised_is_not_there_somebody_else_rings(small_desk: Desk) -> None:
    ines, zoe = small_desk.has(INES, ZOE)
    kept = asks(small_desk)
    with small_desk.services.store.reading() as tx:
        promised = tx.seats.agent_of(kept.id)
    comes(small_desk)
    small_desk.services.board.off(promised)  # type: ignore[arg-type]

    callbacks.offer_due(small_desk.services)

    assert small_desk.only_offer().agent == ({ines, zoe} - {promised}).pop()


def test_they_are_reminded_the_day_before_and_shortly_before(small_desk: Desk) -> None:
    small_desk.has(INES)
    mobile = replace(ROSE, number=PhoneNumber("+33639980077"))

    asks(small_desk, mobile)

    assert queued(small_desk) == [Kind.CALLBACK_SOON, Kind.CALLBACK_TOMORROW]


def test_the_line_says_how_far_ahead_and_how_many(small_desk: Desk) -> None:
    small_desk.has(INES)
    line = replace(small_desk.services.lines[0], booking_days=1, bookings_per_agent=2)
    small_desk.services = replace(small_desk.services, lines=(line,))
    tomorrow = THURSDAY - timedelta(days=1, hours=5)
    assert max(free(small_desk)) == tomorrow + timedelta(minutes=30)

    for nth in (1, 2):
        asks(small_desk, replace(ROSE, number=number(nth), half_hour=tomorrow))

    assert tomorrow not in free(small_desk)
    none = replace(line, booking_days=0)
    small_desk.services = replace(small_desk.services, lines=(none,))
    assert free(small_desk) == ()


def test_who_wants_no_call_before_two_is_rung_at_two(small_desk: Desk) -> None:
    small_desk.has(INES)
    after = replace(ROSE, half_hour=None, not_before=14 * 60)

    kept = asks(small_desk, after)

    assert kept.due_at == THURSDAY - timedelta(days=2)
    hours = windows.hours_for(kept, small_desk.services)
    assert not hours.is_open(kept.due_at - timedelta(seconds=1))
    assert hours.is_open(kept.due_at + timedelta(days=1))


def test_looking_asks_sql_as_often_for_two_agents_as_for_one(small_desk: Desk) -> None:
    asked: list[str] = []
    engine = small_desk.services.store.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    counts = []
    for people in ((INES,), (INES, ZOE)):
        small_desk.has(*people)
        asked.clear()
        free(small_desk)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_a_booked_id_that_nobody_has_books_nothing(small_desk: Desk) -> None:
    small_desk.has(INES)

    assert not changes.book(CallbackId("nobody"), THURSDAY, small_desk.services)

    assert THURSDAY in free(small_desk)


def test_the_agent_whose_half_hour_was_promised_is_reminded_of_it(small_desk: Desk) -> None:
    small_desk.has(INES)
    asks(small_desk)
    small_desk.at = THURSDAY - timedelta(minutes=10)

    duty_reminders.remind(small_desk.services)

    with small_desk.services.store.reading() as tx:
        query = sa.select(mails.c.kind).where(mails.c.kind == MailKind.DUTY_CALLBACK)
        assert len(tx.callbacks._connection.scalars(query).all()) == 1
