"""A service that can really be started: settings for it, and a folder for what it keeps."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

SIMULATED = {
    "SECRET_KEY": "b2f5ff47436671b6e533d8dc3614845d",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
    "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
    "REDIS_URL": "",
    "DATABASE_URL": "",
}


@pytest.fixture
def service_environment(tmp_path: Path) -> Mapping[str, str]:
    """The environment of a service of one test's own, with embedded Redis and SQLite."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        **os.environ,
        **SIMULATED,
        "DATA_DIR": str(tmp_path / "données 100 %"),
        "LINES_FILE": "",
        "PORT": str(port),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
    }
