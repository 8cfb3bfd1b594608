"""Whatever comes twice, late, out of order or not at all: nobody is with two, lost, starved or a ghost."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings

from dispatcher.domain.routing import Routed
from dispatcher.live.board import Board
from tests.office import line
from tests.operations.any_order import AnyOrder
from tests.operations.desk import Desk, open_desk
from tests.people import INES, MALO


@pytest.fixture
def desk(sqlite_url: str, redis_url: str) -> Iterator[Desk]:
    with open_desk(sqlite_url, redis_url, lines=(line(offers_per_hour=100),)) as desk:
        desk.has(INES, MALO)
        yield desk


def goes_through(desk: Desk, **how: Any) -> None:
    """Hypothesis chooses orders, and raises what the first that breaks something raised."""
    machine: Any = type("OneOrder", (AnyOrder,), {"desk": desk})
    machine.TestCase.settings = settings(
        deadline=None, suppress_health_check=list(HealthCheck), **how
    )
    machine.TestCase("runTest").runTest()


def breaks(desk: Desk) -> pytest.ExceptionInfo[AssertionError]:
    with pytest.raises(AssertionError) as broken:
        goes_through(
            desk,
            max_examples=150,
            stateful_step_count=30,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            report_multiple_bugs=False,
        )
    return broken


def test_in_any_order_nobody_is_doubled_lost_or_left_waiting(desk: Desk) -> None:
    goes_through(desk, max_examples=25, stateful_step_count=30)


@pytest.mark.soak
def test_without_the_gate_in_sql_somebody_is_with_two(desk: Desk) -> None:
    with desk.services.store.engine.begin() as connection:
        for who in ("agent", "call", "callback"):
            connection.execute(sa.text(f"DROP INDEX uq_offers_open_{who}"))

    assert "two open offers of one agent" in str(breaks(desk).value)


@pytest.mark.soak
def test_without_the_gate_in_redis_somebody_waits_beside_a_free_agent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQL alone lets nobody be with two, and has no way on to the next agent."""
    assign = Board.assign

    def assign_without_taking(board: Board, *given: Any, **how: Any) -> Routed:
        routed = assign(board, *given, **how)
        if routed.agent is not None:
            board.free(routed.agent, at=how["at"])
        return routed

    monkeypatch.setattr(Board, "assign", assign_without_taking)

    assert "waits beside an agent who is free" in str(breaks(desk).value)
