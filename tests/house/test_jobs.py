"""Every job exists, takes one id, is asked for with a retry, and its queue is known."""

import ast
import inspect
from pkgutil import resolve_name

import pytest

from config import queues
from tests.house.sources import PACKAGES, modules, named, syntax

ENQUEUING = {"enqueue", "enqueue_call", "enqueue_at", "enqueue_in", "enqueue_many", "schedule_job"}
RUNG = {
    str(node.args[0].value)
    for path in modules("dispatcher")
    for node in ast.walk(syntax(path))
    if isinstance(node, ast.Call)
    and isinstance(node.func, ast.Attribute)
    and node.func.attr == "ring"
    and len(node.args) == 2
    and isinstance(node.args[0], ast.Constant)
}


@pytest.mark.parametrize("job", queues.QUEUE_OF)
def test_a_job_takes_one_id_and_nothing_else(job: str) -> None:
    function = resolve_name("workers." + job.replace(".", ":"))

    [argument] = inspect.signature(function).parameters.values()
    assert argument.annotation is str
    assert argument.name.endswith(("_id", "_sid"))
    assert len(inspect.getsource(function).splitlines()) <= 8


def test_every_job_asked_for_has_a_queue_and_every_other_way_round() -> None:
    assert set(queues.QUEUE_OF) == RUNG


def test_jobs_are_asked_for_in_one_place_with_a_retry() -> None:
    """Without one, RQ never does a job again whose worker was killed (faults.md F2)."""
    asking = [
        (named(path), {word.arg for word in node.keywords})
        for path in modules(*PACKAGES)
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ENQUEUING
    ]

    [(where, given)] = asking
    assert where == "dispatcher/live/bell.py"
    assert {"retry", "result_ttl", "failure_ttl"} <= given
    assert "description" not in given, "it would be logged"
