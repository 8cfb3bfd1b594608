"""Whether an agent may be rung: pauses, their own word, and numbers put aside."""

from datetime import timedelta

import pytest

from dispatcher.domain.agents import Agent, AgentId, Aside, ComesOn, Pause, Rests, Word
from dispatcher.domain.calls import Step
from dispatcher.domain.timetables import Calendar
from dispatcher.store.store import Store
from tests.office import vault
from tests.store.rows import AT, a_call, gives_telephones, has_calls, number, seconds, staff

ONE, TWO = AgentId(1), AgentId(2)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def desk(store: Store) -> Store:
    """Two agents with a number and a PIN each."""
    staff(store, 2)
    gives_telephones(store, vault())
    return store


def pauses(store: Store, id: AgentId = ONE) -> None:
    with store.writing() as tx:
        assert tx.agents.pause(id, Pause.MISSED, at=AT, until=AT + HALF_AN_HOUR)


def says(store: Store, word: Word, *, at: float = 60, id: AgentId = ONE) -> Agent:
    """What the agent is after their own word."""
    with store.writing() as tx:
        tx.agents.heed(id, word, at=AT + seconds(at))
    return agent(store, id)


def agent(store: Store, id: AgentId = ONE) -> Agent:
    with store.reading() as tx:
        [found] = tx.agents.roster(lambda commune: Calendar(), only=[id])
    return found


def test_the_roster_has_everybody_or_those_asked_for(desk: Store) -> None:
    with desk.reading() as tx:
        assert [a.id for a in tx.agents.roster(lambda _: Calendar())] == [1, 2]
        assert [a.id for a in tx.agents.roster(lambda _: Calendar(), only=[TWO])] == [2]
        assert tx.agents.roster(lambda _: Calendar(), only=[]) == []
        assert tx.agents.telephone(ONE) == number(1)
        assert tx.agents.at_number(number(2)) == TWO
        assert tx.agents.at_number(number(3)) is None


def test_a_paused_agent_is_not_on_until_their_pause_ends_by_itself(desk: Store) -> None:
    pauses(desk)

    assert agent(desk).on_until(AT + HALF_AN_HOUR - seconds(1)) is None
    assert agent(desk).on_until(AT + HALF_AN_HOUR) is not None
    assert agent(desk, TWO).on_until(AT) is not None


def test_who_comes_on_is_paused_no_more_and_on_until_they_said(desk: Store) -> None:
    pauses(desk)
    until = AT + timedelta(days=4)

    came_on = says(desk, ComesOn(until))

    assert (came_on.paused_until, came_on.pause, came_on.came_on_until) == (None, None, until)
    assert came_on.judged_since == AT + seconds(60)
    assert agent(desk, TWO).came_on_until is None


def test_a_pause_of_their_own_goes_before_one_they_were_given_and_keeps_their_word(
    desk: Store,
) -> None:
    says(desk, ComesOn(AT + timedelta(hours=5)))
    pauses(desk)

    rests = says(desk, Rests(Pause.MEAL, AT + timedelta(hours=1)))

    assert (rests.pause, rests.paused_until) == (Pause.MEAL, AT + timedelta(hours=1))
    assert rests.on_until(AT + timedelta(minutes=40)) is None
    assert rests.came_on_until == AT + timedelta(hours=5)


def test_a_day_that_is_over_takes_their_word_back(desk: Store) -> None:
    says(desk, ComesOn(AT + timedelta(hours=20)))

    rests = says(desk, Rests(Pause.DAY_OVER, AT + timedelta(hours=14)))

    assert (rests.pause, rests.came_on_until) == (Pause.DAY_OVER, None)


def test_who_gave_their_pin_is_on_the_line_until_their_call_ends(desk: Store) -> None:
    menu = a_call(1, step=Step.AGENT_MENU, as_agent=ONE)
    has_calls(desk, menu, a_call(2, step=Step.AGENT_PIN), a_call(3))

    with desk.writing() as tx:
        assert tx.agents.on_the_line() == {ONE}
        tx.calls.save(menu.hung_up(at=AT), over=menu, at=AT)

    with desk.reading() as tx:
        assert tx.agents.on_the_line() == set()


def test_a_number_is_put_aside_once_and_rung_no_more(desk: Store) -> None:
    with desk.writing() as tx:
        assert tx.agents.put_aside(ONE, Aside.NO_SUCH_NUMBER, at=AT)
        assert not tx.agents.put_aside(ONE, Aside.FORWARDED_TO_US, at=AT)

    assert agent(desk).aside is Aside.NO_SUCH_NUMBER
    assert agent(desk).on_until(AT) is None
