"""Half-hours that may be chosen: on everybody's clock, and who may be promised."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dispatcher.domain.agents import Agent, AgentId, Need
from dispatcher.domain.bookings import Seat, Server, Wanted, free, half_hours, seats, servers
from dispatcher.domain.schedule import OpeningHours, WeeklySlots
from dispatcher.domain.zones import Zones
from tests.office import ATLAS
from tests.timetables import weekly

PARIS = "Europe/Paris"
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WANTED = Wanted("principale", "05096", Need.PROCEDURES)
ORCIERES = ATLAS.commune("05096")


def an_agent(id: int = 1, zones: str = "commune:05096", **changes: object) -> Agent:
    agent = Agent(
        AgentId(id),
        f"A{id}",
        "orcieres",
        {Need.PROCEDURES: 2},
        Zones.parse(zones),
        weekly("tue 10:00-12:00"),
        PARIS,
        automatic=True,
        reachable=True,
    )
    return replace(agent, **changes)  # type: ignore[arg-type]


def promised(*agents: Agent, wanted: Wanted = WANTED) -> tuple[Server, ...]:
    assert ORCIERES is not None
    until = TUESDAY + timedelta(days=1)
    return servers(agents, wanted, ORCIERES, ATLAS, since=TUESDAY, until=until)


def there(text: str, zone: str = PARIS, *off: date) -> OpeningHours:
    return OpeningHours(WeeklySlots.parse(text), zone, frozenset(off))


def starts(*hours: OpeningHours, since: datetime = TUESDAY, days: int = 1) -> list[str]:
    found = half_hours(hours, since=since, until=since + timedelta(days=days))
    return [f"{each:%d %H:%M}" for each in found]


def test_a_half_hour_is_whole_in_the_windows_and_while_the_line_is_open() -> None:
    windows, line = there("tue 10:15-12:30"), there("mon-fri 09:00-11:50")

    assert starts(windows, line) == ["24 09:30", "24 10:00"]


def test_one_that_has_begun_is_none_any_more() -> None:
    since = TUESDAY + timedelta(minutes=1)

    assert starts(there("tue 10:00-11:00"), since=since) == ["24 09:30"]


def test_windows_are_those_of_the_clock_and_the_holidays_there() -> None:
    reunion = there("mon-fri 09:00-10:00", "Indian/Reunion", date(2026, 11, 25))

    assert starts(reunion, days=2) == ["26 05:00", "26 05:30"]


def test_hours_without_an_end_have_every_half_hour() -> None:
    assert len(starts(there("mon-sun 00:00-24:00"), days=2)) == 96


@pytest.mark.parametrize("of_march", [29])
def test_the_night_of_the_change_of_clocks_has_two_half_hours_less(of_march: int) -> None:
    since = datetime(2026, 3, of_march, 0, 0, tzinfo=UTC) - timedelta(hours=1)

    assert len(starts(there("sun 00:00-06:00"), since=since)) == 10


@pytest.mark.parametrize(
    ("agent", "why"),
    [
        (an_agent(automatic=False), "comes on by their word alone"),
        (an_agent(reachable=False), "has no telephone"),
        (an_agent(skills={}), "can do nothing"),
        (an_agent(zones="commune:29019"), "is at the other end of France"),
        (an_agent(zones="region:93 -commune:05096"), "does not serve this place"),
        (an_agent(zones="commune:05061 strict"), "serves theirs alone"),
    ],
)
def test_nobody_is_promised_who(agent: Agent, why: str) -> None:
    assert promised(agent) == (), why


def test_who_serves_all_of_france_by_their_zones_is_promised_everywhere() -> None:
    assert len(promised(an_agent(zones="france"))) == 1


def test_an_agent_of_mediation_is_promised_for_procedures_after_all_others() -> None:
    near = an_agent(1, skills={Need.MEDIATION: 2})
    far = an_agent(2, "region:93")

    [first, second] = seats(TUESDAY, promised(near, far), per_agent=1)

    assert (first.agent, second.agent) == (2, 1)


def test_the_nearest_is_promised_first_and_nobody_twice_before_another_as_near() -> None:
    far, one, two = an_agent(1, "departement:05"), an_agent(2), an_agent(3)

    found = seats(TUESDAY, promised(far, one, two), per_agent=2)

    assert [(each.agent, each.number) for each in found] == [
        (2, 0),
        (3, 0),
        (2, 1),
        (3, 1),
        (1, 0),
        (1, 1),
    ]


def test_who_helped_them_before_is_promised_first_however_far() -> None:
    wanted = replace(WANTED, helper=AgentId(7))

    found = promised(an_agent(1), an_agent(7, "commune:29019"), wanted=wanted)

    assert [each.agent for each in seats(TUESDAY, found, per_agent=1)] == [7, 1]


def test_a_half_hour_is_left_as_long_as_a_seat_is() -> None:
    of_two = promised(an_agent(1), an_agent(2, slots=weekly("tue 10:00-10:45")))
    next_one = TUESDAY + timedelta(minutes=30)
    every = (TUESDAY, next_one, TUESDAY + timedelta(hours=2))
    taken = {Seat(AgentId(1), TUESDAY, 0)}

    assert free(every, of_two, (), per_agent=1) == (TUESDAY, next_one)
    assert free(every, of_two, taken, per_agent=1) == (TUESDAY, next_one)
    assert len(seats(next_one, of_two, per_agent=1)) == 1, "the other's slot ends in the middle"
    assert free(every, of_two, {*taken, Seat(AgentId(2), TUESDAY, 0)}, per_agent=1) == (next_one,)


def test_who_is_in_a_pause_is_promised_after_it() -> None:
    paused = an_agent(paused_until=TUESDAY + timedelta(minutes=10))

    [server] = promised(paused)

    assert free((TUESDAY,), [server], (), per_agent=1) == ()
    assert free((TUESDAY + timedelta(minutes=30),), [server], (), per_agent=1) != ()
