"""What can be seen on the board without changing anything of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import Redis
from redis.exceptions import RedisError, ResponseError

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.estimates import Newcomer, Ring
from dispatcher.domain.routing import HEAD_START, Basket, Candidate
from dispatcher.domain.territories import FRANCE, Territory
from dispatcher.live import keys

log = logging.getLogger(__name__)


class BoardLost(Exception):
    """The board cannot be used now: Redis is away, or has lost it and it is not rebuilt yet."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the board keeps of an agent's duty, in its own words: to tell what differs from SQL."""

    until: str
    skillset: str
    places: str
    excluded: str
    house: str
    desk: str


@dataclass(frozen=True, slots=True)
class Before:
    """A question to the board: who waits in ``place`` for ``need`` since before ``since``."""

    place: Territory
    need: Need
    since: datetime


class Sight:
    """The board's side that only reads. Raises BoardLost, and no other error of Redis.

    What is told to callers is only told of a board that stands: an emptied one knows nobody.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._runs_untold = False

    def on_duty(self) -> dict[AgentId, datetime]:
        """Who is on duty, and until when."""
        return {
            AgentId(int(a)): moment(s)
            for a, s in self._call("zrange", keys.DUTY, 0, -1, withscores=True)
        }

    def shown(self) -> dict[AgentId, Shown]:
        """Everybody on duty, as the board was told of them."""
        found = self._records(["until", "skillset", "places", "except", "house", "desk"])
        return {id: Shown(*map(text, record)) for id, record in found.items()}

    def candidates(self, *, at: datetime) -> list[Candidate]:
        """Everybody on duty as a walk at ``at`` would meet them; taking nobody."""
        names = ["skillset", "places", "except", "free", "until", "hour", "offers", "house"]
        found = self._records([*names, "desk"])
        awake = dict(self._call("zrange", keys.DESKS, 0, -1, withscores=True))
        return [_candidate(id, record, at, awake) for id, record in found.items()]

    def holders(self, agents: Iterable[AgentId]) -> dict[AgentId, tuple[str, datetime | None]]:
        """Who holds each of these agents ("" when nobody does), and until when.

        Those off duty are left out.
        """
        ids = list(agents)
        found = self._each("hmget", [(keys.agent(id), ["holder", "lease"]) for id in ids])
        return {
            id: (text(holder), moment(lease) if lease else None)
            for id, (holder, lease) in zip(ids, found, strict=True)
            if holder is not None
        }

    def manned(self, baskets: Sequence[Basket]) -> bool:
        """Whether anybody on duty stands in one of these baskets, free or not."""
        names = [(keys.on(str(each.place), each.skillset),) for each in baskets]
        return any(self._told("exists", names))

    def shape(self, places: Sequence[Territory]) -> dict[Territory, tuple[bool, ...]]:
        """For each place, whether anybody on duty stands in it by skillset, and if any refuse it.

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
        found = [bool(each) for each in self._told("exists", names)]
        step = len(Skillset) + 1
        return {place: tuple(found[i * step : (i + 1) * step]) for i, place in enumerate(places)}

    def before(self, asked: Sequence[Before]) -> list[int]:
        """How many wait in each of these places, for that need, since earlier than that."""
        names = [
            (keys.wait(str(each.place), each.need), "-inf", f"({milliseconds(each.since)}")
            for each in asked
        ]
        return self._told("zcount", names)

    def newcomers(self, needs: Iterable[Need], since: datetime, *, most: int) -> list[Newcomer]:
        """The first who came after ``since``, but not too late for nearness to make up for it."""
        latest = since + max(HEAD_START.values())
        names = [
            (keys.wait(str(FRANCE), need), f"({milliseconds(since)}", milliseconds(latest), 0, most)
            for need in needs
        ]
        callers = sorted({text(id) for found in self._told("zrangebyscore", names) for id in found})
        found = self._each("hmget", [(keys.caller(id), ["since", "around"]) for id in callers])
        return [
            Newcomer(moment(came), tuple(map(Territory.parse, text(around).split())))
            for came, around in found
            if came is not None
        ]

    def waited_in(self) -> set[Territory]:
        """Every place around somebody who waits."""
        callers = sorted(self.waiting())
        around = self._told("hget", [(keys.caller(id), "around") for id in callers])
        return {Territory.parse(each) for found in around for each in text(found or "").split()}

    def staff(self, places: Iterable[Territory]) -> dict[Territory, dict[Skillset, int]]:
        """How many agents on duty stand in each place, free or not, by skillset."""
        asked = [(place, skillset) for place in places for skillset in Skillset]
        found = self._told("scard", [(keys.on(str(place), s),) for place, s in asked])
        staff: dict[Territory, dict[Skillset, int]] = {}
        for (place, skillset), count in zip(asked, found, strict=True):
            staff.setdefault(place, {})[skillset] = int(count)
        return staff

    def rings(self, around: Sequence[Territory], need: Need) -> list[Ring]:
        """The places around a caller as they were last worked out; unknown ones have no pace."""
        names = [(keys.PACES, [f"{p} {f}" for f in (*Skillset, f"pace-{need}")]) for p in around]
        found = self._told("hmget", names)
        return [_ring(place, record) for place, record in zip(around, found, strict=True)]

    def stands(self) -> bool:
        """Whether the board was built since Redis last lost it."""
        return bool(self._call("exists", keys.EPOCH))

    def is_current(self) -> bool:
        """Whether the board was built since Redis last started: then it may have come back older.

        Where Redis does not tell its runs apart, whether the board stands.
        """
        epoch = self._call("get", keys.EPOCH)
        run = self._run_of_redis()
        return epoch is not None and run in {"", text(epoch).partition(" ")[0]}

    def waiting(self) -> set[str]:
        """Who waits, for whatever need: everybody waits in the whole country too."""
        lists = self._each("zrange", [(keys.wait(str(FRANCE), need), 0, -1) for need in Need])
        return {text(waiter) for each in lists for waiter in each}

    def check_stands(self) -> None:
        """Raises BoardLost while the board is not built."""
        if not self.stands():
            raise BoardLost

    def ping(self) -> None:
        """Raises BoardLost when Redis does not answer."""
        self._call("ping")

    def _run_of_redis(self) -> str:
        """What Redis calls itself since it was last started; "" where INFO is refused."""
        try:
            return str(self._redis.info("server").get("run_id", ""))
        except ResponseError:
            if not self._runs_untold:
                log.warning("Redis refuses INFO: a board that comes back older would not be seen")
            self._runs_untold = True
            return ""
        except RedisError as error:
            raise BoardLost from error

    def _told(self, command: str, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        found = self._each(command, calls)
        self.check_stands()  # after, since it may have been emptied meanwhile
        return found

    def _records(self, names: list[str]) -> dict[AgentId, list[Any]]:
        ids = [AgentId(int(id)) for id in self._call("zrange", keys.DUTY, 0, -1)]
        found = self._each("hmget", [(keys.agent(id), names) for id in ids])
        return {id: record for id, record in zip(ids, found, strict=True) if record[0] is not None}

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


def hour(at: datetime) -> int:
    """The hour that the cap on offers counts in: whole hours since 1970."""
    return int(at.timestamp()) // 3600


def milliseconds(at: datetime) -> int:
    """A moment as the board keeps it."""
    return round(at.timestamp() * 1000)


def moment(milliseconds: Any) -> datetime:
    """A moment that the board kept."""
    return datetime.fromtimestamp(float(milliseconds) / 1000, UTC)


def text(value: Any) -> str:
    """A text that the board kept."""
    return value.decode() if isinstance(value, bytes) else str(value)


def _candidate(
    id: AgentId, record: list[Any], at: datetime, awake: Mapping[Any, float]
) -> Candidate:
    skillset, places, excluded, free, until, counted_in, offers, house, desk = map(text, record)
    return Candidate(
        id=id,
        skillset=Skillset(skillset),
        places=tuple(map(Territory.parse, f"{house} {places}".split())),
        excluded=frozenset(map(Territory.parse, excluded.split())),
        free_at=moment(free) if free else None,
        until=moment(until),
        offers_this_hour=int(offers) if counted_in == str(hour(at)) else 0,
        awake_until=moment(awake.get(str(id).encode(), 0)) if desk == "1" else None,
    )


def _ring(place: Territory, record: list[Any]) -> Ring:
    *staff, pace = record
    on = {skillset: int(count or 0) for skillset, count in zip(Skillset, staff, strict=True)}
    return Ring(place, on, timedelta(milliseconds=int(pace)) if pace else None)
