"""Which hours fall away when somebody's slots change: all of an occurrence, or a part of it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dispatcher.domain import removals
from dispatcher.domain.occurrences import Change, Moved, Pattern, Slot, SlotId
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.removals import Changed
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Absence, Timetable

TUESDAY = date(2026, 12, 1)
SINCE, UNTIL = datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 7, tzinfo=UTC)
NINE, TEN, ELEVEN, NOON = 540, 600, 660, 720
SLOT = Slot(SlotId("a"), Pattern(Rule(TUESDAY, (1,)), Span(NINE, NOON)))
OTHER = Slot(SlotId("b"), Pattern(Rule(TUESDAY), Span(TEN, NOON)))


def missed(removal: removals.Removal | None, *slots: Slot) -> list[Span]:
    """The hours of that Tuesday in which they answer no more."""
    assert removal is not None
    table = Timetable(slots or (SLOT,))
    then = removals.after(table, removal)
    return [each.span for each in removals.lost(table, then, since=SINCE, until=UNTIL)]


@pytest.mark.parametrize(
    ("span", "falls_away"),
    [
        ((NINE, TEN), [(TEN, NOON)]),
        ((ELEVEN, NOON), [(NINE, ELEVEN)]),
        ((TEN, ELEVEN), [(NINE, NOON)]),  # one request covers both ends
        ((ELEVEN, 900), [(NINE, ELEVEN)]),
        ((900, 960), [(NINE, NOON)]),
        ((480, 900), []),
    ],
)
def test_a_slot_made_shorter_or_moved_loses_the_hours_it_had_and_has_no_more(
    span: tuple[int, int], falls_away: list[tuple[int, int]]
) -> None:
    shorter = replace(SLOT.pattern, span=Span(*span))
    on_the_day = Changed(SLOT, Change(TUESDAY, Moved(TUESDAY, Span(*span))))

    expected = [Span(*each) for each in falls_away]
    assert missed(removals.edited(SLOT, shorter)) == expected
    assert missed(on_the_day) == expected


def test_other_days_end_and_absence_lose_all_of_it() -> None:
    whole, wednesdays = [SLOT.pattern.span], replace(SLOT.pattern, rule=Rule(TUESDAY, (2,)))

    assert missed(removals.edited(SLOT, wednesdays)) == whole
    assert missed(removals.cancelled(SLOT, None)) == whole
    assert missed(Absence(TUESDAY, TUESDAY)) == whole


def test_where_another_slot_of_theirs_stands_nothing_falls_away() -> None:
    assert missed(removals.cancelled(SLOT, TUESDAY), SLOT, OTHER) == [Span(NINE, TEN)]
    assert missed(removals.cancelled(OTHER, None), SLOT, OTHER) == []


def test_a_pause_takes_nothing_away() -> None:
    assert removals.edited(SLOT, SLOT.pattern.paused((Span(TEN, ELEVEN),))) is None


def test_hours_past_midnight_and_across_a_change_of_clocks_are_the_clocks_own() -> None:
    night = Slot(SlotId("n"), Pattern(Rule(date(2027, 3, 27)), Span(22 * 60, 32 * 60)))
    table = Timetable((night,))
    shorter = removals.edited(night, replace(night.pattern, span=Span(22 * 60, 28 * 60)))
    assert shorter is not None

    [each] = removals.lost(
        table,
        removals.after(table, shorter),
        since=datetime(2027, 3, 27, tzinfo=UTC),
        until=datetime(2027, 3, 29, tzinfo=UTC),
    )

    assert each.span == Span(28 * 60, 32 * 60), "from 4 to 8, after 2 became 3"
