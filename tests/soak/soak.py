"""One soak: a crowd rings the real service while its processes are killed, and all is judged."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from dispatcher.domain.calls import CallSid
from dispatcher.domain.offers import callback_waiter, waiter_of
from dispatcher.live.board import BoardLost
from dispatcher.operations.services import Services
from tests.soak import checker, records
from tests.soak.checker import Finding
from tests.soak.crowd import Crowd
from tests.soak.desk import Desk, open_desk
from tests.soak.nemesis import Fault, Nemesis
from tests.soak.profile import Profile

LOOK_EVERY: Final = 10.0
"""Network seconds."""
HEALS_WITHIN: Final = {
    "doubtful": 10.0,
    "held for nobody": 100.0,
    "ghost": 40.0,
    "lost board": 30.0,
}
"""Network seconds that a disagreement may last. An agent whom a killed process had taken in Redis is
free again once the lease of about a minute is over and the next check, every fifteen, has looked.
"""
REBUILT_WITHIN: Final = 40.0
"""Network seconds after Redis is killed: it is up in two real ones, rebuilt, and checked every 15."""
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Report:
    """What became of everything."""

    fates: Counter[str]
    callbacks: Counter[str]
    faults: list[Fault]
    cut_off: int
    webhooks: Counter[int]
    talks: int
    seconds: float
    findings: list[Finding]
    stories: dict[str, str]
    log: Path


def soak(profile: Profile, folder: Path, over: Mapping[str, str] = NOTHING) -> Report:
    """Live it all, in real time at the profile's speed."""
    with open_desk(folder, profile, over) as desk:
        nemesis = Nemesis(desk.service.pid, desk.redis, profile, desk.network.seconds)
        found: list[Finding] = []
        desk.network.run(_play(desk, profile, nemesis, found), settle=0.0)
        return _report(desk, nemesis.faults, found)


async def _play(desk: Desk, profile: Profile, nemesis: Nemesis, found: list[Finding]) -> None:
    network = desk.network
    crowd = network.spawn(Crowd(network, desk.agents, profile).rings())
    watch = network.spawn(_watch(desk, nemesis.faults, found))
    await nemesis.kills(until=profile.lasts)
    await asyncio.sleep(max(0.0, profile.lasts - network.seconds()))
    whole = network.seconds()
    await asyncio.sleep(profile.settles)
    found += await _aside(
        lambda: [*checker.stuck(network, records.read(desk.services.store), since=whole)]
    )
    await crowd
    watch.cancel()
    found += await _quiet(desk, until=network.seconds() + profile.quiet)


async def _watch(desk: Desk, faults: list[Fault], found: list[Finding]) -> None:
    """Look again and again whether the board agrees with SQL, for as long as it may take to heal."""
    since: dict[Finding, float] = {}
    while True:
        await asyncio.sleep(LOOK_EVERY)
        seen = await _aside(lambda: _disagreements(desk.services))
        now = desk.network.seconds()
        if any("redis" in fault.kind and fault.at > now - REBUILT_WITHIN for fault in faults):
            seen = []
        since = {each: since.get(each, now) for each in seen}
        healed_by = {each: HEALS_WITHIN[each.kind] for each in seen}
        stays = [each for each in seen if now - since[each] >= healed_by[each]]
        found += [each for each in stays if each not in found]


async def _quiet(desk: Desk, *, until: float) -> list[Finding]:
    """Wait for every promise to be kept and the board to agree with SQL; what remains."""
    while True:
        left = await _aside(lambda: _unquiet(desk))
        if not (left or desk.network.live_legs()) or desk.network.seconds() > until:
            return left
        await asyncio.sleep(LOOK_EVERY)


def _unquiet(desk: Desk) -> list[Finding]:
    store = desk.services.store
    with store.reading() as tx:
        owed = [
            callback.id
            for callback in tx.callbacks.owed()
            if not checker.is_for_later(callback, desk.network.now())
        ]
    known = records.read(store).calls
    unknown = [
        leg.sid
        for leg in checker.inbound(desk.network)
        if (call := known.get(CallSid(leg.sid))) is None or not call.over
    ]
    return [
        *(Finding("lost", "still to be rung back", id) for id in owed),
        *(Finding("lost", "not over in SQL", sid) for sid in unknown),
        *_disagreements(desk.services),
    ]


def _disagreements(services: Services) -> list[Finding]:
    """Where the board, in Redis, says other than SQL."""
    with suppress(BoardLost):
        board = services.board
        with services.store.reading() as tx:
            held = {offer.agent: waiter_of(offer) for offer in tx.offers.open()}
            owed = {callback_waiter(callback.id) for callback in tx.callbacks.owed()}
            waiting = tx.calls.living([CallSid(each) for each in board.waiting()])
        holders = board.holders(sorted(board.on_duty()))
        wrong = [
            Finding(
                "doubtful" if agent in held else "held for nobody",
                f"agent {agent}: Redis says {holder!r}, SQL {held.get(agent, '')!r}",
                holder or held.get(agent, ""),
            )
            for agent, (holder, _) in holders.items()
            if held.get(agent, "") != holder
        ]
        ghosts = board.waiting() - waiting - owed
        return wrong + [
            Finding("ghost", "somebody gone waits on the board", each) for each in ghosts
        ]
    return [Finding("lost board", "it was not built again")]


def _report(desk: Desk, faults: list[Fault], found: list[Finding]) -> Report:
    network, read = desk.network, records.read(desk.services.store)
    found = found + list(checker.judge(network, read))
    return Report(
        fates=checker.fates(network, read),
        callbacks=Counter(str(each.state) for each in read.callbacks.values()),
        faults=faults,
        cut_off=checker.cut_off(network, read),
        webhooks=Counter(entry.status for entry in network.ledger.webhooks()),
        talks=len(network.ledger.talks),
        seconds=network.seconds(),
        findings=found,
        stories={each.about: checker.story(each.about, network, read) for each in found},
        log=desk.log,
    )


async def _aside(work: Callable[[], _T]) -> _T:
    """Do something that takes its time, while the network goes on."""
    return await asyncio.get_running_loop().run_in_executor(None, work)
