"""A supervisor in a folder of their own, whose environment says nothing."""

from pathlib import Path

import pytest

from tests.day.days import Supervisor


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Supervisor:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLOCK_SPEED", raising=False)
    return Supervisor(tmp_path)
