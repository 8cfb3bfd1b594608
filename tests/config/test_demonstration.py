"""What one demonstration leaves to the next."""

from pathlib import Path

import pytest

from config import demonstration


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demonstration, "FOLDER", tmp_path)


def test_the_address_of_the_page_stays_so_that_one_left_open_finds_it_again() -> None:
    key = demonstration._page_key()
    demonstration._write_secret(demonstration.PAGE_KEY, key)

    assert demonstration._page_key() == key


@pytest.mark.parametrize(
    "spoilt", ["", "short", "a/../../../etc/passwd!", "é" * 22, "k" * 21 + "\n"]
)
def test_a_spoilt_key_is_replaced(spoilt: str) -> None:
    demonstration._write_secret(demonstration.PAGE_KEY, spoilt)

    assert demonstration._page_key() != spoilt
    assert len(demonstration._page_key()) == 22
    assert demonstration._page_key() != demonstration._page_key()


def test_what_is_secret_is_for_us_alone() -> None:
    path = demonstration._write_secret("secret", "of ours")

    assert path.stat().st_mode & 0o777 == 0o600
