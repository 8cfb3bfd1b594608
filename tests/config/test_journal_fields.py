"""The settings of the journal are read whole, and what is wrong of them is said without quoting a secret."""

from base64 import b64encode
from pathlib import Path

import pytest

from config.settings import Settings, SettingsError
from tests.config.test_settings import environment

KEY = b64encode(b"k" * 32).decode()


def read(folder: Path, **changes: str) -> Settings:
    return Settings.read(environment(DATA_DIR=str(folder), **changes))


def test_a_key_and_three_kinds_of_addresses(tmp_path: Path) -> None:
    to = "file:/mnt/heads, mailto:archives@exemple.fr,https://exemple.fr:8443/x?key=1,"

    settings = read(tmp_path, JOURNAL_SIGNING_KEY=KEY, JOURNAL_HEADS_TO=to)

    assert settings.journal_heads_to == (
        "file:/mnt/heads",
        "mailto:archives@exemple.fr",
        "https://exemple.fr:8443/x?key=1",
    )
    assert read(tmp_path).journal_heads_to == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"JOURNAL_SIGNING_KEY": "secret"}, "JOURNAL_SIGNING_KEY : ce n'est pas une clé"),
        ({"JOURNAL_SIGNING_KEY": KEY[:20]}, "JOURNAL_SIGNING_KEY : ce n'est pas une clé"),
        ({"JOURNAL_HEADS_TO": "https://exemple.fr"}, "mais rien ne les signe"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said) as refusal:
        read(tmp_path, **changes)

    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "to",
    [
        *("http://secret.fr/x", "https://", "https://a:secret@exemple.fr", "https://x.fr/#secret"),
        *("file:secret", "file://secret/x", "mailto:secret", "mailto:a@b.fr?bcc=secret@x.fr"),
        *("ftp://secret.fr", "secret", "https://x.fr:99999/secret"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_by_its_place(tmp_path: Path, to: str) -> None:
    with pytest.raises(SettingsError, match="l'adresse n° 2 ne va pas") as refusal:
        read(tmp_path, JOURNAL_SIGNING_KEY=KEY, JOURNAL_HEADS_TO=f"file:/x,{to}")

    assert "secret" not in str(refusal.value)
