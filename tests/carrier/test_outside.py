"""What leaves for a web address reaches nobody's own network, and is led nowhere else."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from dispatcher.carrier.outside import OutsideError, is_public, post, put


class Answering(BaseHTTPRequestHandler):
    status = 204
    asked: list[tuple[str, str, str]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append((self.path, self.headers["Idempotency-Key"], body))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def server(status: int = 204) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    asked: list[tuple[str, str, str]] = []
    kind = type("Kind", (Answering,), {"status": status, "asked": asked})
    with HTTPServer(("127.0.0.1", 0), kind) as listening:
        thread = Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{listening.server_port}", asked
        finally:
            listening.shutdown()
            thread.join()


def anybody(address: str) -> bool:
    return address == "127.0.0.1"


@pytest.fixture(autouse=True)
def localhost_has_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    found = socket.getaddrinfo

    def of_ipv4(host: str, port: int, *_: object, **__: object) -> object:
        return found(host, port, socket.AF_INET, socket.SOCK_STREAM)

    monkeypatch.setattr(socket, "getaddrinfo", of_ipv4)


def test_what_is_posted_arrives_under_its_name() -> None:
    with server() as (url, asked):
        post(f"{url}/heads?k=1", '{"head":1}', name="head-1", reach=anybody)

    assert asked == [("/heads?k=1", "head-1", '{"head":1}')]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_whatever_is_not_taken_is_told_and_nobody_is_led_elsewhere(status: int) -> None:
    with server(status) as (url, asked), pytest.raises(OutsideError, match=f"status {status}"):
        post(url, "{}", name="h", reach=anybody)

    assert [path for path, *_ in asked] == ["/"]


def test_a_name_that_stands_for_our_own_network_is_not_connected_to() -> None:
    with server() as (url, asked), pytest.raises(OutsideError, match="private"):
        post(url, "{}", name="h")

    assert asked == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = [(2, 1, 6, "", (address, 443)) for address in ("9.9.9.9", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)

    with pytest.raises(OutsideError, match="private"):
        post("https://heads.test/", "{}", name="h")


def test_nobody_is_connected_to_but_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that stands for something else a moment later (DNS rebinding) leads nowhere."""
    connected: list[object] = []

    def connects(to: object, *_: object) -> socket.socket:
        connected.append(to)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("9.9.9.9", 443))])
    monkeypatch.setattr(socket, "create_connection", connects)

    with pytest.raises(OutsideError, match="ConnectionRefusedError"):
        post("https://heads.test/", "{}", name="h")

    assert connected == [("9.9.9.9", 443)]


def test_nobody_who_is_away_says_where() -> None:
    with pytest.raises(OutsideError) as refusal:
        post("http://127.0.0.1:9/secret", "{}", name="h", reach=anybody)

    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1"),
    ],
)
def test_no_address_of_a_network_behind_us_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9"])
def test_an_address_of_everybody_is(address: str) -> None:
    assert is_public(address)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    put(tmp_path / "deep" / "er", "head.json", "{}\n")
    put(tmp_path / "deep" / "er", "head.json", "{}\n")

    assert [each.name for each in (tmp_path / "deep" / "er").iterdir()] == ["head.json"]
    with pytest.raises(OutsideError, match=r"Error$"):
        put(tmp_path / "deep" / "er" / "head.json", "x", "{}")
