"""What supervisors are told of, and what they are spared."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dispatcher.domain import alerts
from dispatcher.domain.agents import Agent, AgentId, Need
from dispatcher.domain.alerts import MOST_AT_ONCE, Alert, Watch
from dispatcher.domain.load import Crowd, Due, Waiters, Waiting
from dispatcher.domain.mails import Kind
from dispatcher.domain.schedule import ALWAYS
from dispatcher.domain.zones import Zones
from tests.domain.places import ATLAS
from tests.timetables import weekly

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday; ten in Paris
DAY = date(2026, 11, 24)
PARIS = "Europe/Paris"
ORCIERES, GAP, BREST = "05096", "05061", "29019"
BOTH = {Need.PROCEDURES: 2, Need.MEDIATION: 1}


def ago(**how: float) -> datetime:
    return AT - timedelta(**how)


def crowd(minutes: float, departement: str | None = "05", *, count: int = 1) -> Crowd:
    return Crowd(departement, Need.PROCEDURES, count, 0, ago(minutes=minutes))


def told_of_waits(*crowds: Crowd) -> list[Alert]:
    return alerts.waits(Waiting(crowds), Watch(), at=AT, day=DAY)


def agent(zones: str, skills: dict[Need, int] = BOTH) -> Agent:
    return Agent(
        AgentId(1), "Ines", "orcieres", skills, Zones.parse(zones), weekly(ALWAYS),
        PARIS, True, True,
    )  # fmt: skip


def departement_of(code: str | None) -> str | None:
    commune = ATLAS.commune(code) if code else None
    return commune.departement if commune else None


def waiters(commune: str | None, need: Need = Need.PROCEDURES, *, ringing: bool = False) -> Waiters:
    return Waiters(commune, need, ringing, 1, ago(minutes=5))


def unserved(
    *those: Waiters, by: list[Agent], due: list[Due] | None = None
) -> list[tuple[str | None, int]]:
    left = alerts.unserved(those, due or [], by, ATLAS, departement_of)
    return [(each.departement, each.count) for each in left.crowds]


def test_a_wait_of_ten_minutes_is_told_and_a_shorter_one_is_not() -> None:
    assert told_of_waits(crowd(9.9)) == []

    [told] = told_of_waits(crowd(10, count=3), crowd(1, "29"))

    assert (told.kind, told.departement, told.need) == (Kind.WAITS, "05", Need.PROCEDURES)
    assert told.figures == {"count": 3, "minutes": 10}


def test_a_matter_is_the_same_all_day_and_another_the_next() -> None:
    tomorrow = DAY + timedelta(days=1)
    [now] = told_of_waits(crowd(10))
    [later] = told_of_waits(crowd(50, count=7))
    [next_day] = alerts.waits(Waiting((crowd(10),)), Watch(), at=AT, day=tomorrow)
    [elsewhere] = told_of_waits(crowd(10, "29"))
    [nowhere] = told_of_waits(crowd(10, None))

    assert now.about == later.about
    assert len({now.about, next_day.about, elsewhere.about, nowhere.about}) == 4


def test_who_waits_with_nobody_on_is_told_after_two_minutes() -> None:
    assert alerts.nobody(Waiting((crowd(1.9),)), at=AT, day=DAY) == []

    [told] = alerts.nobody(Waiting((crowd(2, count=4),)), at=AT, day=DAY)

    assert (told.kind, told.figures) == (Kind.NOBODY, {"count": 4})


@pytest.mark.parametrize(
    ("zones", "left"),
    [
        ("departement:05", []),
        ("commune:29019", []),  # an agent answers all of France, nearest first
        ("commune:29019 strict", [("05", 1)]),
        ("france -departement:05", [("05", 1)]),
        ("france -commune:05061", []),
        ("commune:05061 strict", [("05", 1)]),
        ("departement:05 strict", []),
    ],
)
def test_somebody_is_served_when_an_agent_on_duty_answers_for_their_commune(
    zones: str, left: list[tuple[str, int]]
) -> None:
    assert unserved(waiters(ORCIERES), by=[agent(zones)]) == left


def test_somebody_is_served_by_whoever_can_do_what_they_need() -> None:
    procedures, mediation = agent("", {Need.PROCEDURES: 2}), agent("", {Need.MEDIATION: 2})
    asks_for_mediation = waiters(GAP, Need.MEDIATION)

    assert unserved(asks_for_mediation, by=[procedures]) == [("05", 1)]
    assert unserved(asks_for_mediation, by=[procedures, mediation]) == []
    assert unserved(waiters(GAP), by=[mediation]) == [], "the last resort"


def test_whose_commune_is_unknown_is_served_by_who_answers_all_of_france() -> None:
    assert unserved(waiters(None), by=[agent("commune:05061")]) == []
    assert unserved(waiters(None), by=[agent("commune:05061 strict")]) == [(None, 1)]
    assert unserved(waiters("99999"), by=[]) == [(None, 1)]


def test_callbacks_that_are_due_wait_too_and_who_is_rung_for_is_served() -> None:
    due = [Due(BREST, Need.PROCEDURES, 2, ago(minutes=5))]

    assert unserved(waiters(GAP, ringing=True), by=[], due=due) == [("29", 2)]


def owed(*those: Due, at: datetime = AT, holidays: frozenset[date] = frozenset()) -> list[Alert]:
    return alerts.owed(those, departement_of, lambda _: holidays, PARIS, at=at)


def due(since: datetime, commune: str = GAP, *, count: int = 1) -> Due:
    return Due(commune, Need.PROCEDURES, count, since)


def days_told(since: datetime, *, until: int = 14) -> dict[int, int]:
    """Looked at every hour for so many days: at which hour which working days were first told."""
    first: dict[int, int] = {}
    for hour in range(24 * until):
        for told in owed(due(since), at=since + timedelta(hours=hour)):
            first.setdefault(told.figures["days"], hour)
    return first


def test_a_callback_that_nobody_takes_is_told_after_one_two_and_five_working_days() -> None:
    assert days_told(AT) == {1: 24, 2: 48, 5: 24 * 7}


def test_a_week_end_counts_for_nothing() -> None:
    friday = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)

    assert days_told(friday) == {1: 72, 2: 96, 5: 24 * 7}


def test_what_was_due_on_a_saturday_counts_from_the_monday() -> None:
    saturday = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)

    hours_to_tuesday = 38 + 24  # from ten on Saturday to midnight on Monday, and a day
    assert days_told(saturday)[1] == hours_to_tuesday


def test_a_holiday_counts_for_nothing() -> None:
    holidays = frozenset({date(2026, 11, 25)})

    assert owed(due(AT), at=AT + timedelta(hours=30), holidays=holidays) == []
    assert owed(due(AT), at=AT + timedelta(hours=48), holidays=holidays) != []


def test_each_day_of_callbacks_and_place_is_told_together_each_time_once() -> None:
    later = AT + timedelta(hours=26)
    rows = [due(AT, count=2), due(AT + timedelta(hours=3)), due(AT, BREST), due(later)]

    told = owed(*rows, at=later)
    again = owed(*rows, at=later + timedelta(hours=5))

    assert [(each.departement, each.figures) for each in told] == [
        ("05", {"count": 3, "days": 1}),
        ("29", {"count": 1, "days": 1}),
    ]
    assert [each.about for each in told] == [each.about for each in again]
    third = owed(*rows, at=AT + timedelta(hours=48))
    assert not {each.about for each in third} & {each.about for each in told}


@pytest.mark.parametrize(
    ("used", "percent"), [(0, None), (249, None), (250, 50), (399, 50), (400, 80), (500, 100)]
)
def test_the_days_cap_of_texts_is_told_at_50_80_and_100_per_cent(
    used: int, percent: int | None
) -> None:
    found = alerts.texted(used=used, cap=500, unsure=0, day=DAY)

    assert [each.figures["percent"] for each in found] == ([percent] if percent else [])


def test_where_no_text_may_be_sent_no_cap_is_told_of() -> None:
    assert alerts.texted(used=0, cap=0, unsure=0, day=DAY) == []


def test_texts_to_be_verified_are_told_once_a_day() -> None:
    [one] = alerts.texted(used=0, cap=500, unsure=1, day=DAY)
    [more] = alerts.texted(used=0, cap=500, unsure=3, day=DAY)

    assert (one.kind, one.about, more.about) == (Kind.DOUBT, "2026-11-24", "2026-11-24")


def test_when_the_whole_country_waits_it_is_one_alert() -> None:
    many = told_of_waits(*(crowd(20, f"{n:02d}", count=2) for n in range(1, MOST_AT_ONCE + 2)))
    few = alerts.nobody(Waiting((crowd(20),)), at=AT, day=DAY)

    found = alerts.bounded([*many, *few], day=DAY)

    assert [each.kind for each in found] == [Kind.NOBODY, Kind.WAITS_MANY]
    assert found[1].figures == {"count": 22, "places": 11}
    assert alerts.bounded(many[1:], day=DAY) == many[1:]
