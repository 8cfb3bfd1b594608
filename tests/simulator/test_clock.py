"""Time jumps, and never stands still for ever."""

import asyncio

import pytest

from dispatcher.simulator import FastLoop, Network, NotHeardError, Stuck, VirtualLoop
from tests.simulator.toy import Toy

ROSE = "+33199000001"
LINE = "+33199000100"


def test_ten_hours_pass_in_no_time() -> None:
    loop = VirtualLoop()

    loop.run_until_complete(asyncio.sleep(36_000))

    assert loop.time() == pytest.approx(36_000)
    loop.close()


def test_waiting_for_nothing_is_noticed() -> None:
    loop = VirtualLoop()
    never = loop.create_future()

    with pytest.raises(Stuck, match="nothing is due"):
        loop.run_until_complete(never)

    never.cancel()
    loop.close()


def test_too_many_hours_are_noticed() -> None:
    loop = VirtualLoop(hours=1)
    sleeper = loop.create_task(asyncio.sleep(7_200))

    with pytest.raises(Stuck, match="virtual hours"):
        loop.run_until_complete(sleeper)

    sleeper.cancel()
    loop.run_until_complete(asyncio.wait({sleeper}))
    loop.close()


def test_a_fast_clock_runs_fast() -> None:
    loop = FastLoop(speed=100)

    loop.run_until_complete(asyncio.sleep(5))

    assert loop.time() >= 5
    loop.close()


def test_timers_and_sweeps_run_beside_the_calls(network: Network) -> None:
    ticks: list[float] = []
    network.every(10, lambda: ticks.append(round(network.seconds())))

    network.run(until=35)

    assert ticks == [10, 20, 30]


def test_a_failing_timer_fails_the_run(network: Network) -> None:
    def fails() -> None:
        raise ZeroDivisionError

    network.after(5, fails)

    with pytest.raises(ZeroDivisionError):
        network.run(until=10)


def test_a_run_goes_on_until_a_fact(network: Network) -> None:
    facts: list[bool] = []
    network.after(7, lambda: facts.append(True))

    network.run(until=lambda: bool(facts))

    assert network.seconds() == pytest.approx(7, abs=0.5)


def test_a_person_who_hears_nothing_shows_their_transcript(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = "<Say>Bonjour</Say>"

    async def rose() -> None:
        call = await network.phone(ROSE, "Rose").dials(LINE)
        await call.hears("code postal")

    with pytest.raises(NotHeardError, match=r"(?s)Rose \(.*did not hear 'code postal'.*Bonjour"):
        network.run(rose())


def test_a_loop_that_slows_down_goes_on_from_where_it_was() -> None:
    """A timer that is due in an hour, at sixty hours a minute, is then due in an hour indeed."""
    loop = FastLoop(3600)
    rung: list[float] = []
    loop.call_later(1800, loop.stop)
    loop.call_later(5400, lambda: rung.append(loop.time()))
    loop.run_forever()
    before = loop.time()

    loop.goes_at(1)
    loop.run_until_complete(asyncio.sleep(0.05))

    assert before <= loop.time() < before + 60
    assert rung == []
    loop.close()
