"""Agents are told of their slots and callbacks: once each, in time, and the way they can be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain.agents import Pause, Rests
from dispatcher.domain.duty_links import DutyLink
from dispatcher.domain.links import Purpose
from dispatcher.domain.mails import MailId
from dispatcher.domain.texts import Caps, TextId
from dispatcher.operations import directory, duty_answers, duty_reminders, mails, texts
from dispatcher.operations.duty_answers import Word
from tests.operations.desk import Desk
from tests.people import AGENTS_HEADER, INES, MONA, Helper

MORNINGS = replace(INES, slots="mon-fri 09:00-12:00")
QUARTER = timedelta(minutes=15)
MONDAY_EVENING = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # 18:00 in Paris
TUESDAY_MORNING = datetime(2026, 11, 24, 7, 45, tzinfo=UTC)  # 8:45


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    return small_desk


def without_email(helper: Helper) -> str:
    return helper.row.replace(helper.email, "", 1)


def knows(desk: Desk, *rows: str) -> None:
    imported = directory.import_agents((AGENTS_HEADER + "\n".join(rows)).encode(), desk.services)
    assert not imported.problems, imported.problems


def told(desk: Desk, at: datetime) -> list[str]:
    """The clock's round at this moment: subjects of what is mailed, bodies of what is texted."""
    desk.at = at
    duty_reminders.remind(desk.services)
    letters, said = len(desk.postbag.letters), []
    for job, id in desk.jobs():
        if job == "mails.send":
            mails.send(MailId(id), desk.services)
        if job == "texts.send":
            said.append(desk.text(TextId(id)).body)
            texts.send(TextId(id), desk.services)
    return [letter.subject for letter in desk.postbag.letters[letters:]] + said


def test_an_agent_is_told_the_evening_before_and_a_quarter_before_once_each(desk: Desk) -> None:
    knows(desk, MORNINGS.row)

    evening = [told(desk, MONDAY_EVENING + timedelta(minutes=m)) for m in (-1, 0, 1, 120)]
    morning = [told(desk, TUESDAY_MORNING + timedelta(minutes=m)) for m in (-1, 0, 1, 15, 16)]

    assert evening == [[], ["Permanence : votre créneau de demain, 09h00"], [], []]
    assert morning == [[], ["Permanence : votre créneau commence à 09h00"], [], [], []]


def test_nobody_is_told_of_tomorrow_at_night(desk: Desk) -> None:
    knows(desk, MORNINGS.row)

    assert told(desk, MONDAY_EVENING + timedelta(hours=3, minutes=30)) == []


def test_a_clock_that_was_down_says_nothing_of_what_has_begun(desk: Desk) -> None:
    knows(desk, MORNINGS.row)

    assert told(desk, TUESDAY_MORNING + timedelta(minutes=15)) == []


def test_an_agent_overseas_is_told_by_their_own_clock(desk: Desk) -> None:
    """In Saint-Denis de La Réunion, 18:00 is 15:00 in Paris."""
    knows_house = "\nreunion,France services de Saint-Denis,97411,,\n"
    imported = directory.import_structures(
        ("id,name,commune,zones,telephone" + knows_house).encode(), desk.services
    )
    assert not imported.problems
    knows(desk, replace(MORNINGS, structure="reunion").row)

    assert told(desk, datetime(2026, 11, 23, 13, 59, tzinfo=UTC)) == []
    assert told(desk, datetime(2026, 11, 23, 14, 0, tzinfo=UTC)) == [
        "Permanence : votre créneau de demain, 09h00"
    ]


def test_the_hour_told_is_right_on_the_day_clocks_change(desk: Desk) -> None:
    knows(desk, replace(INES, slots="sun 09:00-12:00").row)

    assert told(desk, datetime(2027, 3, 27, 17, 0, tzinfo=UTC)) == [
        "Permanence : votre créneau de demain, 09h00"
    ]
    assert told(desk, datetime(2027, 3, 28, 6, 44, tzinfo=UTC)) == []
    assert told(desk, datetime(2027, 3, 28, 6, 45, tzinfo=UTC)) == [
        "Permanence : votre créneau commence à 09h00"
    ]


def test_whoever_has_no_email_is_texted_and_with_neither_nobody_is(desk: Desk) -> None:
    mobile = replace(MONA, slots="mon-fri 09:00-12:00")
    landline = replace(INES, slots="mon-fri 09:00-12:00")
    knows(desk, without_email(mobile), without_email(landline))

    [body] = told(desk, TUESDAY_MORNING)
    assert body.startswith("Permanence à 09h00. Serez-vous là ?")
    assert "01 99 00 01 00" in body


