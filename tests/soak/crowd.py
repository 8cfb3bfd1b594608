"""A crowd: whoever rings, and whoever is rung, each as people do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random

from dispatcher.simulator import (
    Behaviour,
    CallOverError,
    Network,
    NotHeardError,
    PhoneCall,
    answers,
    busy,
    declines,
    hangs_up_while_screened,
    lets_it_ring,
    voicemail,
)
from tests.people import LINE, Helper
from tests.soak.profile import Profile

CODES = ("05170", "05560", "05000")
PATIENCE = 420.0
LANDLINES, MOBILES = "+3319900", "+3363998"
MOBILE_EVERY = 2
"""Every second caller has a mobile, and is written to."""
Manner = Callable[[PhoneCall, Random], Awaitable[None]]


class Crowd:
    """Everybody of one soak, drawn by its seed."""

    def __init__(self, network: Network, agents: tuple[Helper, ...], profile: Profile) -> None:
        self._network, self._profile = network, profile
        self._dice = Random(profile.seed)
        for agent in agents:
            network.phone(agent.number, agent.name)
        self._agents = {agent.number for agent in agents}
        network.at_hand = lambda handset, _leg: self._rung(handset.number)

    async def rings(self) -> None:
        """Everybody rings once, at a moment of their own; returns when the last has hung up."""
        moments = sorted(
            self._dice.uniform(0, self._profile.lasts) for _ in range(self._profile.calls)
        )
        people = [
            self._network.spawn(self._lives(number, moment))
            for number, moment in enumerate(moments)
        ]
        await asyncio.gather(*people)

    async def _lives(self, number: int, moment: float) -> None:
        dice = Random(self._dice.random())
        manners, weights = zip(*MANNERS, strict=True)
        [manner] = [_leaves] if self._profile.only_callbacks else dice.choices(manners, weights)
        await asyncio.sleep(moment)
        ranges = MOBILES if number % MOBILE_EVERY == 0 else LANDLINES
        call = await self._network.phone(f"{ranges}{number + 1000:04d}").dials(LINE)
        with suppress(CallOverError, NotHeardError):
            await manner(call, dice)
        if not call.ended:
            await call.hangs_up()

    def _rung(self, number: str) -> Behaviour:
        if number in self._agents:
            return self._dice.choices(*zip(*AGENTS, strict=True))[0](self._dice)  # type: ignore[no-any-return]
        return self._dice.choices(*zip(*RUNG_BACK, strict=True))[0](self._dice)  # type: ignore[no-any-return]


async def _answers_questions(call: PhoneCall) -> None:
    await call.hears("code postal", within=60)
    await call.presses(CODES[int(call.handset.number[-1]) % len(CODES)])
    await call.hears("tapez 1", within=60)
    await call.waits(1.0)
    await call.presses("1")


async def _patient(call: PhoneCall, dice: Random) -> None:
    await _answers_questions(call)
    if await call.is_connected(within=PATIENCE):
        await call.waits(dice.uniform(5, 50))


async def _unhurried(call: PhoneCall, dice: Random) -> None:
    """Presses nothing, or something else, before doing as told."""
    await call.hears("code postal", within=60)
    await call.waits(dice.uniform(0, 12))
    await call.presses(dice.choice(["99999", "1", "05"]))
    await call.waits(1.0)
    await _patient(call, dice)


async def _impatient(call: PhoneCall, dice: Random) -> None:
    await _answers_questions(call)
    if await call.is_connected(within=dice.uniform(0.5, 40)):
        await call.waits(dice.uniform(0, 3))


async def _leaves(call: PhoneCall, dice: Random) -> None:
    """Presses 1 while waiting, to be rung back."""
    await _answers_questions(call)
    await call.hears("rappel", within=PATIENCE)
    await call.presses("1")
    await call.ends(within=60)


async def _flees(call: PhoneCall, dice: Random) -> None:
    await call.waits(dice.uniform(0.2, 15))


MANNERS: tuple[tuple[Manner, int], ...] = (
    (_patient, 60),
    (_unhurried, 8),
    (_impatient, 12),
    (_leaves, 12),
    (_flees, 8),
)
Rung = Callable[[Random], Behaviour]
AGENTS: tuple[tuple[Rung, int], ...] = (
    (lambda dice: answers(after=dice.uniform(1, 5), talks_for=dice.uniform(8, 40)), 86),
    (lambda _: answers(after=1.5, talks_for=None), 4),
    (lambda _: lets_it_ring(), 2),
    (lambda _: declines(), 3),
    (lambda _: voicemail(), 1),
    (lambda _: hangs_up_while_screened(), 2),
    (lambda _: busy(), 2),
)
RUNG_BACK: tuple[tuple[Rung, int], ...] = (
    (lambda dice: answers(after=dice.uniform(1, 5), talks_for=dice.uniform(8, 40)), 85),
    (lambda _: lets_it_ring(), 5),
    (lambda _: voicemail(), 5),
    (lambda _: busy(), 5),
)
