"""The text of a week's hours, as people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.schedule import ALWAYS, BadSlots, WeeklySlots


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("mon-fri 09:00-12:30; sat 09:00-12:00", "mon-fri 09:00-12:30; sat 09:00-12:00"),
        ("mon,wed 09:00-12:00", "mon,wed 09:00-12:00"),
        ("mon, wed 09:00-12:00", "mon,wed 09:00-12:00"),
        ("sat-mon 10:00-11:00", "mon,sat-sun 10:00-11:00"),
        ("mon-fri 09:00-12:30 13:30-18:00", "mon-fri 09:00-12:30 13:30-18:00"),
        ("mon-fri 09:00-12:30, 13:30-18:00;", "mon-fri 09:00-12:30 13:30-18:00"),
        ("mon 09:00-12:30; mon 13:30-18:00", "mon 09:00-12:30 13:30-18:00"),
        ("MON 9:00 – 12:30", "mon 09:00-12:30"),
        ("mon 09:00-12:00;\nmon 09:00-12:00", "mon 09:00-12:00"),
        ("sat 18:00-24:00", "sat 18:00-24:00"),
        ("sat 18:00-00:00", "sat 18:00-24:00"),
        ("sat 22:00-06:00", "sat 22:00-06:00"),
        (ALWAYS, ALWAYS),
        ("", ""),
        (" ; ", ""),
    ],
)
def test_hours_are_read_and_written_in_one_way(written: str, read: str) -> None:
    slots = WeeklySlots.parse(written)

    assert str(slots) == read
    assert WeeklySlots.parse(read) == slots


@pytest.mark.parametrize(
    ("written", "code", "word"),
    [
        ("lun 09:00-12:00", "unknown_day", "lun"),
        ("mon- 09:00-12:00", "unknown_day", "mon-09:00-12:00"),
        ("mon-tue-wed 09:00-12:00", "unknown_day", "mon-tue-wed"),
        ("09:00-12:00", "no_day", "09:00-12:00"),
        ("mon", "no_hours", "mon"),
        ("mon 09:00-12:00 tue 09:00-12:00", "day_after_hours", "mon 09:00-12:00 tue 09:00-12:00"),
        ("mon 9h-12h", "not_hours", "9h-12h"),
        ("mon 09:00", "not_hours", "09:00"),
        ("mon 24:30-25:00", "no_such_time", "24:30-25:00"),
        ("mon 09:60-10:00", "no_such_time", "09:60-10:00"),
        ("mon 09:00-09:00", "no_length", "09:00-09:00"),
        ("mon 24:00-06:00", "no_length", "24:00-06:00"),
        ("x" * 1001, "too_long", "x" * 20),
    ],
)
def test_hours_that_say_nothing_are_refused_by_name(written: str, code: str, word: str) -> None:
    with pytest.raises(BadSlots) as caught:
        WeeklySlots.parse(written)

    assert (caught.value.code, caught.value.text) == (code, word)


def test_the_hours_of_any_day_need_no_day() -> None:
    assert WeeklySlots.daily("09:00-12:00; 14:00-16:00") == WeeklySlots.parse(
        "mon-sun 09:00-12:00 14:00-16:00"
    )
    assert WeeklySlots.daily("") == WeeklySlots()
    with pytest.raises(BadSlots):
        WeeklySlots.daily("mon 09:00-12:00")


@given(st.text() | st.text(alphabet="montuewdhfrisa0123456789:-–,; ", max_size=40))
def test_no_text_breaks_the_reading_of_hours(text: str) -> None:
    try:
        slots = WeeklySlots.parse(text)
    except BadSlots:
        return
    assert WeeklySlots.parse(str(slots)) == slots
