"""What lending an agent costs their département."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain.reserves import UNIT, Reserve, price

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def blocked(agents: int, load: float) -> float:
    """Erlang B."""
    share = 1.0
    for number in range(1, agents + 1):
        share = load * share / (number + load * share)
    return share


@pytest.mark.parametrize(("on", "idle"), [(1, 1), (5, 1), (5, 5), (40, 3), (100, 12)])
def test_the_price_is_how_much_likelier_everybody_is_busy_with_one_fewer(
    on: int, idle: int
) -> None:
    load = 0.8 * on

    expected = blocked(on, load) / blocked(on - idle, load)

    assert price(on, idle) / UNIT == pytest.approx(expected, abs=1e-11)


def test_the_fewer_are_idle_the_dearer_they_are() -> None:
    for on in (1, 2, 7, 60, 500):
        prices = [price(on, idle) for idle in range(1, min(on, 60) + 1)]
        assert prices == sorted(set(prices), reverse=True)
        assert 0 < prices[-1] <= prices[0] < UNIT


def test_above_the_limit_agents_are_kept_until_the_caller_was_held_long_enough() -> None:
    reserve = Reserve((), limit=UNIT // 2, until=NINE)

    assert reserve.keeps(UNIT // 2 + 1, at=NINE - SECOND)
    assert not reserve.keeps(UNIT // 2, at=NINE - SECOND)
    assert not reserve.keeps(UNIT, at=NINE)
