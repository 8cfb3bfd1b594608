"""What the load is counted from, on a table of rows small enough to count by hand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Call, LineId, Outcome, Step
from dispatcher.domain.load import Became, Due, Owed, Waiters
from dispatcher.store.load import Load
from dispatcher.store.store import Store
from tests.store.rows import AT, a_call, a_callback, has_calls, seconds

NOON = AT + timedelta(hours=2, minutes=30)


def test_who_waits_is_counted_by_commune_and_need(store: Store) -> None:
    procedures = {"commune": "05096", "need": Need.PROCEDURES}
    has_calls(
        store,
        a_call(1, **procedures, waiting_since=AT + seconds(9)),
        a_call(2, **procedures, waiting_since=AT + seconds(4)),
        a_call(3, **procedures, waiting_since=AT + seconds(6), step=Step.OFFERED),
        a_call(4, commune="05096", need=Need.MEDIATION),
        a_call(5, need=None, started_at=AT - seconds(8), waiting_since=None),
        # None of these waits:
        a_call(6, **procedures, step=Step.TALKING),
        a_call(7, **procedures, step=Step.NEED),
        a_call(8, **procedures, step=Step.KEEP_NUMBER),
        a_call(9, **procedures).hung_up(at=AT),
    )

    with store.reading() as tx:
        found = tx.load.waiting()

    assert sorted(found, key=lambda each: each.since) == [
        Waiters(None, Need.EITHER, False, 1, AT - seconds(8)),
        Waiters("05096", Need.MEDIATION, False, 1, AT),
        Waiters("05096", Need.PROCEDURES, False, 2, AT + seconds(4)),
        Waiters("05096", Need.PROCEDURES, True, 1, AT + seconds(6)),
    ]


def test_callbacks_are_counted_until_they_are_closed(store: Store) -> None:
    has_calls(store, *(a_call(id) for id in range(1, 8)))
    with store.writing() as tx:
        for callback in (
            a_callback(1, of=1, asked_at=AT - seconds(30)),
            a_callback(2, of=2, asked_at=AT - seconds(50)),
            a_callback(3, of=3, due_at=AT + seconds(1), asked_at=AT - seconds(70)),
            a_callback(4, of=4, state=State.OFFERED),
            a_callback(5, of=5, state=State.CALLING),
            a_callback(6, of=6, state=State.REACHED, closed_at=AT),
            a_callback(7, of=7, state=State.CLOSED, closed_at=AT),
        ):
            assert tx.callbacks.keep(callback)

    with store.reading() as tx:
        found = tx.load.owed(at=AT)

    assert sorted(found, key=lambda each: (each.state, each.since)) == [
        Owed(State.CALLING, True, 1, AT),
        Owed(State.OFFERED, True, 1, AT),
        Owed(State.WAITING, False, 1, AT - seconds(70)),
        Owed(State.WAITING, True, 2, AT - seconds(50)),
    ]


def test_callbacks_that_wait_for_an_agent_are_counted_by_place_need_and_quarter_hour(
    store: Store,
) -> None:
    has_calls(store, *(a_call(n).ends(Outcome.CALLBACK, at=AT) for n in range(1, 8)))
    early, late = AT - seconds(2), AT - seconds(3600)
    kept = [
        a_callback(1, of=1, due_at=early),
        a_callback(2, of=2, due_at=AT - seconds(5)),
        a_callback(3, of=3, due_at=late),
        a_callback(4, of=4, due_at=late, need=Need.MEDIATION, commune=None),
        # Nobody is to take any of these now:
        a_callback(5, of=5, due_at=AT + seconds(1)),
        a_callback(6, of=6, due_at=late, state=State.CALLING),
        a_callback(7, of=7, due_at=late, state=State.REACHED, closed_at=AT),
    ]
    with store.writing() as tx:
        for callback in kept:
            assert tx.callbacks.keep(callback)

    with store.reading() as tx:
        found = tx.load.due(at=AT)

    assert sorted(found, key=lambda each: (each.since, each.need)) == [
        Due(None, Need.MEDIATION, 1, late),
        Due("05096", Need.PROCEDURES, 1, late),
        Due("05096", Need.PROCEDURES, 2, AT - seconds(5)),
    ]


def ended(id: int, outcome: Outcome, lasts: float, **changes: Any) -> Call:
    call = a_call(id, **changes)
    return call.ends(outcome, at=call.started_at + seconds(lasts))


def test_calls_are_counted_by_what_became_of_them(store: Store) -> None:
    has_calls(
        store,
        ended(1, Outcome.ANSWERED, 60),
        ended(2, Outcome.ANSWERED, 61),
        ended(3, Outcome.ABANDONED, 4.999),
        ended(4, Outcome.ABANDONED, 5),
        ended(5, Outcome.ABANDONED, 600),
        a_call(6, step=Step.TALKING),
        a_call(7),
    )

    with store.reading() as tx:
        found = tx.load.became({"principale": AT}, otherwise=AT)

    assert set(found) == {
        Became(Step.ENDED, Outcome.ANSWERED, False, 2),
        Became(Step.ENDED, Outcome.ABANDONED, True, 1),
        Became(Step.ENDED, Outcome.ABANDONED, False, 2),
        Became(Step.TALKING, None, False, 1),
        Became(Step.WAITING, None, False, 1),
    }


def test_a_day_begins_at_a_moment_of_each_line(store: Store) -> None:
    away, unknown = LineId("ailleurs"), LineId("inconnue")
    has_calls(
        store,
        ended(1, Outcome.ANSWERED, 60, started_at=AT - seconds(0.001)),
        ended(2, Outcome.ANSWERED, 60, started_at=AT),
        ended(3, Outcome.ANSWERED, 60, started_at=NOON - seconds(1), line=away),
        ended(4, Outcome.ANSWERED, 60, started_at=NOON, line=away),
        ended(5, Outcome.ANSWERED, 60, started_at=AT - seconds(1), line=unknown),
        ended(6, Outcome.ANSWERED, 60, started_at=AT, line=unknown),
    )

    with store.reading() as tx:
        [found] = tx.load.became({"principale": AT, "ailleurs": NOON}, otherwise=AT)

    assert found.count == 3


def test_a_line_whose_day_began_before_the_others_is_counted_from_there(store: Store) -> None:
    early = ended(1, Outcome.ANSWERED, 60, started_at=AT, line=LineId("ailleurs"))
    has_calls(store, early, ended(2, Outcome.ANSWERED, 60, started_at=AT))

    with store.reading() as tx:
        [found] = tx.load.became({"principale": NOON, "ailleurs": AT}, otherwise=NOON)

    assert found.count == 1


@pytest.mark.parametrize(
    ("figure", "index"),
    [
        (lambda load: load.waiting(), "ix_calls_open"),
        (lambda load: load.owed(at=AT), "ix_callbacks_open"),
        (lambda load: load.became({"principale": AT}, otherwise=AT), "ix_calls_started_at"),
    ],
)
def test_years_of_calls_slow_no_figure_down(
    sqlite_url: str, figure: Callable[[Load], object], index: str
) -> None:
    """Each figure is one query, and reads along its index."""
    engine = sa.create_engine(sqlite_url)
    asked: list[tuple[str, Any]] = []

    def note(*event: Any) -> None:
        asked.append((event[2], event[3]))

    with engine.connect() as connection:
        sa.event.listen(engine, "before_cursor_execute", note)
        figure(Load(connection))
        [(statement, values)] = asked
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = " ".join(row[-1] for row in plan)
    engine.dispose()

    assert index in steps
