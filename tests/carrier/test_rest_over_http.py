"""The carrier's REST API over a real wire: answers that are none, and what is written of a request."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from logging.config import dictConfig
from threading import Event, Thread
from traceback import format_exception

import pytest

from config import logs
from dispatcher.carrier import rest
from dispatcher.carrier.rest import Carrier, CarrierError
from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.texts import TextId
from tests.office import BASE
from tests.simulator.toy import ACCOUNT, TOKEN

CALL = CallSid("CA" + "1" * 32)
SINCE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
INES = PhoneNumber("+33465710001")


class Server(ThreadingHTTPServer):
    """Answers everything alike; ``answer`` None lets go of the line, and ``late`` comes too late."""

    daemon_threads = True
    answer: tuple[int, bytes] | None = (200, b"{}")
    promised = 0
    late = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.closing = Event()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.server.late:
            self.server.closing.wait(2)
        if self.server.answer is None:
            return
        status, body = self.server.answer
        self.send_response(status)
        self.send_header("Content-Length", str(self.server.promised or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def carrier(server: Server, monkeypatch: pytest.MonkeyPatch) -> Carrier:
    monkeypatch.setattr(rest, "TIMEOUT_SECONDS", 0.2)
    url = f"http://127.0.0.1:{server.server_port}"
    return Carrier(ACCOUNT, TOKEN, public_base_url=BASE, base_url=url)


def ring(carrier: Carrier) -> None:
    carrier.ring_agent(INES, OfferId("abc"), caller_id="+33199000100", seconds=15)


def failure(carrier: Carrier) -> tuple[bool, int | None, int | None]:
    with pytest.raises(CarrierError) as failed:
        ring(carrier)
    shown = "".join(format_exception(failed.value))
    assert INES not in shown, "the request stands in what the client raised"
    assert "During handling" not in shown
    assert failed.value.__cause__ is None
    return failed.value.permanent, failed.value.status, failed.value.code


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, b'{"code": 21211, "message": "+33465710001"}', (True, 400, 21211)),
        (401, b'{"code": 20003, "message": "no"}', (True, 401, 20003)),
        (404, b'{"code": 20404, "message": "no"}', (True, 404, 20404)),
        (408, b"", (False, 408, 408)),
        (429, b'{"code": 20429, "message": "slow"}', (False, 429, 20429)),
        (500, b'{"code": 20500, "message": "oh"}', (False, 500, 20500)),
        (502, b"<html>bad gateway</html>", (False, 502, 502)),
        (503, b"", (False, 503, 503)),
        (200, b"<html>a portal</html>", (False, None, None)),
        (201, b'{"sid": "CA', (False, None, None)),
        (201, b"[]", (False, None, None)),
        (201, b"null", (False, None, None)),
    ],
)
def test_what_an_answer_says_of_asking_again(
    server: Server, carrier: Carrier, status: int, body: bytes, expected: object
) -> None:
    server.answer = (status, body)

    assert failure(carrier) == expected


def test_no_answer_says_nothing_of_asking_again(server: Server, carrier: Carrier) -> None:
    server.answer = None

    assert failure(carrier) == (False, None, None)


def test_half_an_answer_says_nothing_of_asking_again(server: Server, carrier: Carrier) -> None:
    server.answer, server.promised = (201, b"{"), 500

    assert failure(carrier) == (False, None, None)


def test_an_answer_too_late_says_nothing_of_asking_again(server: Server, carrier: Carrier) -> None:
    server.late = True

    assert failure(carrier) == (False, None, None)


@pytest.mark.parametrize(
    ("status", "over"),
    [
        ("queued", False),
        ("ringing", False),
        ("in-progress", False),
        ("completed", True),
        ("busy", True),
        ("failed", True),
        ("no-answer", True),
        ("canceled", True),
    ],
)
def test_whether_a_call_still_lives(
    server: Server, carrier: Carrier, status: str, over: bool
) -> None:
    server.answer = (200, f'{{"status": "{status}"}}'.encode())

    assert carrier.state(CALL).over is over


def test_a_state_that_is_not_told_is_no_end(server: Server, carrier: Carrier) -> None:
    server.answer = (500, b"")

    with pytest.raises(CarrierError):
        carrier.state(CALL)


@contextmanager
def written(level: str) -> Iterator[StringIO]:
    """What a process writes, with the client's own logger at this level; the logging before it
    is put back.
    """
    root, kept = logging.getLogger(), {}
    handlers, root_level = root.handlers[:], root.level
    for name in logs.configuration("worker")["loggers"]:
        logger = logging.getLogger(name)
        kept[name] = (logger.level, logger.handlers[:], logger.propagate)
    stream = StringIO()
    configuration = logs.configuration("worker")
    configuration["handlers"]["stderr"]["stream"] = stream
    configuration["loggers"]["twilio"]["level"] = level
    configuration["root"]["level"] = level
    dictConfig(configuration)
    try:
        yield stream
    finally:
        root.handlers[:], root.level = handlers, root_level
        for name, (was, its, up) in kept.items():
            logger = logging.getLogger(name)
            logger.level, logger.handlers[:], logger.propagate = was, its, up
        root.manager._clear_cache()  # type: ignore[attr-defined]


@pytest.mark.parametrize("level", ["WARNING", "DEBUG"])
def test_no_request_to_the_carrier_leaves_a_number_in_the_log(
    server: Server, carrier: Carrier, level: str
) -> None:
    server.answer = (400, b'{"code": 21211, "message": "\'To\' +33465710001 is not valid"}')

    with written(level) as log:
        with pytest.raises(CarrierError):
            carrier.state(CALL)
        with pytest.raises(CarrierError):
            carrier.text(
                PhoneNumber("+590690271234"),
                "Rappelez le 04 65 71 00 01",
                sender="P",
                id=TextId("a1"),
            )
        with pytest.raises(CarrierError):
            carrier.texted(PhoneNumber("+590690271234"), "Rappelez", since=SINCE)
        with pytest.raises(CarrierError):
            ring(carrier)

    text = log.getvalue()
    assert ("http_client" in text) is (level == "DEBUG"), "the client writes what it is told"
    for number in ("465710001", "690271234", "65 71 00 01", "199000100", TOKEN):
        assert number not in text
