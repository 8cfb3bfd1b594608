"""How the carrier's REST requests may fail: as planned, or by chance; and what is not there yet."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from random import Random

THROTTLED = 429
"""Too many requests; Twilio never processes a request answered so."""

_BROKEN = (500, 503)


@dataclass(frozen=True, slots=True)
class RestFault:
    """How one REST request fails: with ``status``, before or after its effect, or by silence."""

    status: int = 503
    after_effect: bool = False
    hang: bool = False
    path: str = ""
    method: str = ""

    def is_for(self, method: str, path: str) -> bool:
        """Say whether it is meant for a request such as this."""
        return self.path in path and self.method in {"", method}


class RestHungError(TimeoutError):
    """The carrier's REST server never answered."""


@dataclass(slots=True)
class RestRates:
    """Chances from 0 to 1 that a request whose path holds ``path`` fails, drawn by ``seed``.

    ``throttled`` is 429; ``fails_before`` and ``fails_after`` are 500 or 503, before or after the
    effect; of those that ``hang`` half have had their effect. At most one happens to a request.
    """

    seed: int = 1
    path: str = ""
    throttled: float = 0.0
    fails_before: float = 0.0
    fails_after: float = 0.0
    hangs: float = 0.0
    _dice: Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        chances = (self.throttled, self.fails_before, self.fails_after, self.hangs)
        if min(chances) < 0 or sum(chances) > 1:
            raise ValueError(f"chances from 0 to 1 in all, not {chances}")
        self._dice = Random(self.seed)  # noqa: S311 a repeatable fault, not a secret

    def draw(self, path: str) -> RestFault | None:
        """Draw what becomes of a request."""
        if self.path not in path:
            return None
        status, late = self._dice.choice(_BROKEN), self._dice.random() < 0.5
        faults = (
            (self.throttled, RestFault(THROTTLED)),
            (self.fails_before, RestFault(status)),
            (self.fails_after, RestFault(status, after_effect=True)),
            (self.hangs, RestFault(hang=True, after_effect=late)),
        )
        point = self._dice.random()
        for chance, fault in faults:
            if point < chance:
                return fault
            point -= chance
        return None


class RestFaults:
    """The requests that are going to fail, in order, then those that may, by ``rates``.

    ``visible_after``: seconds after its creation during which a resource is not found and not
    listed, the answer to its creation apart.
    """

    def __init__(self) -> None:
        self.rates: list[RestRates] = []
        self.visible_after = 0.0
        self._planned: deque[RestFault] = deque()

    def fail_next(
        self,
        times: int = 1,
        *,
        status: int = 503,
        after_effect: bool = False,
        hang: bool = False,
        path: str = "",
        method: str = "",
    ) -> None:
        """Let the next requests of this method whose path holds ``path`` fail so, or of any.

        429 and 5xx are Twilio's.
        """
        self._planned.extend([RestFault(status, after_effect, hang, path, method)] * times)

    def draw(self, method: str, path: str) -> RestFault | None:
        """Take the fault meant for this request, if one is, or draw one."""
        for fault in self._planned:
            if fault.is_for(method, path):
                self._planned.remove(fault)
                return fault
        drawn = [rates.draw(path) for rates in self.rates]
        return next(filter(None, drawn), None)
