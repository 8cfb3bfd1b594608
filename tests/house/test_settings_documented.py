"""A setting that nobody can find does not exist; one that does nothing is a trap."""

import re
from dataclasses import fields

import pytest

from config import demonstration
from config.settings import VARIABLES, Settings, SettingsError
from tests.house.sources import ROOT

EXAMPLE = ROOT / ".env.example"


def test_every_setting_stands_in_the_example_and_nothing_else_does() -> None:
    offered = re.findall(r"^#?([A-Z][A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(offered) == sorted(variable.name for variable in VARIABLES)


def test_every_variable_becomes_a_setting_of_the_same_name() -> None:
    names = [field.name for field in fields(Settings)]

    assert names == [variable.name.lower() for variable in VARIABLES]


def test_the_example_shows_the_default_of_every_setting_that_has_one() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown = {
        variable.name: variable.default
        for variable in VARIABLES
        if variable.default and "/" not in variable.default
    }

    for name, default in shown.items():
        assert f"\n#{name}={default}\n" in text


def test_the_example_as_it_is_starts_nothing() -> None:
    """Whoever copies it and fills in nothing must not run with a secret that everybody knows."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    copied = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))

    with pytest.raises(SettingsError) as refusal:
        Settings.read(copied)

    for name in ("SECRET_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        assert f"{name} : " in str(refusal.value)


def test_a_demonstration_says_something_of_every_setting() -> None:
    """What it left out would be read from whatever ``.env`` lies where it is played."""
    assert {variable.name for variable in VARIABLES} <= demonstration._settings().keys()
