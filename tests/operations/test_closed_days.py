"""What somebody hears who rings on a day that the line keeps closed, or short."""

from dataclasses import replace
from datetime import date

import pytest

from dispatcher.domain.calls import CallSid
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.schedule import HoursException, OpeningHours, WeeklySlots
from dispatcher.domain.script import Ask
from dispatcher.operations import calls
from tests.operations.desk import Desk
from tests.people import LINE, ROSE

TUESDAY = date(2026, 11, 24)  # ten in the morning in Paris, eight in the evening in Nouméa
CLOSED = HoursException(TUESDAY, TUESDAY, None, "La ligne est fermée pour travaux.")
SHORT = replace(CLOSED, hours=WeeklySlots.daily("08:00-09:00"))


@pytest.mark.parametrize(
    ("zone", "exception", "greeted"),
    [
        ("Europe/Paris", CLOSED, ["greeting", "notice", "greeting.closed.tomorrow"]),
        ("Europe/Paris", SHORT, ["greeting", "notice", "greeting.closed.tomorrow"]),
        ("Europe/Paris", replace(CLOSED, message=None), ["greeting", "greeting.closed.tomorrow"]),
        ("Europe/Paris", replace(SHORT, hours=WeeklySlots.daily("10:00-11:00")), ["greeting"]),
        ("America/Martinique", CLOSED, ["greeting", "notice", "greeting.closed.tomorrow"]),
        ("Pacific/Noumea", CLOSED, ["greeting", "notice", "greeting.closed.tomorrow"]),
    ],
)
def test_a_day_of_other_hours_is_explained_in_the_operators_own_words(
    desk: Desk, zone: str, exception: HoursException, greeted: list[str]
) -> None:
    hours = OpeningHours(WeeklySlots.parse("mon-fri 05:00-18:00"), zone, (), (exception,))
    desk.services = replace(desk.services, lines=[replace(desk.services.lines[0], hours=hours)])
    rose = PhoneNumber(ROSE.number)

    [asked] = calls.answer(CallSid("CA" + "1" * 32), LINE, rose, None, desk.services)

    assert isinstance(asked, Ask)
    assert [say.key for say in asked.prompts[:-1]] == greeted
    notices = [say.values["text"] for say in asked.prompts if say.key == "notice"]
    assert notices == [exception.message] * ("notice" in greeted)
