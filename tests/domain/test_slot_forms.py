"""A slot and its form say the same."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.occurrences import Pattern
from dispatcher.domain.recurrences import Rule, Weeks
from dispatcher.domain.slot_forms import Bounds, Problem, read, write
from dispatcher.domain.slots import DAY, Span

TODAY = date(2026, 11, 24)
days = st.sets(st.integers(0, 6), min_size=1).map(lambda found: tuple(sorted(found)))
spans = st.builds(
    lambda start, length: Span(start, start + length),
    st.integers(0, DAY - 1),
    st.integers(1, 16 * 60),
)
rhythms: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.integers(2, 52).map(lambda every: {"every": every}),
    st.sampled_from([{"weeks": Weeks.EVEN}, {"weeks": Weeks.ODD}]),
    st.sets(st.sampled_from([1, 2, 3, 4, 5, -1]), min_size=1).map(
        lambda nth: {"nth": tuple(each for each in (1, 2, 3, 4, 5, -1) if each in nth)}
    ),
)
rules = st.one_of(
    st.integers(0, 300).map(lambda n: Rule(TODAY + timedelta(days=n))),
    st.builds(
        lambda n, on, rhythm, ends: Rule(
            TODAY + timedelta(days=n),
            on,
            until=TODAY + timedelta(days=n + 800) if ends else None,
            **rhythm,
        ),
        st.integers(-300, 300),
        days,
        rhythms,
        st.booleans(),
    ),
)


@given(rule=rules, span=spans, paused=st.booleans(), holidays=st.booleans())
def test_what_a_form_says_of_a_slot_is_read_as_that_slot(
    rule: Rule, span: Span, paused: bool, holidays: bool
) -> None:
    middle = (span.start + 1) % DAY
    fits = paused and span.end - span.start > 2
    pattern = Pattern(rule, span, "Europe/Paris", (Span(middle, middle + 1),) * fits, holidays)

    assert read(write(pattern), Bounds(TODAY, TODAY, "Europe/Paris")) == pattern


def test_an_end_past_midnight_is_the_next_days_but_no_longer_than_a_night() -> None:
    form = {"rhythm": "once", "first": "24/11/2026", "start": "22 h", "end": "minuit"}
    bounds = Bounds(TODAY, TODAY, "Europe/Paris")

    night, long = read(form, bounds), read(form | {"start": "14h", "end": "13 h 59"}, bounds)

    assert isinstance(night, Pattern)
    assert night.span == Span(1320, 1440)
    assert long == (Problem("end", "plages.wrong.time.order"),)
