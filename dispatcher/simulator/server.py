"""The REST requests over HTTP, on this machine's loopback address and nowhere else."""

from __future__ import annotations

import base64
import binascii
import json
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from dispatcher.simulator.rest.faults import RestHungError
from dispatcher.simulator.rest.recordings import MEDIUM
from dispatcher.simulator.softphones import SOFTPHONES

if TYPE_CHECKING:
    from dispatcher.simulator.network import Network
    from dispatcher.simulator.rest.door import Reply

LOOPBACK = "127.0.0.1"
NO_CONTENT = 204
HANG_SECONDS = 120.0
"""Real seconds after which a request that is told to hang is dropped."""


class RestServer:
    """Serves a network's REST requests; each is obeyed on the network's loop."""

    def __init__(self, network: Network, port: int = 0) -> None:
        self.closing = threading.Event()
        self._network = network
        self._server = ThreadingHTTPServer((LOOPBACK, port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._serve, name="rest", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Give the address to use in place of Twilio's."""
        return f"http://{LOOPBACK}:{self._server.server_port}"

    def close(self) -> None:
        """Stop serving."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def obey(
        self, method: str, path: str, form: dict[str, list[str]], auth: tuple[str, str]
    ) -> Reply:
        """Have a request obeyed by the loop, from any thread."""
        return self._on_the_loop(lambda: self._network.rest(method, path, form, auth))

    def softphone(
        self, method: str, path: str, form: dict[str, list[str]], auth: tuple[str, str]
    ) -> Reply:
        """Have a browser's request obeyed by the loop: no part of Twilio's own API."""
        softphones = self._network.softphones
        return self._on_the_loop(lambda: softphones.obey(method, path, form, auth))

    def _on_the_loop(self, asked: Callable[[], Reply]) -> Reply:
        reply: Future[Reply] = Future()

        def obey() -> None:
            try:
                reply.set_result(asked())
            except Exception as failure:  # noqa: BLE001 raised again in the other thread
                reply.set_exception(failure)

        self._network.loop.call_soon_threadsafe(obey)
        return reply.result(timeout=HANG_SECONDS)

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)


def _handler(server: RestServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._obey({})

        def do_DELETE(self) -> None:
            self._obey({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._obey(parse_qs(body.decode(), keep_blank_values=True))

        def _obey(self, form: dict[str, list[str]]) -> None:
            auth = _credentials(self.headers.get("Authorization", ""))
            asked = server.softphone if self.path.startswith(SOFTPHONES) else server.obey
            try:
                status, answer = asked(self.command, self.path, form, auth)
            except RestHungError:
                server.closing.wait(HANG_SECONDS)
                self.close_connection = True
                return
            kind, body = _written(status, answer)
            with suppress(ConnectionError):  # whoever asked was killed meanwhile
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the ledger has it."""

    return Handler


def _written(status: int, answer: dict[str, Any]) -> tuple[str, bytes]:
    if MEDIUM in answer:
        return MEDIUM, base64.b64decode(answer[MEDIUM])
    return "application/json", b"" if status == NO_CONTENT else json.dumps(answer).encode()


def _credentials(header: str) -> tuple[str, str]:
    try:
        name, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret
