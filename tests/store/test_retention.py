"""What is outdated is found and erased, once, on either database; what is needed stays."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Call, Outcome
from dispatcher.domain.floods import FORMS_OF_ADDRESS
from dispatcher.domain.occurrences import Change, Moved, Pattern, Slot, SlotId
from dispatcher.domain.offers import End
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.retention import Data, Erased, Report
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Absence
from dispatcher.store.retention import SWEPT, in_batches
from dispatcher.store.schema import callbacks, calls, metadata, moves, offers
from dispatcher.store.store import Store
from tests.hands import hands
from tests.store.rows import AT, a_call, a_callback, an_offer, has_calls, number, staff

DAY = timedelta(days=1)
PERSONAL = {
    *("structures", "agents", "calendars", "softphones", "practices", "marks", "stops"),
    *("users", "user_roles", "recovery_codes"),
    *("journal", "journal_heads"),
}
"""Tables that this file's sweeps leave alone: the directory, its calendars and browsers, moments by name, who said
STOP, for good; accounts, which end when somebody ends them; and the journal, which nothing ever alters.
"""


def ended(id: int = 1, *, at: datetime = AT, **changes: Any) -> Call:
    return replace(a_call(id), **changes).ends(Outcome.ANSWERED, at=at)


def erase(store: Store, data: Data, before: datetime) -> int:
    count = 0
    for rows in SWEPT[data]:
        with store.reading() as tx:
            keys = tx.retention.outdated(rows, before=before, limit=1000)
        with store.writing() as tx:
            count += tx.retention.erase(rows, keys, before=before)
    return count


def numbered(store: Store) -> int:
    """Of how many calls and callbacks a number is held."""
    with store.engine.connect() as connection:
        held = connection.execute(
            sa.select(
                sa.select(sa.func.count()).where(calls.c.number.is_not(None)).scalar_subquery(),
                sa.select(sa.func.count()).where(callbacks.c.number_key != "").scalar_subquery(),
            )
        ).one()
    return sum(held)


def test_a_number_goes_with_its_period_and_the_call_stays_to_be_counted(store: Store) -> None:
    has_calls(store, ended(keyed_number=number(5), commune="05096"))

    assert erase(store, Data.NUMBERS, AT - DAY) == 0
    assert erase(store, Data.NUMBERS, AT) == 1

    with store.reading() as tx:
        left = tx.calls.find(a_call().sid)
    assert left == replace(ended(commune="05096"), number=None, keyed_number=None)
    assert erase(store, Data.NUMBERS, AT) == 0


def test_a_call_that_has_not_ended_keeps_its_number_however_old(store: Store) -> None:
    has_calls(store, a_call())

    assert erase(store, Data.NUMBERS, AT + 1000 * DAY) == 0
    assert numbered(store) == 1


@pytest.mark.parametrize("state", [State.WAITING, State.OFFERED, State.CALLING])
def test_a_callback_still_owed_keeps_its_number_and_its_calls(store: Store, state: State) -> None:
    has_calls(store, ended())
    with store.writing() as tx:
        tx.callbacks.keep(a_callback(state=state))

    assert erase(store, Data.NUMBERS, AT + 1000 * DAY) == 0
    assert numbered(store) == 2


def test_a_closed_callback_is_read_without_its_number(store: Store) -> None:
    has_calls(store, ended())
    with store.writing() as tx:
        tx.callbacks.keep(a_callback(state=State.REACHED, closed_at=AT, first_name="Rose"))

    assert erase(store, Data.NUMBERS, AT) == 2

    with store.reading() as tx:
        left = tx.callbacks.of(a_call().sid)
    assert left == a_callback(state=State.REACHED, closed_at=AT, number="")
    assert numbered(store) == 0


def test_an_allowance_goes_once_its_time_is_over(store: Store) -> None:
    with store.writing() as tx:
        assert tx.allowances.spend(FORMS_OF_ADDRESS, "62.34.1.1", at=AT)

    assert erase(store, Data.ALLOWANCES, AT) == 0
    assert erase(store, Data.ALLOWANCES, AT + DAY) == 1


def a_past(store: Store) -> AgentId:
    """A call of an agent who took it, and one who passed on it; both over."""
    [agent, other] = staff(store, 2)
    has_calls(store, ended(helper=agent))
    with store.writing() as tx:
        tx.callbacks.keep(a_callback(state=State.REACHED, closed_at=AT, helper=agent))
        for id, whose in enumerate((other, agent)):
            offer = an_offer(id, whose, of=1)
            assert tx.offers.claim(offer)
            tx.decisions.keep({}, at=AT, call=a_call().sid, offer=offer.id, agent=whose)
            tx.offers.close(offer.id, End.ANSWERED, at=AT)
        tx.decisions.keep({}, at=AT, callback=a_callback().id)
    return agent


def test_how_a_call_went_goes_and_its_outcome_stays(store: Store) -> None:
    a_past(store)

    assert erase(store, Data.HISTORY, AT - DAY) == 0
    expected = 1 + 1 + 2 + 3 + 1 + 1
    assert erase(store, Data.HISTORY, AT) == expected, "moves, offers, decisions, helpers"

    with store.reading() as tx:
        assert tx.calls.moves(a_call().sid) == []
        assert tx.callbacks.moves(a_callback().id) == []
        left = tx.calls.find(a_call().sid)
    assert left == ended()
    assert numbered(store) == 2, "a number has a period of its own"


def test_the_history_of_what_is_under_way_stays(store: Store) -> None:
    [agent] = staff(store)
    has_calls(store, a_call(helper=agent), ended(2))
    with store.writing() as tx:
        tx.callbacks.keep(a_callback(of=2, helper=agent))
        assert tx.offers.claim(an_offer(1, agent, of=1))
        tx.decisions.keep({}, at=AT, call=a_call().sid)
        tx.decisions.keep({}, at=AT, callback=a_callback().id)

    erase(store, Data.HISTORY, AT + 1000 * DAY)

    with store.reading() as tx:
        assert len(tx.calls.moves(a_call().sid)) == 1
        assert len(tx.callbacks.moves(a_callback().id)) == 1
        assert len(tx.decisions.of(a_call().sid)) == 1
        assert len(tx.decisions.of(callback=a_callback().id)) == 1
        assert len(tx.offers.open()) == 1
        assert tx.calls.find(a_call().sid) == a_call(helper=agent)
        left = tx.callbacks.find(a_callback().id)
    assert left == a_callback(of=2, helper=agent)


def test_two_who_erase_at_once_count_each_row_once(store: Store) -> None:
    """Both find the same rows, since neither has begun to erase."""
    a_past(store)
    has_calls(store, *(ended(id) for id in range(10, 60)))
    counts: list[int] = []
    for data in (Data.NUMBERS, Data.HISTORY):
        for rows in SWEPT[data]:
            with store.reading() as tx:
                keys = tx.retention.outdated(rows, before=AT, limit=1000)

            def act(rows: Any = rows, keys: Any = keys) -> None:
                with store.writing() as tx:
                    counts.append(tx.retention.erase(rows, keys, before=AT))

            with hands() as together:
                together([act] * 3)

            assert sum(counts) == len(keys), rows.table.name
            counts.clear()


def test_a_call_that_began_again_since_it_was_found_is_left(store: Store) -> None:
    """A callback is kept between the finding and the erasing."""
    rows, *_ = SWEPT[Data.NUMBERS]
    has_calls(store, ended())
    with store.reading() as tx:
        keys = tx.retention.outdated(rows, before=AT, limit=10)
    with store.writing() as tx:
        tx.callbacks.keep(a_callback())

    with store.writing() as tx:
        assert tx.retention.erase(rows, keys, before=AT) == 0


def test_no_transaction_takes_more_than_its_share() -> None:
    keys = [(number,) for number in range(1201)]

    assert [len(some) for some in in_batches(keys)] == [500, 500, 201]


def test_the_newest_report_is_found_again(store: Store) -> None:
    newer = Report(AT + DAY, (Erased(Data.NUMBERS, 3, AT), Erased(Data.SPOOL, 0, AT - DAY)))
    with store.writing() as tx:
        assert tx.retention.last() is None
        tx.retention.keep("a", Report(AT, (Erased(Data.NUMBERS, 7, AT),)))
        tx.retention.keep("b", newer)

    with store.reading() as tx:
        assert tx.retention.last() == newer

    erase(store, Data.HISTORY, AT + DAY)
    with store.reading() as tx:
        assert tx.retention.last() is None, "reports have a period too"


def test_every_table_is_swept_or_written_down_here() -> None:
    """A new table that holds something of somebody has to be thought of."""
    swept = {rows.table.name for tables in SWEPT.values() for rows in tables}

    assert swept | PERSONAL == set(metadata.tables)
    assert not swept & PERSONAL
    assert {moves.name, offers.name} <= swept


def test_slots_days_and_absences_that_are_over_go_with_the_history(store: Store) -> None:
    [agent] = staff(store)
    past, later = date(2026, 11, 10), date(2027, 1, 12)
    once, weekly = (
        Slot(SlotId(id), Pattern(Rule(past, days), Span(540, 720)))
        for id, days in (("once", ()), ("weekly", (1,)))
    )
    with store.writing() as tx:
        for slot in (once, weekly):
            assert tx.timetables.post(agent, slot)
            tx.timetables.confirm(slot.id, past, at=AT)
        assert tx.timetables.change(once, Change(past, Moved(past, Span(600, 660))))
        assert tx.timetables.change(weekly, Change(past, Moved(later, Span(600, 660))))
        tx.timetables.go_away("a", agent, Absence(past, past))
        tx.timetables.go_away("b", agent, Absence(past, later))

    assert erase(store, Data.HISTORY, AT) == 5

    with store.reading() as tx:
        kept = tx.timetables.of([agent])[agent]
        assert tx.timetables.confirmed(agent) == frozenset()
    assert [slot.changes for slot in kept.slots if slot.id == "weekly"] == [
        (Change(past, Moved(later, Span(600, 660))),)
    ]
    assert "once" not in {slot.id for slot in kept.slots}
    assert kept.absences == [Absence(past, later)]
