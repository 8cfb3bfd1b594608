"""How something leaves for good: into a folder, or to a web address that somebody else keeps.

A web address never leads into our own network: what its name stands for is looked up once, every
address of it must be a public one, and that very address is connected to. Nobody is led elsewhere.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

SECONDS: Final = 5.0
"""How long each step of a conversation with a server may take."""
PORTS: Final = {"http": 80, "https": 443}
_TAKEN: Final = range(200, 300)
_NAT64: Final = ip_network("64:ff9b::/96")
_JSON: Final = {"Content-Type": "application/json", "User-Agent": "permanence"}


class OutsideError(Exception):
    """It did not arrive; it may be sent again. Says nothing of where it went."""


def is_public(address: str) -> bool:
    """Whether this address is everybody's, and not one of a network behind it."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.sixtofour or found.teredo or found in _NAT64:  # an address in an address
            return False
        found = found.ipv4_mapped or found  # which Python judges rightly in later versions alone
    return found.is_global and not found.is_multicast


def put(folder: Path, name: str, text: str) -> None:
    """Write a file whole; the same again changes nothing. Raises OutsideError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{name}.{os.getpid()}.{os.urandom(4).hex()}"
        with open(draft, "w", encoding="utf-8", newline="", opener=_private) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / name)
    except OSError as wrong:
        raise OutsideError(type(wrong).__name__) from None


def post(url: str, body: str, *, name: str, reach: Callable[[str], bool] = is_public) -> None:
    """Post JSON under a name that stays the same at every try. Raises OutsideError."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _Pinned(parts.hostname or "", parts.port or PORTS[parts.scheme], timeout=SECONDS)
    connection.tls, connection.reach = parts.scheme == "https", reach
    try:
        connection.request("POST", path, body.encode(), {**_JSON, "Idempotency-Key": name})
        status = connection.getresponse().status
    except (OSError, HTTPException) as wrong:
        raise OutsideError(type(wrong).__name__) from None
    finally:
        connection.close()
    if status not in _TAKEN:
        raise OutsideError(f"status {status}")


class _Pinned(HTTPConnection):
    """Connects to an address that was looked at, whatever the name stands for a moment later."""

    tls = True
    reach: Callable[[str], bool] = staticmethod(is_public)

    def connect(self) -> None:
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [str(sockaddr[0]) for *_, sockaddr in found]
        if not addresses or not all(map(self.reach, addresses)):
            raise OutsideError("a private address")
        self.sock = socket.create_connection((addresses[0], self.port), SECONDS)
        if self.tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
