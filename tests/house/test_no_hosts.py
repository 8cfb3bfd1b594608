"""The repository names no machine that it was made on, and no registry it was filled from."""

import re

from tests.house.sources import files, named

REGISTRIES = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".", "docker" + ".io")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|home|work|Users|opt)/\w+")
SECRETS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bSK[0-9a-f]{32}\b")


def test_no_file_names_a_registry_a_machine_or_a_secret() -> None:
    found = [
        f"{named(path)}: {match}"
        for path in files()
        for match in strange_in(path.read_bytes().decode("utf-8", errors="ignore"))
    ]

    assert found == []


def strange_in(text: str) -> list[str]:
    registries = [host for host in REGISTRIES if host in text]
    return [*registries, *MACHINE_PATH.findall(text), *SECRETS.findall(text)]


def test_lock_files_hold_a_hash_for_everything_and_agree_with_each_other() -> None:
    by_name = {named(path): path.read_text() for path in files() if path.suffix == ".lock"}
    pins = {name: pinned(text) for name, text in by_name.items()}

    assert set(pins) == {"requirements.lock", "requirements-dev.lock"}
    assert pins["requirements.lock"].items() <= pins["requirements-dev.lock"].items()
    assert "setuptools" in pins["requirements.lock"]
    for text in by_name.values():
        assert not re.search(r"^[a-z].*[^\\]$", text, re.MULTILINE), "a requirement without a hash"


def pinned(lock: str) -> dict[str, str]:
    """Every requirement of a lock file, and its version."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE))
