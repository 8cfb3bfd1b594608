"""The board: who is free, who waits, right now. Every change of it is one script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Final

from redis import Redis
from redis.exceptions import RedisError

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.routing import (
    FIRST_FOR_WHO_WAITS,
    HEAD_START,
    Cause,
    PassedOver,
    Plan,
    Routed,
    needs_served,
)
from dispatcher.domain.territories import Level, Territory
from dispatcher.live import keys, plans
from dispatcher.live.sight import BoardLost, Shown, Sight, hour, milliseconds, moment, text

__all__ = ["Board", "BoardLost", "Standing"]

_MILLISECOND: Final = timedelta(milliseconds=1)
_FIRST: Final = round(FIRST_FOR_WHO_WAITS.total_seconds() * 1000)
_HEAD_STARTS: Final = [round(HEAD_START[level].total_seconds() * 1000) for level in Level]


@dataclass(frozen=True, slots=True)
class Standing:
    """An agent as the board is told of them. ``free_at`` None: ``holder`` holds them until
    ``lease``. ``on_a_page``: they can be rung in a browser alone.
    """

    id: AgentId
    skillset: Skillset
    places: tuple[Territory, ...]
    excluded: frozenset[Territory]
    until: datetime
    free_at: datetime | None
    offers_this_hour: int = 0
    holder: str = ""
    lease: datetime | None = None
    on_a_page: bool = False

    @property
    def shown(self) -> Shown:
        """How the board keeps the part of it that the directory decides."""
        until, excluded = str(milliseconds(self.until)), _joined(sorted(self.excluded))
        house = [place for place in self.places if place.level is Level.HOUSE]
        places = [place for place in self.places if place.level is not Level.HOUSE]
        desk = str(int(self.on_a_page))
        return Shown(until, self.skillset, _joined(places), excluded, _joined(house), desk)


class Board(Sight):
    """Redis, spoken to in the words of the trade. Raises BoardLost, and no other error of Redis."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        folder = files("dispatcher.live") / "scripts"
        names = ("assign", "match", "free", "wait", "gone", "duty")
        self._scripts = {
            name: redis.register_script((folder / f"{name}.lua").read_text()) for name in names
        }

    def assign(self, caller: str, plan: Plan, *, lease: datetime, at: datetime) -> Routed:
        """Walk the plan and take the first agent along it for this caller.

        An agent already matched to the caller by somebody else shows as nobody found.
        """
        now, until, cap = milliseconds(at), milliseconds(lease), plan.offers_per_hour
        walk = (*plans.subject(plan), plans.baskets(plan), *plans.reserve(plan))
        answer = self._run("assign", now, until, hour(at), cap, caller, *walk)
        if text(answer[0]) == "matched":
            return Routed(None, None)
        counts = {(int(b), Cause(text(c))): int(n) for b, c, n in _triples(answer[3])}
        named = tuple(
            PassedOver(int(b), Cause(text(c)), AgentId(int(a))) for b, c, a in _triples(answer[4])
        )
        if text(answer[0]) == "taken":
            return Routed(AgentId(int(answer[1])), int(answer[2]), counts, named)
        return Routed(None, None, counts, named)

    def match(
        self, agent: AgentId, skillset: Skillset, *, cap: int, lease: datetime, at: datetime
    ) -> tuple[str, str] | None:
        """Take the caller this free agent serves best: their id, and the place that joined them."""
        answer = self._match(agent, skillset, cap, milliseconds(lease), at)
        return (text(answer[1]), text(answer[2])) if text(answer[0]) == "taken" else None

    def urgency(
        self, agent: AgentId, skillset: Skillset, *, cap: int, at: datetime
    ) -> tuple[int, datetime] | None:
        """How urgent the caller is whom a match would take now, the least first; taking nobody."""
        answer = self._match(agent, skillset, cap, "", at)
        if text(answer[0]) != "could":
            return None
        return int(answer[1]) - 1, moment(answer[2])

    def _match(
        self, agent: AgentId, skillset: Skillset, cap: int, lease: int | str, at: datetime
    ) -> Any:
        first, last = needs_served(skillset)
        needs = [*first, "-", *last, "-"]
        now = milliseconds(at)
        return self._run("match", now, lease, hour(at), cap, agent, *needs, *_HEAD_STARTS, _FIRST)

    def free(
        self, agent: AgentId, *, at: datetime, holder: str = "", unless_held: bool = False
    ) -> bool:
        """The agent is free from ``at`` on, if ``holder`` (when given) still holds them; with
        ``unless_held``, if nobody does.
        """
        whose = "unheld" if unless_held else ""
        return int(self._run("free", agent, milliseconds(at), holder, whose)) == 1

    def wait(
        self, caller: str, plan: Plan, *, since: datetime, at: datetime, rebuilding: bool = False
    ) -> bool:
        """Somebody waits and may be matched; False when an agent was taken for them meanwhile."""
        mode = ["rebuild"] if rebuilding else []
        around, tried = plans.subject(plan)
        held = plans.held_until(plan)
        now, came = milliseconds(at), milliseconds(since)
        told = (caller, now, came, plan.need, around, tried, held, *mode)
        return int(self._run("wait", *told)) == 1

    def gone(self, caller: str) -> None:
        """Somebody no longer waits."""
        self._run("gone", caller)

    def duty(self, standing: Standing, *, at: datetime, rebuilding: bool = False) -> None:
        """An agent is on duty, standing so."""
        shown = standing.shown
        self._run(
            "duty",
            standing.id,
            shown.until,
            shown.skillset,
            shown.places,
            shown.excluded,
            "" if standing.free_at is None else milliseconds(standing.free_at),
            hour(at),
            standing.offers_this_hour,
            standing.holder,
            "" if standing.lease is None else milliseconds(standing.lease),
            shown.house,
            shown.desk,
            *(["rebuild"] if rebuilding else []),
        )

    def off(self, agent: AgentId) -> None:
        """An agent is no longer on duty."""
        self._run("duty", agent, *[""] * 11)

    def rested(self, *, at: datetime, limit: int = 200) -> list[tuple[AgentId, Skillset]]:
        """Agents whose wrap-up is over: they are there for who waits. Taken off the list of who
        rests.
        """
        at += FIRST_FOR_WHO_WAITS
        due = self._call(
            "zrangebyscore", keys.RESTING, "-inf", milliseconds(at), start=0, num=limit
        )
        if not due:
            return []
        self._call("zrem", keys.RESTING, *due)
        skills = self._each("hget", [(keys.agent(int(id)), "skillset") for id in due])
        return [
            (AgentId(int(id)), Skillset(text(each)))
            for id, each in zip(due, skills, strict=True)
            if each
        ]

    def no_longer_held(self, *, at: datetime, limit: int = 200) -> list[str]:
        """Who is no longer held for somebody near, and may have anybody. Taken off their list."""
        due = self._call("zrangebyscore", keys.HELD, "-inf", milliseconds(at), start=0, num=limit)
        if due:
            self._call("zrem", keys.HELD, *due)
        return [text(id) for id in due]

    def post_paces(
        self,
        found: Mapping[Territory, tuple[Mapping[Skillset, int], Mapping[Need, timedelta | None]]],
    ) -> None:
        """Show, for each place, who is on and how often one is freed; what stood there goes."""
        fields: dict[Any, Any] = {
            f"{place} {name}": value
            for place, (staff, paces) in found.items()
            for name, value in (
                *staff.items(),
                *((f"pace-{need}", round(p / _MILLISECOND)) for need, p in paces.items() if p),
            )
        }
        pipeline = self._redis.pipeline()
        pipeline.delete(keys.PACES)
        if fields:
            pipeline.hset(keys.PACES, mapping=fields)
            pipeline.pexpire(keys.PACES, keys.PACES_MILLISECONDS)
        try:
            pipeline.execute()
        except RedisError as error:
            raise BoardLost from error

    def may_start(self, line: str, *, per_second: int, at: datetime) -> bool:
        """Whether this line may ask the carrier for one more call now; a yes is spent."""
        every = round(1000 / per_second)
        return bool(
            self._call(
                "eval",
                _BUCKET,
                0,
                keys.bucket(line),
                milliseconds(at),
                every,
                keys.BUCKET_MILLISECONDS,
            )
        )

    def begin_rebuild(self, holder: str) -> bool:
        """Be the one who rebuilds; of the old board everything is cleared, first that it stood.

        The run of Redis is noted now: if it starts again meanwhile, the board is built once more.
        """
        mine = f"{holder} {self._run_of_redis()}"
        if not self._call("set", keys.REBUILDING, mine, nx=True, px=keys.REBUILDING_MILLISECONDS):
            return False
        if self.is_current():  # somebody else has ended theirs since we looked
            self._call("delete", keys.REBUILDING)
            return False
        self._call("delete", keys.EPOCH)
        old = [key for key in self._scan() if text(key) != keys.REBUILDING]
        for start in range(0, len(old), 1000):
            self._call("unlink", *old[start : start + 1000])
        return True

    def end_rebuild(self, holder: str, *, at: datetime) -> bool:
        """The board is whole again; False when Redis was emptied meanwhile, or others took over."""
        stand = ("eval", _STAND, 0, keys.REBUILDING, keys.EPOCH, holder, milliseconds(at))
        return bool(self._call(*stand))

    def _scan(self) -> list[bytes]:
        try:
            return list(self._redis.scan_iter(match=keys.TAG + "*", count=1000))
        except RedisError as error:
            raise BoardLost from error

    def _run(self, script: str, *arguments: Any) -> Any:
        try:
            answer = self._scripts[script](args=[keys.TAG, *arguments])
        except RedisError as error:
            raise BoardLost from error
        if answer == -1 or (isinstance(answer, list) and text(answer[0]) == "epoch"):
            raise BoardLost
        return answer


_STAND: Final = """
local who, run = string.match(redis.call('GET', ARGV[1]) or '', '^(%S*) (.*)$')
if who ~= ARGV[3] then return 0 end
redis.call('SET', ARGV[2], run .. ' ' .. ARGV[4])
return redis.call('DEL', ARGV[1])
"""
_BUCKET: Final = """
if tonumber(redis.call('GET', ARGV[1]) or 0) > tonumber(ARGV[2]) then return 0 end
redis.call('SET', ARGV[1], string.format('%.0f', ARGV[2] + ARGV[3]), 'PX', ARGV[4])
return 1
"""


def _joined(places: Iterable[Territory]) -> str:
    return " ".join(str(place) for place in places)


def _triples(flat: Sequence[Any]) -> list[tuple[Any, Any, Any]]:
    return list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
