"""When somebody is reminded of a call to come."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatcher.domain.callbacks import State
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.reminders import callback_in, is_moot, matter, reminders
from dispatcher.domain.texts import Kind, Text, TextId
from tests.domain.test_attempts import CALLBACK, TUESDAY

HOUR = timedelta(hours=1)
TOMORROW, SOON = Kind.CALLBACK_TOMORROW, Kind.CALLBACK_SOON


@pytest.mark.parametrize(
    ("hours", "kinds"),
    [
        (0, []),
        (1.9, []),
        (2, [SOON]),
        (24, [SOON]),
        (25.9, [SOON]),  # they asked less than two hours before the day before
        (26, [TOMORROW, SOON]),
        (100, [TOMORROW, SOON]),
    ],
)
def test_nobody_is_reminded_of_what_they_have_just_asked(hours: float, kinds: list[Kind]) -> None:
    callback = replace(CALLBACK, due_at=TUESDAY + hours * HOUR)

    assert [each.kind for each in reminders(callback, at=TUESDAY)] == kinds


def test_the_day_before_and_shortly_before_and_never_after() -> None:
    due_at = TUESDAY + 48 * HOUR

    before, soon = reminders(replace(CALLBACK, due_at=due_at), at=TUESDAY)

    assert (before.due_at, soon.due_at) == (due_at - 24 * HOUR, due_at - HOUR / 2)
    assert before.expires_at == due_at - 22 * HOUR, "tomorrow is said on the eve"
    assert soon.expires_at == due_at


def reminder(callback: object = CALLBACK, kind: Kind = SOON) -> Text:
    about = matter(callback) if kind in {TOMORROW, SOON} else CALLBACK.id  # type: ignore[arg-type]
    number = PhoneNumber("+33639980042")
    return Text(TextId("t1"), kind, number, "", about, TUESDAY, TUESDAY, TUESDAY)


def test_a_reminder_is_moot_once_its_callback_is_planned_otherwise_or_over() -> None:
    text = reminder()

    assert callback_in(text) == CALLBACK.id
    assert not is_moot(text, CALLBACK)
    assert is_moot(text, replace(CALLBACK, due_at=TUESDAY + HOUR))
    assert is_moot(text, None)
    for state in set(State) - {State.WAITING}:
        assert is_moot(text, replace(CALLBACK, state=state))


def test_any_other_text_is_about_no_plan() -> None:
    assert callback_in(reminder(kind=Kind.CALLBACK_KEPT)) is None
