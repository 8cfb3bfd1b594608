"""What is enqueued is drained, and what the clock starts exists."""

from dataclasses import fields
from pkgutil import resolve_name

import pytest

from config import cron, processes, queues
from tests.house.sources import ROOT

PROGRAMS = processes.in_procfile((ROOT / "Procfile").read_text(encoding="utf-8"))
COMMANDS = [program.command for program in PROGRAMS]


@pytest.mark.parametrize("queue", queues.NAMES)
def test_every_queue_has_a_worker_of_its_own(queue: str) -> None:
    assert COMMANDS.count(("dispatcher", "worker", queue)) == 1


def test_no_worker_serves_what_is_no_queue_or_several() -> None:
    served = [command[2:] for command in COMMANDS if command[:2] == ("dispatcher", "worker")]

    assert sorted(served) == sorted((name,) for name in queues.NAMES)


def test_there_is_one_clock() -> None:
    assert COMMANDS.count(("dispatcher", "clock")) == 1


def test_every_job_of_the_clock_can_be_called() -> None:
    for entry in cron.ENTRIES:
        assert callable(resolve_name(entry.job)), entry.name


def test_no_job_of_the_clock_waits_for_an_hour_that_may_not_come() -> None:
    """At 02:00 to 02:59 an hour is skipped in March and lived twice in October."""
    assert [field.name for field in fields(cron.Entry)] == ["name", "every", "job"]
    for entry in cron.ENTRIES:
        assert 0 < entry.every <= 12 * 3600, entry.name


def test_the_jobs_of_the_clock_have_different_names() -> None:
    assert len({entry.name for entry in cron.ENTRIES}) == len(cron.ENTRIES)


def test_what_the_procfile_serves_can_be_imported() -> None:
    (web,) = (program.command for program in PROGRAMS if program.name == "web")

    assert web[:3] == ("gunicorn", "-c", "python:config.gunicorn")
    assert callable(resolve_name(web[3].removesuffix("()")))
