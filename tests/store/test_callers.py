"""What SQL knows of somebody's other calls, by their number."""

from dataclasses import replace

import pytest

from config.keys import derive
from dispatcher.domain.calls import Outcome, Step
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store.store import Store
from dispatcher.store.vault import Keys, Vault
from tests.office import SECRET
from tests.store.rows import AT, a_call, has_calls, number, seconds, sid

ROSE = number(1)


def keys(secret: str) -> Keys:
    return Keys(derive(secret, "seal numbers"), derive(secret, "find numbers"), b"k" * 32)


def count(store: Store, of: PhoneNumber = ROSE, *, since: float = 0, at_most: int = 100) -> int:
    with store.reading() as tx:
        return tx.calls.count_from(of, since=AT + seconds(since), at_most=at_most)


def served(store: Store, *, since: float = 0) -> bool:
    with store.reading() as tx:
        return tx.calls.served_since(ROSE, AT + seconds(since))


def test_the_calls_of_a_number_are_counted_since_a_moment(store: Store) -> None:
    moments = [-10, 0, 10]
    has_calls(
        store,
        *(
            a_call(id, number=ROSE, started_at=AT + seconds(moment))
            for id, moment in enumerate(moments)
        ),
        a_call(7, number=number(2)),
        a_call(8, number=None),
    )

    assert [count(store, since=moment) for moment in [-10, -9, 1, 11]] == [3, 2, 1, 0]
    assert count(store, number(3)) == 0


def test_those_that_ended_count_too_and_no_more_than_asked_are_counted(store: Store) -> None:
    has_calls(store, *(a_call(id, number=ROSE).hung_up(at=AT) for id in range(5)))

    assert count(store) == 5
    assert count(store, at_most=3) == 3


def test_calls_under_the_secret_before_count_too(store: Store) -> None:
    has_calls(store, a_call(1, number=ROSE))
    later = Store(store.engine, Vault([keys("another secret, long enough as well"), keys(SECRET)]))
    has_calls(later, a_call(2, number=ROSE))

    assert count(later) == 2
    assert count(store) == 1


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"step": Step.ENDED, "outcome": Outcome.ANSWERED, "ended_at": AT}, True),
        ({"step": Step.ENDED, "outcome": Outcome.CALLBACK, "ended_at": AT}, True),
        ({"step": Step.TALKING}, True),
        ({"step": Step.ENDED, "outcome": Outcome.ABANDONED, "ended_at": AT}, False),
        ({"step": Step.WAITING}, False),
        ({"step": Step.TALKING, "number": number(2)}, False),
        ({"step": Step.TALKING, "started_at": AT - seconds(1)}, False),
    ],
)
def test_whether_somebody_was_served_on_a_call_since(
    store: Store, how: dict[str, object], expected: bool
) -> None:
    has_calls(store, replace(a_call(1, number=ROSE), **how))  # type: ignore[arg-type]

    assert served(store) is expected


def test_which_calls_are_known(store: Store) -> None:
    has_calls(store, a_call(1), a_call(2))

    with store.reading() as tx:
        assert tx.calls.known([sid(2), sid(3)]) == {sid(2)}
        assert tx.calls.known([]) == set()
