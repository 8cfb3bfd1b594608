"""The guards that can be taken out are where ``tests/gates.py`` says."""

from pathlib import Path

import pytest

from tests.gates import GATES, GUARDS, without

EVERY = {**GATES, **{name: [guard.gate] for name, guard in GUARDS.items()}}


@pytest.mark.parametrize("name", EVERY)
def test_a_guard_that_can_be_taken_out_is_still_where_we_know_it(name: str, tmp_path: Path) -> None:
    environ = without(EVERY[name], tmp_path / "code")

    assert Path(environ["PYTHONPATH"], "dispatcher").is_dir()
