"""The people of a day: callers who listen and key, agents who pick up or do not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import Final

from config.words import words
from dispatcher.day.plan import MASKED, PlannedAgent, PlannedCall, Rings, Then
from dispatcher.domain.agents import Need
from dispatcher.domain.questions import MORE, UNSURE
from dispatcher.domain.waiting import CALL_ME_BACK
from dispatcher.simulator import (
    Behaviour,
    CallOverError,
    Network,
    PhoneCall,
    answers,
    declines,
    lets_it_ring,
    refuses,
    voicemail,
)
from dispatcher.simulator.people.transcript import Line, Sort

SPOKEN: Final = words("spoken")
LISTENS_EVERY: Final = 0.25
LONGEST: Final = 7200.0
"""Seconds after which anybody hangs up, whatever happens."""
GRACE: Final = 60.0
"""Seconds in which somebody who wants a callback has heard how to ask for one."""
WRONG: Final = "00000"
_KEYS: Final = {Need.PROCEDURES: "1", Need.MEDIATION: "2", Need.EITHER: UNSURE}
_CUES: Final = (
    "ask.postal_code.1",
    "ask.postal_code.2",
    "ask.postal_code.3",
    "ask.need.1",
    "ask.need.2",
    "ask.need.3",
    "ask.commune.choice",
    "ask.commune.more",
    "ask.commune.unsure",
    "ask.same_place",
    "keep.number_first",
    "keep.number_again",
    "keep.confirm",
    "keep.kept",
)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    return re.compile(
        "".join(f"(?P<{p}>.+?)" if i % 2 else re.escape(p) for i, p in enumerate(parts))
    )


_SENTENCES: Final = {key: _pattern(SPOKEN[key]) for key in _CUES}


async def rings_up(planned: PlannedCall, network: Network, calls: dict[str, PlannedCall]) -> None:
    """Wait for the moment, call, and live the call to its end; note its id in ``calls``."""
    await asyncio.sleep(max(0.0, (planned.at - network.now()).total_seconds()))
    phone = network.phone(planned.number)
    phone.when_rung(answers(after=3.0, talks_for=None) if planned.reachable else lets_it_ring())
    call = await phone.dials(planned.called, shows=MASKED if planned.masked else None)
    calls[call.sid] = planned
    caller = Caller(planned, call)
    with suppress(CallOverError):
        await caller.lives()
    await call.hangs_up()


class Caller:
    """Somebody on the line: reacts to what they hear, as far as their patience goes."""

    def __init__(self, planned: PlannedCall, call: PhoneCall) -> None:
        self._planned = planned
        self._call = call
        self._now = call.handset.network.seconds
        self._heard = 0
        self._stars = planned.stars
        self._wrong = planned.wrong_keys
        self._waits_since: float | None = None
        self._asked_back = False

    async def lives(self) -> None:
        """Until the call is over, or this person has had enough of it."""
        ends = self._now() + LONGEST
        while not self._call.ended and self._now() < ends:
            if self._call.with_whom is not None:
                await self._talks()
                return
            if await self._loses_patience():
                return
            line = self._next_line()
            if line is None:
                await self._call.waits(LISTENS_EVERY)
            elif line.sort is Sort.HEARD:
                await self._listens(line)

    async def _talks(self) -> None:
        await self._call.waits(self._planned.talks_for or LONGEST)

    async def _loses_patience(self) -> bool:
        """Whether they hang up now; who wants a callback asks for it first."""
        if not self._impatient or self._asked_back:
            return False
        if self._planned.then is Then.HANG_UP or self._over > GRACE:
            return True
        if self._hears_how():
            self._asked_back = True
            await self._call.presses(CALL_ME_BACK)
        return False

    @property
    def _over(self) -> float:
        """Seconds beyond their patience."""
        since = self._now() if self._waits_since is None else self._waits_since
        return self._now() - since - self._planned.patience

    @property
    def _impatient(self) -> bool:
        return self._over >= 0 and not self._asked_back

    def _hears_how(self) -> bool:
        """Whether they are just being told which key calls them back."""
        lines = self._call.transcript.lines
        last = lines[-1] if lines else None
        heard = last is not None and last.sort is Sort.HEARD and not last.cut
        return heard and last is not None and last.text == SPOKEN["wait.callback"]

    def _next_line(self) -> Line | None:
        lines = self._call.transcript.lines
        if self._heard >= len(lines):
            return None
        self._heard += 1
        return lines[self._heard - 1]

    async def _listens(self, line: Line) -> None:
        """Hear a sentence to its end, unless somebody answers or it is cut; then react to it."""
        while not line.cut and line.at + line.seconds > self._now() and not self._call.ended:
            left = line.at + line.seconds - self._now()
            await self._call.waits(min(left, LISTENS_EVERY))
            if self._call.with_whom is not None or self._impatient:
                return
        for cue, sentence in _SENTENCES.items():
            if found := sentence.fullmatch(line.text):
                await self._reacts(cue, found.groupdict())

    async def _reacts(self, cue: str, said: dict[str, str]) -> None:
        family = cue.rpartition(".")[0]
        if family in {"ask.postal_code", "ask.need"} and self._stars:
            self._stars -= 1
            await self._call.presses("*")
        elif family == "ask.postal_code":
            await self._keys_postal_code()
        elif family == "ask.need":
            await self._keys_need()
        elif family == "ask.commune":
            await self._chooses(cue, said)
        elif cue == "keep.kept":
            await self._call.waits(1.0)
            await self._call.hangs_up()
        else:
            await self._call.presses(self._keys(cue))

    def _keys(self, cue: str) -> str:
        """What they key at a question that has one answer for them."""
        number = f"0{self._planned.number.removeprefix('+33')}"
        return {"ask.same_place": "2", "keep.confirm": "1"}.get(cue, number)

    async def _keys_postal_code(self) -> None:
        wrong, self._wrong = self._wrong > 0, self._wrong - 1
        await self._call.presses(WRONG if wrong else self._planned.postal_code)

    async def _keys_need(self) -> None:
        await self._call.presses(_KEYS[self._planned.need])
        self._waits_since = self._now()

    async def _chooses(self, cue: str, said: dict[str, str]) -> None:
        if cue == "ask.commune.choice" and said["commune"] == self._planned.commune:
            await self._call.presses(said["key"])
        elif cue == "ask.commune.more":
            await self._call.presses(MORE)
        elif cue == "ask.commune.unsure":
            await self._call.presses(UNSURE)


def stand_by(planned: PlannedAgent, network: Network, dice: Random) -> None:
    """Give an agent their telephone, and their way with it, ring after ring."""
    rung = 0

    async def behave(call: PhoneCall) -> None:
        nonlocal rung
        way = planned.rings[min(rung, len(planned.rings) - 1)]
        rung += 1
        if way is Rings.ANSWERS and dice.random() < planned.misses:
            way = Rings.MISSES
        await _way(way, planned, dice)(call)

    network.phone(planned.number).when_rung(behave)


def _way(way: Rings, planned: PlannedAgent, dice: Random) -> Callable[[PhoneCall], Awaitable[None]]:
    after, talks = dice.uniform(*planned.answers_after), dice.uniform(*planned.talks_for)
    ways: dict[Rings, Behaviour] = {
        Rings.ANSWERS: answers(after, talks_for=talks),
        Rings.DECLINES: declines(after),
        Rings.REFUSES: refuses(after),
        Rings.VOICEMAIL: voicemail(after),
    }
    behaviour = ways.get(way, lets_it_ring())
    assert callable(behaviour)
    return behaviour
