"""``python -m dispatcher.simulator`` with a page."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatcher.simulator import FastLoop
from dispatcher.simulator.__main__ import _brake, main
from tests.simulator.toy import ACCOUNT, TOKEN

SCENARIO = """
[[person]]
number = "+33199000042"
name = "Camille"

[[call]]
at = 0
from = "+33199000042"
to = "+33199000100"

[page]
citizen = "+33199000042"
line = "+33199000100"
"""


def arguments(folder: Path, scenario: str = SCENARIO, **held: str) -> list[str]:
    credentials = folder / "credentials.json"
    told = {"account_sid": ACCOUNT, "auth_token": TOKEN, "page_key": "k" * 22} | held
    credentials.write_text(json.dumps({name: value for name, value in told.items() if value}))
    credentials.chmod(0o600)
    (folder / "scenario.toml").write_text(scenario, encoding="utf-8")
    return [
        *("--voice-url", "http://127.0.0.1:9/voice"),
        *("--credentials", str(credentials)),
        *("--play", str(folder / "scenario.toml")),
        *("--page-port", "0"),
    ]


def test_the_people_of_a_scenario_make_none_of_its_calls_when_told_not_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments(tmp_path), "--no-calls"]) == 0

    assert "compose" not in capsys.readouterr().out


def test_a_page_needs_a_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments(tmp_path, page_key=""))
    assert "page_key is missing" in capsys.readouterr().err

    with pytest.raises(SystemExit, match="2"):
        main(["--voice-url", "http://127.0.0.1:9/", "--page-port", "0", *_named()])
    assert "--page-port needs --credentials" in capsys.readouterr().err


def test_a_story_elsewhere_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments(tmp_path, story_url="https://permanence.example/story", story_key="k"))

    assert "this machine only" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("page", "complaint"),
    [('[page]\nline = "+33199000100"', "citizen is missing"), ("[page]\ncolour = 1", "missing")],
)
def test_a_bad_page_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], page: str, complaint: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments(tmp_path, page))

    assert complaint in capsys.readouterr().err


def test_the_first_call_slows_the_clock_and_tells_when(tmp_path: Path) -> None:
    loop, path = FastLoop(3600), tmp_path / "clock.slowed"
    brake = _brake(loop, path)

    brake()
    told = path.read_text()
    brake()

    assert abs(datetime.fromisoformat(told) - datetime.now(UTC)) < timedelta(minutes=1)
    assert path.read_text() == told
    started = time.monotonic()
    loop.run_until_complete(asyncio.sleep(0.05))
    assert time.monotonic() - started >= 0.05
    assert [each.name for each in tmp_path.iterdir()] == ["clock.slowed"]
    loop.close()


def _named() -> list[str]:
    return ["--account-sid", ACCOUNT, "--auth-token", TOKEN]
