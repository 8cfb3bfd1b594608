"""The clock goes its rounds whatever one entry does."""

import threading
import time

import pytest

from config.cron import Entry, Rounds

done: list[str] = []


def sweep() -> None:
    done.append("sweep")


def fail() -> None:
    done.append("fail")
    raise RuntimeError("the database is away")


def entry(job: str, *, every: float) -> Entry:
    return Entry(job, every, f"{__name__}:{job}")


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


def test_an_entry_is_done_at_once_and_then_at_its_interval() -> None:
    now = [100.0]
    rounds = Rounds([entry("sweep", every=5)], monotonic=lambda: now[0])

    rounds.turn()
    now[0] += 4
    wait = rounds.turn()
    now[0] += 1
    rounds.turn()

    assert done == ["sweep", "sweep"]
    assert wait == pytest.approx(1)


def test_an_entry_that_fails_is_tried_again_and_holds_up_nobody() -> None:
    now = [100.0]
    rounds = Rounds([entry("fail", every=1), entry("sweep", every=1)], monotonic=lambda: now[0])

    rounds.turn()
    now[0] += 1
    rounds.turn()

    assert done == ["fail", "sweep", "fail", "sweep"]


def test_an_entry_that_goes_on_failing_fills_the_log_with_one_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rounds = Rounds([entry("fail", every=0)], monotonic=lambda: 100.0)

    rounds.turn()
    rounds.turn()

    said = [record.getMessage() for record in caplog.records]
    assert said == ["fail failed: RuntimeError('the database is away')"] * 2
    assert caplog.text.count("Traceback") == 1


def test_a_clock_that_was_held_up_does_not_make_up_for_every_round() -> None:
    now = [100.0]
    rounds = Rounds([entry("sweep", every=1)], monotonic=lambda: now[0])

    rounds.turn()
    now[0] += 60
    rounds.turn()
    rounds.turn()

    assert done == ["sweep", "sweep", "sweep"]
    assert rounds.turn() == pytest.approx(1)


def test_a_fast_clock_goes_its_rounds_faster() -> None:
    rounds = Rounds([entry("sweep", every=6)], speed=60, monotonic=lambda: 100.0)

    assert rounds.turn() == pytest.approx(0.1)


def test_the_rounds_end_soon_after_they_are_told_to() -> None:
    stopped = threading.Event()
    rounds = threading.Thread(target=Rounds([entry("sweep", every=3600)]).run, args=[stopped])
    rounds.start()
    started = time.monotonic()

    stopped.set()
    rounds.join()

    assert time.monotonic() - started < 1
