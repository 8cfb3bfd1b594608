"""However many watch, the load is counted once; and nobody waits for a slow count but the first."""

from collections.abc import Callable
from threading import Event, Thread
from types import SimpleNamespace
from typing import cast

import pytest

from dispatcher.operations import load
from dispatcher.operations.load import Load
from dispatcher.operations.services import Services
from dispatcher.web import lookout
from dispatcher.web.lookout import FRESH_FOR, SHARE, Lookout, NothingSeen

NOBODY = cast("Services", None)


class Desk:
    """What is counted, how long that takes, and a clock that stands still but for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time, self.takes, self.counted = 100.0, 0.0, 0
        self.meanwhile: Callable[[], object] = lambda: None
        monkeypatch.setattr(load, "look", self.look)
        self.lookout = Lookout(NOBODY, lambda: self.time)

    def look(self, _: Services) -> Load:
        self.counted += 1
        count = self.counted
        self.meanwhile()
        self.time += self.takes
        return cast("Load", SimpleNamespace(count=count))

    def seen(self) -> int:
        return cast("SimpleNamespace", self.lookout.look()).count  # type: ignore[no-any-return]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_a_hundred_who_watch_are_shown_one_count(desk: Desk) -> None:
    assert {desk.seen() for _ in range(100)} == {1}

    desk.time += FRESH_FOR

    assert {desk.seen() for _ in range(100)} == {2}
    assert desk.counted == 2


def test_a_count_that_takes_long_is_made_less_often(desk: Desk) -> None:
    desk.takes = 2.0
    desk.seen()

    desk.time += SHARE * 2.0 - 0.1
    assert desk.seen() == 1
    desk.time += 0.1
    assert desk.seen() == 2


def test_while_somebody_counts_others_are_shown_what_was_counted_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.seen()
    monkeypatch.setattr(lookout, "PATIENCE", float("nan"))  # to wait would be an error
    desk.time += FRESH_FOR
    shown: list[int] = []
    desk.meanwhile = lambda: shown.append(desk.seen())

    assert desk.seen() == 2

    assert shown == [1]
    assert desk.counted == 2


def test_the_first_count_is_waited_for_a_while(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, done = Event(), Event()

    def counts() -> None:
        begun.set()
        done.wait(10)

    desk.meanwhile = counts
    first = Thread(target=desk.seen)
    first.start()
    assert begun.wait(10)

    monkeypatch.setattr(lookout, "PATIENCE", 0.01)
    with pytest.raises(NothingSeen):
        desk.seen()
    done.set()
    first.join(10)

    assert desk.seen() == 1


def test_a_count_that_fails_is_not_tried_by_everybody_and_shows_nothing_old(desk: Desk) -> None:
    desk.seen()
    desk.time += FRESH_FOR

    def breaks() -> None:
        raise ZeroDivisionError

    desk.meanwhile = breaks
    with pytest.raises(ZeroDivisionError):
        desk.seen()
    for _ in range(10):
        with pytest.raises(NothingSeen):
            desk.seen()
    assert desk.counted == 2

    desk.meanwhile = lambda: None
    desk.time += FRESH_FOR
    assert desk.seen() == 3