def test_reminders_to_agents_leave_half_of_the_days_texts_to_citizens(desk: Desk) -> None:
    desk.services = replace(desk.services, caps=Caps(per_number=5, per_day=4))
    mobile = replace(MONA, slots="mon-fri 09:00-12:00")
    knows(desk, without_email(mobile))
    desk.at = TUESDAY_MORNING
    for about in ("a1", "a2"):
        desk.writes("+33639980002", about=about)
    desk.jobs()

    assert told(desk, TUESDAY_MORNING) == []
    assert desk.queues("+33639980002", about="a3") is not None


def test_whoever_is_away_by_their_own_word_is_left_in_peace(desk: Desk) -> None:
    knows(desk, MORNINGS.row)
    [agent] = desk.roster()
    desk.at = MONDAY_EVENING
    away = Rests(Pause.DAY_OVER, TUESDAY_MORNING + timedelta(hours=2))
    with desk.services.store.writing() as tx:
        tx.agents.heed(agent.id, away, at=desk.at)

    assert told(desk, MONDAY_EVENING) == []


def planned(desk: Desk, *, hours_ahead: float) -> datetime:
    """A callback with Ines at 10:00 on Tuesday, asked for so long before."""
    [agent] = desk.roster()
    due_at = TUESDAY_MORNING + timedelta(hours=1, minutes=15)
    desk.at = due_at - timedelta(hours=hours_ahead)
    desk.keeps(helper=agent.id, due_at=due_at)
    return due_at


def test_an_agent_is_told_of_a_callback_planned_with_them(desk: Desk) -> None:
    knows(desk, MORNINGS.row)
    due_at = planned(desk, hours_ahead=20)

    assert told(desk, due_at - timedelta(minutes=16)) == []
    assert told(desk, due_at - timedelta(minutes=15)) == ["Permanence : un rappel prévu à 10h00"]
    assert told(desk, due_at - timedelta(minutes=14)) == []


def test_a_callback_asked_for_just_now_reminds_nobody(desk: Desk) -> None:
    knows(desk, MORNINGS.row)
    due_at = planned(desk, hours_ahead=1.9)

    assert told(desk, due_at - timedelta(minutes=10)) == []


def test_a_callback_when_its_agent_is_off_is_somebody_elses(desk: Desk) -> None:
    knows(desk, replace(MORNINGS, slots="mon-fri 14:00-17:00").row)
    due_at = planned(desk, hours_ahead=20)

    assert told(desk, due_at - timedelta(minutes=10)) == []


def test_nothing_is_told_of_a_callback_that_was_given_up(desk: Desk) -> None:
    knows(desk, MORNINGS.row)
    due_at = planned(desk, hours_ahead=20)
    with desk.services.store.writing() as tx:
        [callback] = tx.callbacks.owed()
        assert callback.call is not None
        tx.callbacks.withdraw(callback.call, at=desk.at)

    assert told(desk, due_at - timedelta(minutes=10)) == []


def test_a_reminder_asks_with_a_link_until_somebody_says_that_they_will_be_there(
    desk: Desk,
) -> None:
    knows(desk, MORNINGS.row)
    told(desk, MONDAY_EVENING)
    asked = desk.postbag.letters[-1].body
    link = DutyLink.read(desk.services.links.id(token(asked), Purpose.DUTY) or "")

    seen = duty_answers.confirm(link, desk.services)
    told(desk, TUESDAY_MORNING)

    assert seen is not None
    assert (seen.word, seen.occurrence.start) == (Word.THERE, TUESDAY_MORNING + QUARTER)
    reminded = desk.postbag.letters[-1].body
    assert "Vous avez dit que vous serez là" in reminded
    assert ("/creneau/" in asked, "/creneau/" in reminded) == (True, False)


def test_a_text_asks_no_more_either_once_it_is_confirmed(desk: Desk) -> None:
    knows(desk, without_email(replace(MONA, slots="mon-fri 09:00-12:00")))
    [first] = told(desk, MONDAY_EVENING)
    link = DutyLink.read(desk.services.links.id(token(first), Purpose.DUTY) or "")
    duty_answers.confirm(link, desk.services)

    [second] = told(desk, TUESDAY_MORNING)

    assert first.startswith("Permanence demain à 09h00. Serez-vous là ?")
    assert second.startswith("Permanence : votre créneau commence à 09h00.")
    assert "/creneau/" not in second


def test_whoever_looks_for_a_stand_in_has_confirmed_nothing_and_is_asked_again(
    desk: Desk,
) -> None:
    knows(desk, MORNINGS.row)
    told(desk, MONDAY_EVENING)
    body = desk.postbag.letters[-1].body
    link = DutyLink.read(desk.services.links.id(token(body), Purpose.DUTY) or "")
    duty_answers.confirm(link, desk.services)

    asked = duty_answers.ask(link, desk.services)
    back = duty_answers.confirm(link, desk.services)

    assert asked is not None
    assert back is not None
    assert (asked.word, back.word) == (Word.ASKED, Word.THERE)


def token(body: str) -> str:
    return body.partition("/creneau/")[2][:29]
