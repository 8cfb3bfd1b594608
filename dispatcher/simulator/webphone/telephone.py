"""A telephone that somebody holds in their browser: what it shows, and what may be done with it.

All of it happens on the network's loop.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dispatcher.simulator.people.handset import CLIENT
from dispatcher.simulator.people.phone_call import CallOverError, PhoneCall
from dispatcher.simulator.people.transcript import Line, Sort

if TYPE_CHECKING:
    from dispatcher.simulator.people.handset import Handset

HELD_SECONDS = 86400.0
KEYS = "1234567890*#"
LONGEST_SAID = 200

_ALOUD = {Sort.HEARD, Sort.VOICE}
_NAMES_ANOTHER = {Sort.DIALLED, Sort.RINGING, Sort.BRIDGED, Sort.UNBRIDGED}


class Doing(StrEnum):
    """What a telephone is doing."""

    IDLE = "idle"
    CALLING = "calling"
    RINGING = "ringing"
    LISTENING = "listening"
    RINGBACK = "ringback"
    TALKING = "talking"


_LIVE = {Doing.LISTENING, Doing.RINGBACK, Doing.TALKING}
_VERBS = {
    Doing.IDLE: frozenset({"dials"}),
    Doing.CALLING: frozenset({"hangs_up"}),
    Doing.RINGING: frozenset({"picks_up", "hangs_up"}),
    **dict.fromkeys(_LIVE, frozenset({"presses", "says", "hangs_up"})),
}


class Telephone:
    """One of the page's telephones. ``handset`` is whose it is now, ``line`` whom it may ring."""

    def __init__(
        self, words: Mapping[str, Any], handset: Handset | None = None, line: str = ""
    ) -> None:
        self.handset = handset
        self.call: PhoneCall | None = None
        self._words = words
        self._line = line

    @property
    def doing(self) -> Doing:
        """Say what the telephone is doing."""
        call = self.call
        if call is None or call.ended:
            return Doing.IDLE
        if call.with_whom is not None:
            return Doing.TALKING
        if not call.leg.answered:
            mine = call.leg.route.direction == "inbound"
            return Doing.CALLING if mine else Doing.RINGING
        last = call.transcript.lines[-1].sort if call.transcript.lines else None
        return Doing.RINGBACK if last is Sort.RINGBACK else Doing.LISTENING

    @property
    def verbs(self) -> frozenset[str]:
        """Give what may be done with it now."""
        found = _VERBS[self.doing]
        return found if self._line else found - {"dials"}

    async def lives(self, call: PhoneCall) -> None:
        """Ring, and be whose telephone this is; a behaviour of its handset."""
        self.handset, self.call = call.handset, call
        await call.waits(HELD_SECONDS)

    async def does(self, verb: str, value: str) -> None:
        """Do one of ``verbs``; nothing happens when the call ended meanwhile."""
        try:
            await self._acts()[verb](value)
        except CallOverError:
            return

    def shown(self) -> dict[str, Any]:
        """Give what the page shows of it, in words."""
        doing, verbs = self.doing, self.verbs
        green = next((verb for verb in ("dials", "picks_up") if verb in verbs), "")
        return {
            "name": self._name(self.handset.number) if self.handset else self._words["nobody"],
            "doing": doing,
            "status": self._status(doing),
            "alert": self._alert(doing),
            "green": green,
            "label": self._words["green"][green or ("dials" if self._line else "picks_up")],
            "live": "presses" in verbs,
            "red": "hangs_up" in verbs,
            "call": self.call.sid if self.call else "",
            "lines": self._lines(),
            "texts": [self._words["lines"][Sort.TEXT].format(text=text) for text in self._texts],
        }

    @property
    def _texts(self) -> list[str]:
        return self.handset.texts if self.handset else []

    def _acts(self) -> dict[str, Callable[[str], Awaitable[None]]]:
        return {
            "dials": self._dials,
            "picks_up": self._picks_up,
            "presses": self._presses,
            "says": self._says,
            "hangs_up": self._hangs_up,
        }

    async def _dials(self, _value: str) -> None:
        if self.handset is not None:
            self.call = await self.handset.dials(self._line)

    async def _picks_up(self, _value: str) -> None:
        if self.call is not None:
            await self.call.picks_up()

    async def _presses(self, key: str) -> None:
        if self.call is not None:
            await self.call.presses(key)

    async def _says(self, words: str) -> None:
        if self.call is None:
            return
        if self.doing is Doing.TALKING:  # said to the line, the call notes it itself
            self.call.note(Sort.SPOKE, words)
        await self.call.says(words)

    async def _hangs_up(self, _value: str) -> None:
        if self.call is None:
            return
        if self.doing is Doing.RINGING:
            await self.call.refuses()
        else:
            await self.call.hangs_up()

    def _status(self, doing: Doing) -> str:
        who = self.call.with_whom if self.call else None
        words: str = self._words["status"][doing]
        return words.format(who=self._name(who) if who else "")

    def _alert(self, doing: Doing) -> str:
        if doing is not Doing.RINGING or self.handset is None:
            return ""
        words: str = self._words["alert"]
        return words.format(who=self._name(self.handset.number))

    def _lines(self) -> list[dict[str, Any]]:
        """Give what was heard and done on the call; keys pressed in a row are one line."""
        lines = self.call.transcript.lines if self.call else []
        shown: list[dict[str, Any]] = []
        for sort, alike in groupby(lines, lambda line: line.sort):
            row = list(alike)
            if sort is Sort.PRESSED:
                row = [Line(row[0].at, sort, "".join(line.text for line in row))]
            shown += map(self._shown, row)
        return shown

    def _shown(self, line: Line) -> dict[str, Any]:
        other = self._name(line.text) if line.sort in _NAMES_ANOTHER else ""
        text = self._words["outcomes"].get(line.text, line.text)
        words = self._words["lines"][line.sort].format(text=text, other=other)
        aloud = line.text if line.sort in _ALOUD else ""
        return {"sort": line.sort.replace(" ", "-"), "text": words, "aloud": aloud, "cut": line.cut}

    def _name(self, number: str) -> str:
        phones = self.handset.network.phones if self.handset else {}
        if number.startswith(CLIENT):
            return str(self._words["browser"])
        return (phones[number].name if number in phones else "") or number
