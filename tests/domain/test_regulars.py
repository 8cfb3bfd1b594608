"""When a regular is due, and what their file may say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.attempts import is_last
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import LineId, RegularId, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.regular_rows import read_regulars
from dispatcher.domain.regulars import Consent, Purpose, Regular, call_of, open_to_both
from dispatcher.domain.schedule import OpeningHours, WeeklySlots
from tests.office import ATLAS
from tests.regulars import HEADER, Habit, sheet

DAY = timedelta(days=1)
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = AT.date()
ROSE = Regular(
    id=RegularId("r1"),
    line=LineId("principale"),
    number=PhoneNumber("+33199000001"),
    first_name="Rose",
    commune="05096",
    need=Need.MEDIATION,
    purpose=Purpose.LEARNING,
    agent=AgentId(7),
    every_days=30,
    next_at=AT,
    until=AT + 200 * DAY,
    consented_at=AT - 40 * DAY,
    consent=Consent.TELEPHONE,
)
OFFICE = OpeningHours(WeeklySlots.parse("mon-fri 09:00-12:30 13:30-18:00"), "Europe/Paris")


def test_the_first_call_is_a_rhythm_after_they_agreed_and_the_next_after_the_last_one_ended() -> (
    None
):
    assert ROSE.due_from(None) == AT - 10 * DAY
    assert ROSE.due_from(AT - 3 * DAY) == AT + 27 * DAY


def test_nobody_is_rung_once_they_stopped_or_their_last_day_is_over() -> None:
    assert ROSE.goes_on(AT)
    assert not ROSE.goes_on(ROSE.until)
    assert not replace(ROSE, stopped_at=AT).goes_on(AT)


def test_they_are_asked_whether_to_go_on_in_their_last_month() -> None:
    assert not ROSE.is_asked(ROSE.until - 31 * DAY)
    assert ROSE.is_asked(ROSE.until - 30 * DAY)


def test_their_call_has_its_place_behind_all_who_wait_and_is_tried_twice() -> None:
    call = call_of(ROSE, CallbackId("k1"), at=AT)

    assert (call.place_since, call.helper, call.why) == (AT, ROSE.agent, Why.REGULAR)
    assert not is_last(call)
    assert is_last(replace(call, attempts=1))


def test_a_moment_is_found_that_is_in_the_hours_of_both() -> None:
    afternoons = OpeningHours(WeeklySlots.parse("mon-fri 14:00-15:00"), "Indian/Reunion")
    mornings = replace(OFFICE, holidays=frozenset([date(2026, 11, 25)]))
    nights = OpeningHours(WeeklySlots.parse("mon-sun 22:00-23:00"), "Europe/Paris")

    found = open_to_both(mornings, afternoons, at=AT + DAY / 2)

    assert found == datetime(2026, 11, 26, 10, 0, tzinfo=UTC), "two in Réunion, eleven in Paris"
    assert open_to_both(OFFICE, nights, at=AT) is None


def test_an_older_consent_changes_neither_their_last_day_nor_what_they_were_asked() -> None:
    known = replace(ROSE, asked_again_at=AT)
    older = replace(ROSE, id=RegularId("new"), consented_at=AT - 50 * DAY, until=AT + DAY)
    newer = replace(older, consented_at=AT, every_days=7)

    assert older.said_anew(known) == known
    assert newer.said_anew(known) == replace(newer, id=ROSE.id)


@pytest.mark.parametrize(
    ("habit", "column", "code"),
    [
        (Habit(telephone=""), "telephone", "cell.empty"),
        (Habit(telephone="0899123456"), "telephone", "telephone.premium"),
        (Habit(first_name=""), "first_name", "cell.empty"),
        (Habit(commune="99999"), "commune", "commune.unknown"),
        (Habit(need="papiers"), "need", "needs.unknown"),
        (Habit(purpose="diabète"), "purpose", "purpose.unknown"),
        (Habit(agent="zoe@exemple.test"), "agent", "agent.unknown"),
        (Habit(every_days="6"), "every_days", "rhythm.invalid"),
        (Habit(every_days="93"), "every_days", "rhythm.invalid"),
        (Habit(until=""), "until", "cell.empty"),
        (Habit(until="2027-02-30"), "until", "date.invalid"),
        (Habit(until="2026-11-23"), "until", "until.past"),
        (Habit(until="2027-10-08"), "until", "until.too_far"),
        (Habit(consent=""), "consent", "cell.empty"),
        (Habit(consent="sms"), "consent", "consent.unknown"),
        (Habit(consented_on=""), "consented_on", "cell.empty"),
        (Habit(consented_on="2026-11-25"), "consented_on", "consent.future"),
    ],
)
def test_a_bad_cell_is_said_with_its_place(habit: Habit, column: str, code: str) -> None:
    agents = {"malo@exemple.test": AgentId(7)}

    read = read_regulars(sheet(habit), ATLAS, agents, ["principale"], today=TODAY)

    assert [(each.line, each.column, each.code) for each in read.problems] == [(2, column, code)]


def test_one_person_and_purpose_is_there_once_however_the_name_is_written() -> None:
    rows = [Habit(agent=""), Habit(agent="", first_name="ROSE"), Habit(agent="", purpose="news")]

    read = read_regulars(sheet(*rows), ATLAS, {}, ["principale"], today=TODAY)

    assert [(each.line, each.code) for each in read.problems] == [(3, "row.repeated")]


def test_a_line_that_is_named_has_to_exist() -> None:
    text = HEADER.replace("\n", ",line\n") + Habit(agent="").row + ",nulle-part"

    read = read_regulars(text, ATLAS, {}, ["principale"], today=TODAY)

    assert [each.code for each in read.problems] == ["line.unknown"]
