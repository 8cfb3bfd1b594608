"""What was keyed so far is one number, read back as it was and small enough for a column."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.keyed import Wrong
from dispatcher.domain.slot_drafts import EVERY, LAST, Away, Draft, Edit

DAYS = st.dates(date(2020, 1, 1), date(2064, 1, 1))
TIMES = st.integers(0, 1439)
WRONGS = st.sampled_from(Wrong)
UNTIL = st.none() | DAYS
RHYTHMS = st.integers(0, LAST) | st.integers(EVERY + 2, EVERY + 52)
WIDEST = 2**63


@given(st.builds(Draft, DAYS, TIMES, TIMES, RHYTHMS, st.booleans(), UNTIL, WRONGS))
def test_a_draft_of_a_slot_is_kept_whole(draft: Draft) -> None:
    assert Draft.of(draft.page) == draft
    assert 0 < draft.page < WIDEST


@given(st.builds(Edit, st.integers(0, 2**24 - 1), UNTIL, TIMES, TIMES, WRONGS))
def test_a_change_is_kept_whole(edit: Edit) -> None:
    assert Edit.of(edit.page) == edit
    assert edit.page < WIDEST


@given(st.builds(Away, UNTIL, UNTIL, WRONGS))
def test_an_absence_is_kept_whole(away: Away) -> None:
    assert Away.of(away.page) == away


def test_what_has_no_place_is_never_kept_as_something_else() -> None:
    with pytest.raises(ValueError, match="1440"):
        _ = Draft(date(2026, 11, 24), start=1440).page
