"""A call as the person at the telephone lives it: hears, presses, talks, hangs up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dispatcher.simulator.people.transcript import Line, Sort, Transcript
from dispatcher.simulator.twiml.speech import CHARACTERS_PER_SECOND

if TYPE_CHECKING:
    from dispatcher.simulator.legs import Leg
    from dispatcher.simulator.people.handset import Handset

SECONDS_A_KEY = 0.25
DECLINED = 603
"""The SIP code of somebody who refuses."""

_MOMENT = 1e-6


class NotHeardError(AssertionError):
    """What a person waited for did not come; the message is their transcript."""


class CallOverError(AssertionError):
    """A person tried something on a call that had ended."""


class PhoneCall:
    """One call at one handset. ``within`` is in seconds of the network's clock."""

    def __init__(self, handset: Handset, leg: Leg) -> None:
        self.handset = handset
        self.leg = leg
        self.transcript = Transcript()
        self._changed = asyncio.Event()
        leg.phone_call = self
        handset.calls.append(self)

    @property
    def sid(self) -> str:
        """Give the carrier's id of this leg."""
        return self.leg.sid

    @property
    def ended(self) -> bool:
        """Say whether the call is over."""
        return not self.leg.live

    @property
    def outcome(self) -> str:
        """Give the carrier's status of the leg."""
        return self.leg.status

    @property
    def shown(self) -> str:
        """Give the number that the display shows."""
        return self.leg.route.caller

    @property
    def with_whom(self) -> str | None:
        """Give the number of the person at the other end, None while there is nobody.

        In a conference, of whoever came first.
        """
        return next((leg.number for leg in self.leg.company), None)

    @property
    def company(self) -> list[str]:
        """Give the numbers of all who are at the other end."""
        return [leg.number for leg in self.leg.company]

    @property
    def talked_with(self) -> list[str]:
        """Give the numbers of those who were at the other end, in order."""
        return [line.text for line in self.transcript.lines if line.sort is Sort.BRIDGED]

    async def picks_up(self) -> None:
        """Answer the ringing telephone."""
        self._require_line()
        self.note(Sort.PICKED_UP)
        self.leg.answer()

    async def refuses(self) -> None:
        """Press the red button while it rings."""
        self._require_line()
        self.note(Sort.REFUSED)
        self.leg.end("busy", sip=DECLINED)

    async def hears(self, words: str, within: float = 30.0) -> Line:
        """Listen until these words are spoken to the end; each is heard once.

        Raises ``NotHeardError`` when they are not, or the call ends first.
        """
        deadline = self._now() + within
        while True:
            found = self.transcript.find(words)
            spoken_by = found[1] if found else deadline
            if found and spoken_by <= self._now() + _MOMENT:
                self.transcript.listen_past(found[0], words)
                return found[0]
            if self.ended or self._now() >= deadline:
                raise NotHeardError(self._tell(f"did not hear {words!r} within {within:g} s"))
            await self._change(min(spoken_by, deadline))

    async def presses(self, keys: str) -> None:
        """Press keys one after the other, four a second."""
        self._require_line()
        self.note(Sort.PRESSED, keys)
        for index, key in enumerate(keys):
            await asyncio.sleep(SECONDS_A_KEY if index else 0)
            self._require_line()
            self.leg.press(key)

    async def talks_with_somebody(self, within: float = 60.0) -> str:
        """Wait until a person is at the other end; give their number."""
        if not await self.is_connected(within) or self.with_whom is None:
            raise NotHeardError(self._tell(f"talked with nobody within {within:g} s"))
        return self.with_whom

    async def is_connected(self, within: float = 60.0) -> bool:
        """Wait until a person is at the other end; say whether one came."""
        until = self._now() + within
        while self.with_whom is None and not self.ended and self._now() < until:
            await self._change(until)
        return self.with_whom is not None

    async def says(self, words: str) -> None:
        """Say something: to the person at the other end, else to the line, until it is said.

        Only a question that listens for speech takes what is said to the line.
        """
        self._require_line()
        if self.leg.bridge is None and self.leg.seat is None:
            seconds = len(words) / CHARACTERS_PER_SECOND
            self.note(Sort.SPOKE, words)
            self.leg.hear(words, seconds)
            await self.waits(seconds)
            return
        for peer in self.leg.company:
            if peer.phone_call is not None:
                peer.phone_call.note(Sort.VOICE, words)

    async def waits(self, seconds: float) -> None:
        """Stay on the line so long, or until the call ends."""
        until = self._now() + seconds
        while not self.ended and self._now() < until:
            await self._change(until)

    async def hangs_up(self) -> None:
        """Put the receiver down; nothing happens on a call that is over."""
        if not self.ended:
            self.note(Sort.HUNG_UP)
            self.leg.hang_up()

    async def ends(self, within: float = 600.0) -> str:
        """Wait until the call is over; give its outcome."""
        await self.waits(within)
        if not self.ended:
            raise NotHeardError(self._tell(f"was still on the line after {within:g} s"))
        return self.outcome

    def note(self, sort: Sort, text: str = "", seconds: float = 0.0) -> Line:
        """Add a line, from the carrier's side or the person's, and tell the narrator."""
        line = Line(self._now(), sort, text, seconds)
        self.transcript.lines.append(line)
        self.handset.network.narrate(self.handset, line)
        self._pulse()
        return line

    def stop_hearing(self, line: Line) -> None:
        """End a spoken line, cut if it was not over."""
        line.cut_at(self._now())
        self._pulse()

    def is_over(self, status: str) -> None:
        """Hear the tone after the end."""
        for line in self.transcript.lines[-1:]:
            line.cut_at(self._now())
        self.note(Sort.ENDED, status)

    async def _change(self, until: float) -> None:
        changed = self._changed
        try:
            async with asyncio.timeout(max(0.0, until - self._now())):
                await changed.wait()
        except TimeoutError:
            return

    def _pulse(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _now(self) -> float:
        return self.handset.network.seconds()

    def _require_line(self) -> None:
        if self.ended:
            raise CallOverError(self._tell("acted on a call that was over"))

    def _tell(self, failure: str) -> str:
        said = f"{self.handset} {failure}; {self.sid} {self.outcome}:\n{self.transcript}"
        wrong = [e for e in self.handset.network.ledger.failures() if e.call == self.sid]
        return "\n".join([said, *(f"{e.path} {e.status} {e.detail}" for e in wrong)])
