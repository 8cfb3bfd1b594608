"""What is printed for the carrier to keep can be performed, and leads back to us."""

import pytest
from click.testing import CliRunner

from dispatcher.cli import main
from dispatcher.simulator.twiml.parser import parse
from dispatcher.simulator.twiml.verbs import Pause, Redirect, Say
from tests.cli.test_commands import SETTINGS


def test_the_page_is_whole_and_needs_nothing_of_ours_but_the_door(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)

    done = CliRunner().invoke(main, ["standing-by"])

    assert done.exit_code == 0, done.output
    document = parse(done.stdout, strict=True)
    assert [type(verb) for verb in document.verbs] == [Say, Pause, Redirect]
    assert not document.warnings
    assert f"{SETTINGS['PUBLIC_BASE_URL']}/voice/incoming" in done.stdout
