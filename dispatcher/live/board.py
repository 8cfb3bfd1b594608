"""The board: who is free, who waits, right now. Every change of it is one script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final

from redis import Redis
from redis.exceptions import RedisError

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.routing import (
    HEAD_START,
    Basket,
    Cause,
    PassedOver,
    Plan,
    Routed,
    needs_served,
)
from dispatcher.domain.territories import Level, Territory
from dispatcher.live import keys

_HEAD_STARTS: Final = [round(HEAD_START[level].total_seconds() * 1000) for level in Level]


class BoardLost(Exception):
    """The board cannot be used now: Redis is away, or has lost it and it is not rebuilt yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An agent as the board is told of them. ``free_at`` None: ``holder`` holds them until ``lease``."""

    id: AgentId
    skillset: Skillset
    places: tuple[Territory, ...]
    excluded: frozenset[Territory]
    until: datetime
    free_at: datetime | None
    offers_this_hour: int = 0
    holder: str = ""
    lease: datetime | None = None


class Board:
    """Redis, spoken to in the words of the trade. Raises BoardLost, and no other error of Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        folder = files("dispatcher.live") / "scripts"
        names = ("assign", "match", "free", "wait", "gone", "duty")
        self._scripts = {
            name: redis.register_script((folder / f"{name}.lua").read_text()) for name in names
        }

    def assign(self, caller: str, plan: Plan, *, lease: datetime, at: datetime) -> Routed:
        """Walk the plan and take the first agent along it for this caller.

        An agent already matched to the caller by somebody else shows as nobody found.
        """
        tried = f" {' '.join(str(agent) for agent in sorted(plan.tried))} "
        around = f" {_joined(plan.around)} "
        baskets = [f"{basket.place}:{basket.skillset}" for basket in plan.baskets]
        answer = self._run(
            "assign",
            _ms(at),
            _ms(lease),
            hour(at),
            plan.offers_per_hour,
            caller,
            around,
            tried,
            *baskets,
        )
        if _text(answer[0]) == "matched":
            return Routed(None, None)
        counts = {(int(b), Cause(_text(c))): int(n) for b, c, n in _triples(answer[3])}
        named = tuple(
            PassedOver(int(b), Cause(_text(c)), AgentId(int(a))) for b, c, a in _triples(answer[4])
        )
        if _text(answer[0]) == "taken":
            return Routed(AgentId(int(answer[1])), int(answer[2]), counts, named)
        return Routed(None, None, counts, named)

    def match(
        self, agent: AgentId, skillset: Skillset, *, cap: int, lease: datetime, at: datetime
    ) -> tuple[str, str] | None:
        """Take the caller this free agent serves best: their id, and the place that joined them."""
        first, last = needs_served(skillset)
        answer = self._run(
            "match",
            _ms(at),
            _ms(lease),
            hour(at),
            cap,
            agent,
            *first,
            "-",
            *last,
            "-",
            *_HEAD_STARTS,
        )
        return (_text(answer[1]), _text(answer[2])) if _text(answer[0]) == "taken" else None

    def free(self, agent: AgentId, *, at: datetime, holder: str = "") -> bool:
        """The agent is free from ``at`` on, if ``holder`` (when given) still holds them."""
        return int(self._run("free", agent, _ms(at), holder)) == 1

    def wait(
        self, caller: str, plan: Plan, *, since: datetime, at: datetime, rebuilding: bool = False
    ) -> bool:
        """Somebody waits and may be matched; False when an agent was taken for them meanwhile."""
        tried = f" {' '.join(str(agent) for agent in sorted(plan.tried))} "
        mode = ["rebuild"] if rebuilding else []
        around = f" {_joined(plan.around)} "
        return (
            int(self._run("wait", caller, _ms(at), _ms(since), plan.need, around, tried, *mode))
            == 1
        )

    def gone(self, caller: str) -> None:
        """Somebody no longer waits."""
        self._run("gone", caller)

    def duty(self, standing: Standing, *, at: datetime, rebuilding: bool = False) -> None:
        """An agent is on duty, standing so."""
        self._run(
            "duty",
            standing.id,
            _ms(standing.until),
            standing.skillset,
            _joined(standing.places),
            _joined(sorted(standing.excluded)),
            "" if standing.free_at is None else _ms(standing.free_at),
            hour(at),
            standing.offers_this_hour,
            standing.holder,
            "" if standing.lease is None else _ms(standing.lease),
            *(["rebuild"] if rebuilding else []),
        )

    def off(self, agent: AgentId) -> None:
        """An agent is no longer on duty."""
        self._run("duty", agent, *[""] * 9)

    def on_duty(self) -> dict[AgentId, datetime]:
        """Who is on duty, and until when."""
        return {
            AgentId(int(a)): _moment(s)
            for a, s in self._call("zrange", keys.DUTY, 0, -1, withscores=True)
        }

    def rested(self, *, at: datetime, limit: int = 200) -> list[tuple[AgentId, Skillset]]:
        """Agents whose wrap-up ended by now, taken off the list of those who rest."""
        due = self._call("zrangebyscore", keys.RESTING, "-inf", _ms(at), start=0, num=limit)
        if not due:
            return []
        self._call("zrem", keys.RESTING, *due)
        skills = self._each("hget", [(keys.agent(int(id)), "skillset") for id in due])
        return [
            (AgentId(int(id)), Skillset(_text(each)))
            for id, each in zip(due, skills, strict=True)
            if each
        ]

    def holders(self, agents: Iterable[AgentId]) -> dict[AgentId, tuple[str, datetime | None]]:
        """Who holds each of these agents ("" when nobody does), and until when; those off duty are left out."""
        ids = list(agents)
        found = self._each("hmget", [(keys.agent(id), ["holder", "lease"]) for id in ids])
        return {
            id: (_text(holder), _moment(lease) if lease else None)
            for id, (holder, lease) in zip(ids, found, strict=True)
            if holder is not None
        }

    def manned(self, baskets: Sequence[Basket]) -> bool:
        """Whether anybody on duty stands in one of these baskets, free or not."""
        return any(
            self._each("exists", [(keys.on(str(each.place), each.skillset),) for each in baskets])
        )

    def shape(self, places: Sequence[Territory]) -> dict[Territory, tuple[bool, ...]]:
        """For each place, whether anybody on duty stands in it by skillset, and whether anybody refuses it.

        Two communes around which this is the same are answered by the same people.
        """
        names = [
            (key,)
            for place in places
            for key in (
                *(keys.on(str(place), each) for each in Skillset),
                keys.excepted(str(place)),
            )
        ]
        found = [bool(each) for each in self._each("exists", names)]
        step = len(Skillset) + 1
        return {place: tuple(found[i * step : (i + 1) * step]) for i, place in enumerate(places)}

    def ahead_of(self, since: datetime, needs: Iterable[Need]) -> int:
        """How many wait with an earlier place for one of these needs, all over the country."""
        before = f"({_ms(since)}"
        return sum(
            self._each("zcount", [(keys.FRANCE_WAITING + need, "-inf", before) for need in needs])
        )

    def may_start(self, line: str, *, per_second: int, at: datetime) -> bool:
        """Whether this line may ask the carrier for one more call now; a yes is spent."""
        every = round(1000 / per_second)
        return bool(
            self._call(
                "eval", _BUCKET, 0, keys.bucket(line), _ms(at), every, keys.BUCKET_MILLISECONDS
            )
        )

    def stands(self) -> bool:
        """Whether the board was built since Redis last lost it."""
        return bool(self._call("exists", keys.EPOCH))

    def begin_rebuild(self, holder: str) -> bool:
        """Be the one who rebuilds; everything left of the old board is cleared."""
        if not self._call("set", keys.REBUILDING, holder, nx=True, px=keys.REBUILDING_MILLISECONDS):
            return False
        old = [key for key in self._scan() if _text(key) != keys.REBUILDING]
        for start in range(0, len(old), 1000):
            self._call("unlink", *old[start : start + 1000])
        return True

    def end_rebuild(self, *, at: datetime) -> None:
        """The board is whole again."""
        self._call("set", keys.EPOCH, _ms(at))
        self._call("delete", keys.REBUILDING)

    def check_stands(self) -> None:
        """Raises BoardLost while the board is not built."""
        if not self.stands():
            raise BoardLost

    def ping(self) -> None:
        """Raises BoardLost when Redis does not answer."""
        self._call("ping")

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
        if answer == -1 or (isinstance(answer, list) and _text(answer[0]) == "epoch"):
            raise BoardLost
        return answer

    def _call(self, command: str, *arguments: Any, **options: Any) -> Any:
        try:
            return getattr(self._redis, command)(*arguments, **options)
        except RedisError as error:
            raise BoardLost from error

    def _each(self, command: str, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        if not calls:
            return []
        pipeline = self._redis.pipeline(transaction=False)
        for arguments in calls:
            getattr(pipeline, command)(*arguments)
        try:
            return pipeline.execute()
        except RedisError as error:
            raise BoardLost from error


_BUCKET: Final = """
if tonumber(redis.call('GET', ARGV[1]) or 0) > tonumber(ARGV[2]) then return 0 end
redis.call('SET', ARGV[1], string.format('%.0f', ARGV[2] + ARGV[3]), 'PX', ARGV[4])
return 1
"""


def hour(at: datetime) -> int:
    """The hour that the cap on offers counts in: whole hours since 1970."""
    return int(at.timestamp()) // 3600


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _moment(milliseconds: Any) -> datetime:
    return datetime.fromtimestamp(float(milliseconds) / 1000, UTC)


def _joined(places: Iterable[Territory]) -> str:
    return " ".join(str(place) for place in places)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _triples(flat: Sequence[Any]) -> list[tuple[Any, Any, Any]]:
    return list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
