"""The page's door: whoever has its address, which holds a key, may look and act."""

from __future__ import annotations

from concurrent.futures import Future
from hmac import compare_digest
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from dispatcher.simulator.server import LOOPBACK
from dispatcher.simulator.webphone.telephone import KEYS, LONGEST_SAID
from dispatcher.simulator.webphone.visit import WAITS_SECONDS, Visit

if TYPE_CHECKING:
    from dispatcher.simulator.network import Network
    from dispatcher.simulator.webphone.booth import Booth
    from dispatcher.simulator.webphone.bulletin import Bulletin

STATIC = Path(__file__).with_name("static")


class PageServer(ThreadingHTTPServer):
    """Serves one booth's page, on this machine's loopback address and nowhere else."""

    daemon_threads = True

    def __init__(
        self, network: Network, booth: Booth, bulletin: Bulletin, key: str, port: int = 0
    ) -> None:
        super().__init__((LOOPBACK, port), Visit)
        self.bulletin = bulletin
        self.files = {path.name: path.read_bytes() for path in STATIC.iterdir()}
        self._network, self._booth, self._key = network, booth, key
        self._thread = Thread(target=self.serve_forever, args=(0.05,), name="page", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Give the page's whole address; it is a secret."""
        return f"http://{LOOPBACK}:{self.server_port}/{self._key}/"

    def close(self) -> None:
        """Stop serving."""
        self.bulletin.close()
        self.shutdown()
        self.server_close()
        self._thread.join()

    def opens(self, key: str) -> bool:
        """Say whether this is the key."""
        return compare_digest(key.encode(), self._key.encode())

    def act(self, telephone: str, verb: str, value: str) -> bool:
        """Have an act done by the loop, from any thread; False when it cannot be done now."""
        done: Future[bool] = Future()

        def act() -> None:
            try:
                done.set_result(self._booth.act(telephone, verb, value))
            except Exception as failure:  # noqa: BLE001 raised again in the other thread
                done.set_exception(failure)

        self._network.loop.call_soon_threadsafe(act)
        return done.result(WAITS_SECONDS)

    def knows(self, telephone: str, verb: str, value: str) -> bool:
        """Say whether there is such a telephone, such an act, and such a value of it."""
        if telephone not in self._booth.telephones:
            return False
        if verb == "presses":
            return len(value) == 1 and value in KEYS
        if verb == "says":
            return value.isprintable() and not value.isspace() and 0 < len(value) <= LONGEST_SAID
        return verb in {"dials", "picks_up", "hangs_up"} and not value
