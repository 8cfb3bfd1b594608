"""One request of a browser: for a file, for what the page shows now, or for an act.

Without the key in its path there is only a hint where to find it. Host, Origin and what the browser
says of the page that asks are looked at besides, so that no other page on this machine gets in.
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from dispatcher.simulator.webphone.door import PageServer

NAMES = {"127.0.0.1", "localhost"}
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
WAITS_SECONDS = 10.0
"""How long a page that knows everything waits for something new."""
LONGEST_BODY = 2048
HINT = "hint.html"


class Visit(BaseHTTPRequestHandler):
    """Answers one request."""

    server: PageServer
    timeout = 30
    """Real seconds for a request to arrive."""

    def do_GET(self) -> None:
        """Give a file, or the state."""
        match urlsplit(self.path).path.split("/"):
            case [_, key, "state"] if self.server.opens(key) and self._from_our_page():
                self._state()
            case [_, key, name] if self.server.opens(key) and self._meant_for_us():
                self._file(name or "index.html")
            case _:
                self._file(HINT, 404)

    def do_POST(self) -> None:
        """Do something with a telephone: 204, or 409 when that cannot be done now."""
        match urlsplit(self.path).path.split("/"):
            case [_, key, telephone, verb] if self.server.opens(key) and self._from_our_page():
                value = self._value()
                if value is None or not self.server.knows(telephone, verb, value):
                    self._answer(400)
                else:
                    self._answer(204 if self.server.act(telephone, verb, value) else 409)
            case _:
                self._answer(403)

    def _meant_for_us(self) -> bool:
        """Say whether the browser knows us by our own name, not by one made to lead here."""
        return urlsplit(f"//{self.headers.get('Host', '')}").hostname in NAMES

    def _from_our_page(self) -> bool:
        """Say whether the browser asks on behalf of the page itself."""
        origin = self.headers.get("Origin")
        ours = origin is None or origin == f"http://{self.headers.get('Host')}"
        site = self.headers.get("Sec-Fetch-Site", "same-origin")
        return self._meant_for_us() and ours and site == "same-origin"

    def _value(self) -> str | None:
        """Read the value of an act; None when the body is not one."""
        length = self.headers.get("Content-Length", "")
        if self.headers.get("Content-Type") != "application/json":
            return None  # a form of another page could send any other type unasked
        if not (length.isascii() and length.isdigit() and int(length) <= LONGEST_BODY):
            return None
        try:
            value = json.loads(self.rfile.read(int(length)))["value"]
        except (ValueError, TypeError, KeyError):
            return None
        return value if isinstance(value, str) else None

    def _state(self) -> None:
        mark = parse_qs(urlsplit(self.path).query).get("after", [""])[0]
        state = self.server.bulletin.after(mark, WAITS_SECONDS)
        self._answer(200, json.dumps(state).encode(), "application/json")

    def _file(self, name: str, status: int = 200) -> None:
        if name in self.server.files:
            self._answer(status, self.server.files[name], TYPES[Path(name).suffix])
        else:
            self._answer(404)

    def _answer(self, status: int, body: bytes = b"", kind: str = "text/plain") -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the address is a secret."""
