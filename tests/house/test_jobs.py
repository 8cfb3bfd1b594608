"""Every job exists, takes one id, is asked for with a retry, and its queue is known."""

import ast
import inspect
from pathlib import Path
from pkgutil import resolve_name

import pytest

from config import queues

RUNG = {
    str(node.args[0].value)
    for path in Path("dispatcher").rglob("*.py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
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
    asking = [
        path for path in Path("dispatcher").rglob("*.py") if "enqueue" in path.read_text("utf-8")
    ]
    asking = [path for path in asking if "simulator" not in path.parts and "twiml" not in path.name]

    assert [path.name for path in asking] == ["bell.py"]
    assert "retry=" in asking[0].read_text("utf-8")
