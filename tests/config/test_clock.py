"""Every process reads the same clock, however fast it runs."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest

from config.clock import ORIGIN, SLOWED, Brake, Clock


def test_at_speed_one_it_is_the_wall_clock(tmp_path: Path) -> None:
    clock = Clock.for_everyone(1, tmp_path)

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    assert clock.now().tzinfo is UTC
    assert not (tmp_path / ORIGIN).exists()


def test_an_hour_passes_in_a_minute_at_speed_sixty() -> None:
    hour_ago = datetime.now(UTC) - timedelta(minutes=1)

    now = Clock(60, hour_ago).now()

    assert timedelta(0) <= now - (hour_ago + timedelta(hours=1)) < timedelta(minutes=1)


def test_a_clock_that_is_braked_goes_on_from_where_it_was_with_the_wall(tmp_path: Path) -> None:
    """It ran sixty times as fast for a minute, an hour ago."""
    brake = Brake(tmp_path / SLOWED)
    origin = datetime.now(UTC) - timedelta(minutes=61)
    clock = Clock(60, origin, brake)
    assert clock.now() - origin > timedelta(hours=60)

    (tmp_path / SLOWED).write_text((origin + timedelta(minutes=1)).isoformat())

    passed = clock.now() - (origin + timedelta(hours=1))
    assert timedelta(hours=1) <= passed < timedelta(hours=1, minutes=1)


def test_every_process_finds_the_brake_of_its_folder(tmp_path: Path) -> None:
    early = Clock.for_everyone(60, tmp_path)
    (tmp_path / SLOWED).write_text(early.origin.isoformat())
    late = Clock.for_everyone(60, tmp_path)

    for clock in (early, late):
        assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=30)


def test_sixty_of_our_seconds_are_slept_in_a_tenth_of_one() -> None:
    started = time.monotonic()

    Clock(600, datetime.now(UTC)).sleep(60)

    assert 0.1 <= time.monotonic() - started < 1


def test_a_process_that_comes_second_takes_the_origin_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one writes it after we have looked for it, and before we write ours."""
    first: list[Clock] = []

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.undo()
        first.append(Clock.for_everyone(60, tmp_path))
        return NamedTemporaryFile(*args, **kwargs)

    monkeypatch.setattr("config.clock.NamedTemporaryFile", meanwhile)

    second = Clock.for_everyone(60, tmp_path)

    assert [second] == first
    assert Clock.for_everyone(60, tmp_path) == second


def test_processes_that_start_together_agree_on_the_time(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        clocks = list(pool.map(lambda _: Clock.for_everyone(60, tmp_path / "new"), range(64)))

    assert len({clock.origin for clock in clocks}) == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == [ORIGIN]
