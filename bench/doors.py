"""The doors that are driven: webhooks of a whole desk, and the bare routes beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import repeat

from redis import Redis

from bench.country import Country
from bench.desk import TURN, about_to_be_routed, open_desk
from bench.load import Ready
from bench.requests import Carrier
from bench.yardsticks import COMMIT, EMPTY

NAMES = ("empty", "commit", "doubled", "incoming", "routing")
KEY = {"Digits": "1", "FinishedOnKey": "", "msg": "Gather End"}


class Doors:
    """Requests for each door, as many as are wanted: what can be sent only once is made in time.

    - empty: a route that does nothing; commit: one that commits a row of two short texts.
    - doubled: a key that comes a second time. Signature, one read, the question once more.
    - incoming: a new call. One transaction of two rows, and the greeting.
    - routing: the key that says the need. Two moves, an agent taken in Redis, an offer and its
      reasons committed, and the ``<Dial>``.
    """

    def __init__(self, environ: Mapping[str, str], redis: Redis, agents: int) -> None:
        self._country, self._carrier = Country(), Carrier(environ)
        self._services = open_desk(environ, redis, self._country, agents)
        same = [self._ready("empty", EMPTY), self._ready("commit", COMMIT), self._doubled()]
        self._requests: dict[str, Iterator[Ready]] = {each.door: repeat(each) for each in same}

    def take(self, name: str, many: int) -> list[Ready]:
        """The next requests of a door."""
        if name == "incoming":
            return [self._incoming() for _ in range(many)]
        if name == "routing":
            return self._routing(many)
        return [next(self._requests[name]) for _ in range(many)]

    def close(self) -> None:
        """Let go of the database."""
        self._services.store.engine.dispose()

    def _ready(self, door: str, path: str, expected: bytes = b"", **form: str) -> Ready:
        filled = self._carrier.form(form.pop("sid", self._carrier.new_sid()), **form)
        return Ready(door, self._carrier.whole(path, filled), expected)

    def _incoming(self) -> Ready:
        return self._ready("incoming", "/voice/incoming", b"<Gather", CallStatus="ringing")

    def _routing(self, many: int) -> list[Ready]:
        sids = [self._carrier.new_sid() for _ in range(many)]
        about_to_be_routed(self._services, self._country, sids)
        path = f"/voice/answer/{TURN}"
        return [self._ready("routing", path, b"<Dial", sid=sid, **KEY) for sid in sids]

    def _doubled(self) -> Ready:
        sid = self._carrier.new_sid()
        about_to_be_routed(self._services, self._country, [sid])
        return self._ready("doubled", f"/voice/answer/{TURN - 1}", b"<Gather", sid=sid, **KEY)
