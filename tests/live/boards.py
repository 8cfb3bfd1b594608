"""Small boards for the tests of the live scripts: few places, few agents, every reason to pass somebody over."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from redis import Redis

from dispatcher.domain.agents import AgentId, Need, Skillset
from dispatcher.domain.reserves import PERCENT, Reserve
from dispatcher.domain.routing import Candidate, Plan, plan
from dispatcher.domain.territories import FRANCE, Level, Territory
from dispatcher.live import keys
from dispatcher.live.board import Board, Standing
from dispatcher.live.desks import LIVES_FOR, Beat, Desks

NINE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ORCIERES = Territory(Level.COMMUNE, "05096")
GAP = Territory(Level.COMMUNE, "05061")
CHAMPSAUR = Territory(Level.EPCI, "200067742")
HAUTES_ALPES = Territory(Level.DEPARTEMENT, "05")
PACA = Territory(Level.REGION, "93")
BOUCHES_DU_RHONE = Territory(Level.DEPARTEMENT, "13")
ISERE = Territory(Level.DEPARTEMENT, "38")
WIDER = (CHAMPSAUR, HAUTES_ALPES, PACA, FRANCE)
THEIR_HOUSE = Territory.house("maison de france d'Orcières")
PLACES = (ORCIERES, GAP, *WIDER, THEIR_HOUSE, BOUCHES_DU_RHONE, ISERE)
AROUNDS = (
    (ORCIERES, *WIDER),
    (GAP, HAUTES_ALPES, PACA, FRANCE),
    (FRANCE,),
    (Territory.helper(9), THEIR_HOUSE, ORCIERES, *WIDER),
    (Territory.helper(1), FRANCE),
    (THEIR_HOUSE,),
    (Territory.helper(1),),
)
IDS = tuple(
    AgentId(number) for number in (1, 2, 9, 10, 11, 100)
)  # texts and numbers differ in order


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


moments = st.integers(-3, 3).map(lambda number: NINE + seconds(number))
territories = st.lists(st.sampled_from(PLACES), unique=True, min_size=1).map(
    lambda found: tuple(sorted(found))
)


@st.composite
def candidates(draw: st.DrawFn, id: AgentId) -> Candidate:
    return Candidate(
        id=id,
        skillset=draw(st.sampled_from(Skillset)),
        places=draw(territories),
        excluded=frozenset(draw(st.lists(st.sampled_from(PLACES[:4]), max_size=1))),
        free_at=draw(st.none() | moments),
        until=NINE + seconds(draw(st.sampled_from([-1, 0, 1, 3600]))),
        offers_this_hour=draw(st.integers(0, 3)),
        awake_until=draw(st.none() | moments),
    )


boards = st.lists(st.sampled_from(IDS), unique=True).flatmap(
    lambda ids: st.tuples(*(candidates(id) for id in ids))
)
BEYOND = {PACA: ("05", "13"), FRANCE: ("05", "13", "38")}


def reserved(
    around: tuple[Territory, ...], percent: int, until: datetime = NINE + MINUTE
) -> Reserve:
    """Every département of the wide places lends, the caller's own too where they have one."""
    beyond = tuple((place, BEYOND[place]) for place in around if place in BEYOND)
    return Reserve(beyond, percent * PERCENT, until)


def _plan(
    around: tuple[Territory, ...],
    need: Need,
    tried: frozenset[AgentId],
    cap: int,
    reserve: tuple[int, datetime] | None,
) -> Plan:
    kept = reserved(around, *reserve) if reserve else None
    return plan(around, need, tried=tried, offers_per_hour=cap, reserve=kept)


plans = st.builds(
    _plan,
    st.sampled_from(AROUNDS),
    st.sampled_from(Need),
    st.frozensets(st.sampled_from(IDS), max_size=2),
    st.integers(1, 4),
    st.none() | st.tuples(st.sampled_from([0, 35, 45, 60, 100]), moments),
)


@dataclass
class Floor:
    """A board that stands, in an empty Redis."""

    redis: Redis
    board: Board

    @property
    def desks(self) -> Desks:
        return Desks(self.redis)

    @classmethod
    def empty(cls, redis: Redis) -> "Floor":
        redis.flushdb()
        board = Board(redis)
        board.begin_rebuild("test")
        board.end_rebuild("test", at=NINE)
        return cls(redis, board)

    def has(self, *on_duty: Candidate, at: datetime = NINE) -> None:
        """These agents are on duty; one who is not free is with somebody called ``elsewhere``."""
        for each in on_duty:
            self.board.duty(standing(each, at=at), at=at)
            if each.awake_until is not None:
                self.beats(each, until=each.awake_until)

    def beats(self, agent: Candidate, *, until: datetime, page: str = "a") -> Beat:
        """A page of theirs shows life, and will until then."""
        return self.desks.beat(agent.id, page, can_ring=True, at=until - LIVES_FOR)

    def take(self, caller: str, plan: Plan, *, at: datetime = NINE) -> AgentId | None:
        return self.board.assign(caller, plan, lease=at + MINUTE, at=at).agent

    def match(self, agent: Candidate, *, at: datetime = NINE, cap: int = 100) -> str | None:
        found = self.board.match(agent.id, agent.skillset, cap=cap, lease=at + MINUTE, at=at)
        return None if found is None else found[0]


def standing(agent: Candidate, *, at: datetime) -> Standing:
    held = agent.free_at is None
    return Standing(
        id=agent.id,
        skillset=agent.skillset,
        places=agent.places,
        excluded=agent.excluded,
        until=agent.until or at + timedelta(days=1),
        free_at=agent.free_at,
        offers_this_hour=agent.offers_this_hour,
        holder="elsewhere" if held else "",
        lease=at + MINUTE if held else None,
        on_a_page=agent.awake_until is not None,
    )


def somebody(id: int = 1, **changes: object) -> Candidate:
    """An agent free since 09:30 for everything, who stands in Orcières and all around it."""
    agent = Candidate(AgentId(id), Skillset.BOTH, AROUNDS[0], free_at=NINE)
    return replace(agent, **changes)  # type: ignore[arg-type]


def wanted(
    need: Need = Need.PROCEDURES, *, cap: int = 100, tried: frozenset[AgentId] = frozenset()
) -> Plan:
    """The plan of a caller from Orcières."""
    return plan(AROUNDS[0], need, tried=tried, offers_per_hour=cap)


def documented(key: str) -> bool:
    """Whether ``live/keys.py`` says what this key is."""
    return any(pattern.fullmatch(key) for pattern in PATTERNS)


def _patterns() -> list[re.Pattern[str]]:
    rows = re.findall(r"^\| ([a-z]+(?::\S+)?) \|", keys.__doc__ or "", re.MULTILINE)
    names = [name for name in rows if name != "key"]
    # A place and a caller's id have a colon of their own, so a part may hold some.
    return [re.compile(re.escape(keys.TAG) + re.sub(r"<\w+>", r"\\S+", name)) for name in names]


PATTERNS = _patterns()
