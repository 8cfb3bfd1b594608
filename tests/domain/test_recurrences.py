"""On which days something comes again, held to a walk over every day of the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.recurrences import BadRule, Rule, Weeks

DAY = timedelta(days=1)
TUE, WED, SAT = (1,), (2,), (5,)
JANUARY = date(2027, 1, 1)


def iso(*days: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in days)


def walked(rule: Rule, since: date, until: date) -> tuple[date, ...]:
    """The rule's days, by looking at each."""
    days = (since + DAY * n for n in range((until - since).days + 1))
    return tuple(day for day in days if said(rule, day))


def said(rule: Rule, day: date) -> bool:
    if day < rule.first or (rule.until is not None and day > rule.until):
        return False
    if rule.once:
        return day == rule.first
    week = (day - DAY * day.weekday() - (rule.first - DAY * rule.first.weekday())).days // 7
    return (
        day.weekday() in rule.days
        and week % rule.every == 0
        and parity(rule, day)
        and nth(rule, day)
    )


def parity(rule: Rule, day: date) -> bool:
    return rule.weeks is Weeks.ALL or (day.isocalendar().week % 2 == 0) == (
        rule.weeks is Weeks.EVEN
    )


def nth(rule: Rule, day: date) -> bool:
    last = (day + 7 * DAY).month != day.month
    return not rule.nth or (day.day + 6) // 7 in rule.nth or (last and -1 in rule.nth)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (Rule(JANUARY, WED, nth=(1,)), iso("2027-01-06", "2027-02-03", "2027-03-03")),
        (Rule(JANUARY, SAT, nth=(2, 4)), iso("2027-01-09", "2027-01-23", "2027-02-13", "2027-02-27", "2027-03-13")),
        (Rule(JANUARY, TUE, weeks=Weeks.EVEN, until=date(2027, 2, 10)), iso("2027-01-12", "2027-01-26", "2027-02-09")),
        (Rule(JANUARY, (4,), nth=(-1,)), iso("2027-01-29", "2027-02-26")),
        (Rule(JANUARY, (0,), nth=(5,)), iso("2027-03-29")),
        (Rule(date(2027, 2, 3), TUE, every=3), iso("2027-02-23", "2027-03-16")),
        (Rule(date(2027, 2, 3)), iso("2027-02-03")),
    ],
)  # fmt: skip
def test_the_days_of_a_rule(rule: Rule, days: tuple[date, ...]) -> None:
    until = date(2027, 3, 29) if rule.nth == (5,) else date(2027, 3, 20)
    assert rule.dates(JANUARY, until) == days


def test_after_week_53_comes_week_1_and_both_are_odd() -> None:
    odd, even = (Rule(date(2026, 12, 1), TUE, weeks=w) for w in (Weeks.ODD, Weeks.EVEN))

    # 29 December 2026 is in week 53, 5 January 2027 in week 1
    assert odd.dates(date(2026, 12, 14), date(2027, 1, 20)) == iso(
        "2026-12-15", "2026-12-29", "2027-01-05", "2027-01-19"
    )
    assert even.dates(date(2026, 12, 14), date(2027, 1, 20)) == iso("2026-12-22", "2027-01-12")


@pytest.mark.parametrize("rhythm", [{"every": 3}, {"weeks": Weeks.ODD}, {"nth": (2, -1)}, {}])
def test_its_days_are_the_same_from_whatever_day_they_are_looked_at(
    rhythm: dict[str, object],
) -> None:
    rule, last = Rule(date(2026, 11, 4), (1, 5), **rhythm), date(2027, 6, 30)  # type: ignore[arg-type]
    whole = rule.dates(rule.first, last)

    for ahead in range(150):
        since = rule.first + DAY * ahead
        assert rule.dates(since, last) == tuple(day for day in whole if day >= since)
    assert whole == walked(rule, rule.first, last)


RHYTHMS = st.one_of(
    st.fixed_dictionaries({"every": st.integers(1, 7)}),
    st.fixed_dictionaries({"weeks": st.sampled_from(Weeks)}),
    st.fixed_dictionaries(
        {"nth": st.sets(st.sampled_from([1, 2, 3, 4, 5, -1]), min_size=1).map(tuple)}
    ),
)


@given(
    first=st.dates(date(2025, 12, 1), date(2027, 2, 1)),
    days=st.sets(st.integers(0, 6), min_size=1).map(lambda found: tuple(sorted(found))),
    rhythm=RHYTHMS,
    lasts=st.none() | st.integers(0, 500),
    ahead=st.integers(-40, 800),
    length=st.integers(0, 70),
)
def test_a_rule_gives_the_days_that_a_walk_over_every_day_finds(
    first: date,
    days: tuple[int, ...],
    rhythm: dict[str, object],
    lasts: int | None,
    ahead: int,
    length: int,
) -> None:
    until = None if lasts is None else first + DAY * lasts
    rule, since = Rule(first, days, until=until, **rhythm), first + DAY * ahead  # type: ignore[arg-type]

    assert rule.dates(since, since + DAY * length) == walked(rule, since, since + DAY * length)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"until": date(2026, 12, 31)}, "ends_before"),
        ({"days": TUE, "every": 0}, "out_of_range"),
        ({"days": TUE, "nth": (6,)}, "out_of_range"),
        ({"days": TUE, "every": 2, "weeks": Weeks.EVEN}, "two_rhythms"),
        ({"nth": (1,)}, "no_day"),
    ],
)
def test_what_makes_no_rule_says_why(facts: dict[str, object], code: str) -> None:
    with pytest.raises(BadRule) as caught:
        Rule(JANUARY, **facts)  # type: ignore[arg-type]

    assert caught.value.code == code
