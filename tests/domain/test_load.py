"""What the figures of the load mean, on rows small enough to count by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Outcome, Step
from dispatcher.domain.load import Became, Crowd, Kept, Owed, Today, Waiters, gathered, kept, today

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ORCIERES, GAP, BREST = "05096", "05061", "29019"


def ago(minutes: float) -> datetime:
    return AT - timedelta(minutes=minutes)


def departement_of(commune: str | None) -> str | None:
    return commune and commune[:2]


def waiters(
    commune: str | None, need: Need, count: int, minutes: float, ringing: bool = False
) -> Waiters:
    return Waiters(commune, need, ringing, count, ago(minutes))


def test_neighbours_of_one_departement_and_need_are_one_crowd() -> None:
    found = gathered(
        [
            waiters(ORCIERES, Need.PROCEDURES, 2, 3),
            waiters(GAP, Need.PROCEDURES, 3, 7),
            waiters(GAP, Need.PROCEDURES, 1, 9, ringing=True),
            waiters(GAP, Need.MEDIATION, 1, 1),
        ],
        departement_of,
    )

    assert found.crowds == (
        Crowd("05", Need.PROCEDURES, 6, 1, ago(9)),
        Crowd("05", Need.MEDIATION, 1, 0, ago(1)),
    )
    assert (found.count, found.ringing, found.since) == (7, 1, ago(9))


def test_a_departement_stands_together_where_its_longest_wait_is() -> None:
    found = gathered(
        [
            waiters(BREST, Need.EITHER, 1, 5),
            waiters(GAP, Need.MEDIATION, 1, 1),
            waiters(None, Need.PROCEDURES, 4, 2),
            waiters(GAP, Need.EITHER, 1, 8),
        ],
        departement_of,
    )

    assert [(code, those.count, those.since) for code, those in found.places] == [
        ("05", 2, ago(8)),
        ("29", 1, ago(5)),
        (None, 4, ago(2)),
    ]


def test_nobody_waits() -> None:
    found = gathered([], departement_of)

    assert (found.count, found.ringing, found.since, found.places) == (0, 0, None, [])


def test_callbacks_are_owed_now_or_later_or_under_way() -> None:
    found = kept(
        [
            Owed(State.WAITING, True, 4, ago(20)),
            Owed(State.WAITING, False, 2, ago(90)),
            Owed(State.OFFERED, True, 1, ago(5)),
            Owed(State.CALLING, True, 3, ago(7)),
        ]
    )

    assert found == Kept(due=4, later=2, under_way=4, since=ago(90))
    assert found.count == 10


def test_nothing_is_owed() -> None:
    assert (kept([]), kept([]).count) == (Kept(), 0)


@pytest.mark.parametrize(
    ("step", "outcome", "at_once", "counted"),
    [
        (Step.ENDED, Outcome.ANSWERED, False, Today(answered=5)),
        (Step.ENDED, Outcome.ANSWERED, True, Today(answered=5)),
        (Step.TALKING, None, False, Today(answered=5)),
        (Step.OFFERED, None, False, Today()),
        (Step.WAITING, None, False, Today()),
        (Step.ENDED, Outcome.CALLBACK, False, Today(callback=5)),
        (Step.ENDED, Outcome.ABANDONED, False, Today(abandoned=5)),
        (Step.ENDED, Outcome.ABANDONED, True, Today(abandoned_at_once=5)),
        (Step.ENDED, Outcome.CLOSED, False, Today()),
        (Step.ENDED, Outcome.REJECTED, True, Today()),
        (Step.ENDED, Outcome.AGENT, False, Today()),
    ],
)
def test_what_a_call_counts_as(
    step: Step, outcome: Outcome | None, at_once: bool, counted: Today
) -> None:
    assert today([Became(step, outcome, at_once, 5)]) == counted


def test_the_parts_of_a_day_are_added_up() -> None:
    rows = [
        Became(Step.ENDED, Outcome.ANSWERED, False, 10),
        Became(Step.TALKING, None, False, 2),
        Became(Step.ENDED, Outcome.ABANDONED, True, 3),
        Became(Step.ENDED, Outcome.ABANDONED, False, 4),
    ]

    assert today(rows) == Today(answered=12, abandoned=4, abandoned_at_once=3)
