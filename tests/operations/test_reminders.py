"""Whoever waits for a call on another day is reminded of it once, and never for nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dispatcher.domain.attempts import Miss
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import Call
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.schedule import WeeklySlots
from dispatcher.domain.wishes import Part
from dispatcher.operations import callbacks, changes, texts
from tests.operations.desk import Desk

MOBILE = PhoneNumber("+33639980042")
EVENING = 18  # in UTC: seven in Orcières, when nobody is rung back


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    line = replace(
        small_desk.services.lines[0],
        callback_windows=WeeklySlots.parse("mon-fri 09:00-12:30 13:30-18:00"),
    )
    small_desk.services = replace(small_desk.services, lines=[line])
    small_desk.at = small_desk.at.replace(hour=EVENING)
    return small_desk


def keeps(desk: Desk, call: Call | None = None) -> Callback:
    call = call or desk.waits(number=MOBILE)
    with desk.services.store.writing() as tx:
        callbacks.keep(call, tx, desk.services)
        found = tx.callbacks.of(call.sid)
    assert found is not None
    return found


def goes_to(desk: Desk, at: datetime) -> None:
    """The clock's rounds and the worker, until then."""
    while desk.at < at:
        desk.passes(60)
        texts.sweep(desk.services)
        for job, id in desk.jobs():
            if job == "texts.send":
                texts.send(id, desk.services)  # type: ignore[arg-type]


def sent(desk: Desk) -> list[str]:
    return [asked.fields["Body"] for asked in desk.wire.asked if asked.path == "Messages.json"]


def reminded(desk: Desk) -> list[str]:
    return [each for each in sent(desk) if "vous appelons" in each]


def test_somebody_to_be_rung_tomorrow_is_reminded_half_an_hour_before(desk: Desk) -> None:
    callback = keeps(desk)

    goes_to(desk, callback.due_at - timedelta(minutes=31))
    assert reminded(desk) == []
    goes_to(desk, callback.due_at + timedelta(hours=1))

    [told] = reminded(desk)
    assert "sous peu, à partir de 09h00" in told
    assert "01 99 00 01 00" in told
    assert "/r/" in told


def test_somebody_to_be_rung_in_days_is_reminded_on_the_eve_too(desk: Desk) -> None:
    callback = keeps(desk)
    friday = desk.at.date() + timedelta(days=3)
    assert changes.move(callback.id, Part.AFTERNOON, friday, desk.services)

    goes_to(desk, desk.at + timedelta(days=4))

    eve, soon = reminded(desk)
    assert "demain, à partir de 13h30" in eve
    assert "sous peu, à partir de 13h30" in soon


def test_whoever_moves_it_is_reminded_of_the_new_moment_alone(desk: Desk) -> None:
    callback = keeps(desk)
    goes_to(desk, desk.at + timedelta(hours=1))
    tomorrow = desk.at.date() + timedelta(days=1)
    assert changes.move(callback.id, Part.AFTERNOON, tomorrow, desk.services)

    goes_to(desk, desk.at + timedelta(days=2))

    [told] = reminded(desk)
    assert "13h30" in told


@pytest.mark.parametrize("to", [State.CANCELLED, State.SERVED, State.REACHED])
def test_nobody_is_reminded_of_what_is_over(desk: Desk, to: State) -> None:
    callback = keeps(desk)
    with desk.services.store.writing() as tx:
        assert tx.callbacks.move(callback.id, of=State.WAITING, to=to, at=desk.at)

    goes_to(desk, callback.due_at + timedelta(hours=1))

    assert reminded(desk) == []


def test_a_day_without_a_worker_leaves_no_reminder_of_the_past(desk: Desk) -> None:
    callback = keeps(desk)
    desk.at = callback.due_at + timedelta(hours=1)

    goes_to(desk, desk.at + timedelta(hours=1))

    assert reminded(desk) == []


def test_the_fourth_vain_try_is_told_and_how_to_ask_again(desk: Desk) -> None:
    callback = desk.keeps(number=MOBILE, attempts=3, state=State.CALLING)

    with desk.services.store.writing() as tx:
        callbacks.missed(callback, Miss.NO_ANSWER, tx, desk.services)
        callbacks.missed(callback, Miss.NO_ANSWER, tx, desk.services)
    goes_to(desk, desk.at + timedelta(minutes=5))

    [told] = [each for each in sent(desk) if "est close" in each]
    assert "01 99 00 01 00" in told
    with desk.services.store.reading() as tx:
        assert tx.texts.count(desk.at - timedelta(hours=1)) == 1


def test_a_landline_is_reminded_of_nothing(desk: Desk) -> None:
    keeps(desk, desk.waits())

    goes_to(desk, desk.at + timedelta(days=1))

    assert sent(desk) == []
