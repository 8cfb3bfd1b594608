"""What happened on one call and why, from what SQL keeps of it: a pure reading.

Sentences are keys of ``words/story.toml``, filled with the names of places and agents; a story
holds no number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from urllib.parse import unquote

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import Call, CallSid, Outcome, Step, Why
from dispatcher.domain.offers import End, Offer
from dispatcher.domain.routing import Cause
from dispatcher.domain.territories import Commune, Level, Territory
from dispatcher.operations import agents
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction


class Kind(StrEnum):
    """What sort of thing is told."""

    QUESTION = "question"
    PLAN = "plan"
    OFFER = "offer"
    CALLBACK = "callback"
    END = "end"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A key of the catalogue, and what fills it."""

    key: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened, and what is to be known besides."""

    at: datetime
    kind: Kind
    sentence: Sentence
    besides: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A call from its first question to its end, the callback that it left included."""

    call: CallSid
    commune: Commune | None
    need: Need | None
    told: tuple[Told, ...]


def tell(sid: CallSid, services: Services) -> Story | None:
    """The story of this call as far as it went; None when there is no such call."""
    with services.store.reading() as tx:
        call = tx.calls.find(sid)
        if call is None:
            return None
        callback = tx.callbacks.of(sid)
        told = list(_told(call, callback, tx, services))
    commune = services.atlas.commune(call.commune) if call.commune else None
    return Story(sid, commune, call.need, tuple(sorted(told, key=lambda each: each.at)))


def _told(
    call: Call, callback: Callback | None, tx: Transaction, services: Services
) -> Iterator[Told]:
    """All that happened; what happened at one moment stands in the order of its causes."""
    decisions, made = tx.decisions.of(call.sid), tx.offers.of(call=call.sid)
    if callback is not None:
        decisions += tx.decisions.of(callback=callback.id)
        made += tx.offers.of(callback=callback.id)
    names = Names(decisions, made, tx, services)
    yield from _ends(made, names)
    yield from _way(tx.calls.moves(call.sid))
    if callback is not None:
        yield Told(callback.asked_at, Kind.CALLBACK, Sentence(_KEPT[callback.why]))
    yield from _searches(decisions, names)
    yield from _offers(made, names)
    if callback is not None and callback.closed_at is not None and callback.state in _PLACED:
        yield Told(callback.closed_at, Kind.CALLBACK, Sentence(_PLACED[callback.state]))
    if call.ended_at is not None and call.outcome is not None:
        yield Told(call.ended_at, Kind.END, Sentence(_OUTCOMES[call.outcome]))


class Names:
    """What the places and people of a story are called."""

    def __init__(
        self,
        decisions: Iterable[Mapping[str, Any]],
        made: Iterable[Offer],
        tx: Transaction,
        services: Services,
    ) -> None:
        ids = {offer.agent for offer in made}
        ids |= {each["agent"] for row in decisions for each in row["reasons"].get("named", ())}
        ids |= {row["agent"] for row in decisions if row["agent"] is not None}
        self._houses, self._atlas = tx.structures.names(), services.atlas
        self._people = {
            agent.id: f"{agent.name} ({self._houses[agent.structure]})"
            for agent in tx.agents.roster(agents.calendar(services), only=map(AgentId, ids))
        }

    def person(self, id: int) -> str:
        """An agent and their house."""
        return self._people.get(AgentId(id), "")

    def place(self, text: str) -> str:
        """A place as reasons write it: a territory, a house, or the agent who helped before."""
        place = Territory.parse(text)
        if place.level is Level.HELPER:
            return self.person(int(place.code))
        if place.level is Level.HOUSE:
            return self._houses.get(unquote(place.code), "")
        return self._atlas.name(place)


def _way(moves: Iterable[tuple[int, datetime, Step]]) -> Iterator[Told]:
    before: list[Step] = []
    for _, at, step in moves:
        if step in _ASKED:
            again = bool(before) and before[-1] is step
            key = "story.asked.again" if again else _ASKED[step]
            yield Told(at, Kind.QUESTION, Sentence(key))
        elif step is Step.WAITING and step not in before[-1:]:
            key = "story.waits.again" if step in before else "story.waits.first"
            yield Told(at, Kind.PLAN, Sentence(key))
        before.append(step)


def _searches(decisions: Iterable[Mapping[str, Any]], names: Names) -> Iterator[Told]:
    found = 0
    for nth, row in enumerate(decisions):
        why, agent = row["reasons"], row["agent"]
        key = "story.plan.next" if found else "story.plan.found"
        if why.get("freed"):
            key = "story.plan.freed"
        elif agent is None:
            key = "story.plan.nobody"
        found += agent is not None
        who = names.person(agent) if agent is not None else ""
        besides = (*_where(why, names, first=nth == 0), *_passed_over(why, names))
        yield Told(row["at"], Kind.PLAN, Sentence(key, {"who": who}), besides)


def _where(why: Mapping[str, Any], names: Names, *, first: bool) -> Iterator[Sentence]:
    """Where was looked, said once, and which place joins the agent to the caller."""
    if first and why.get("around"):
        places = ", ".join(names.place(place) for place in why["around"])
        yield Sentence("story.plan.around", {"places": places})
    if why["ring"]:
        yield Sentence("story.plan.ring", {"place": names.place(why["ring"])})


def _passed_over(why: Mapping[str, Any], names: Names) -> Iterator[Sentence]:
    """Those whom a search met and did not take, by cause; one who stands twice is named once."""
    named = why.get("named", ())
    for cause in Cause:
        ids = dict.fromkeys(each["agent"] for each in named if each["cause"] == cause)
        if ids:
            yield Sentence(_CAUSES[cause], {"names": ", ".join(map(names.person, ids))})
    met: Counter[str] = Counter()
    for each in why.get("passed_over", ()):
        met[each["cause"]] += each["count"]
    if kept := met.pop(Cause.KEPT, 0):
        yield Sentence("story.passed.kept", {"count": kept})
    if others := met.total() - len(named):
        yield Sentence("story.passed.others", {"count": others})


def _offers(made: Iterable[Offer], names: Names) -> Iterator[Told]:
    for offer in made:
        accepted = "story.offer.accepted" if offer.call else "story.offer.calls_back"
        happened = [
            (offer.ringing_at, "story.offer.rings"),
            (offer.picked_up_at, "story.offer.picked_up"),
            (offer.accepted_at, accepted),
            (offer.reached_at, "story.offer.reached"),
        ]
        for at, key in happened:
            if at is not None:
                who = names.person(offer.agent)
                yield Told(at, Kind.OFFER, Sentence(key, {"who": who}))


def _ends(made: Iterable[Offer], names: Names) -> Iterator[Told]:
    for offer in made:
        if offer.closed_at is not None and offer.end is not None:
            ended = Sentence(_ENDS[offer.end], {"who": names.person(offer.agent)})
            yield Told(offer.closed_at, Kind.OFFER, ended)


_ASKED: Final = {
    Step.AGENT_PIN: "story.asked.agent",
    Step.SAME_PLACE: "story.asked.same_place",
    Step.POSTAL_CODE: "story.asked.postal_code",
    Step.CASE: "story.asked.case",
    Step.COMMUNE: "story.asked.commune",
    Step.NEED: "story.asked.need",
    Step.KEEP_NUMBER: "story.asked.keep_number",
    Step.KEEP_CONFIRM: "story.asked.keep_confirm",
}
_CAUSES: Final = {
    Cause.EXCLUDED: "story.passed.excluded",
    Cause.TRIED: "story.passed.tried",
    Cause.CAP: "story.passed.cap",
    Cause.RESTING: "story.passed.resting",
    Cause.OFF: "story.passed.off",
    Cause.ASLEEP: "story.passed.asleep",
}
_ENDS: Final = {
    End.ANSWERED: "story.offer.end.answered",
    End.DECLINED: "story.offer.end.declined",
    End.NO_KEY: "story.offer.end.no_key",
    End.NO_ANSWER: "story.offer.end.no_answer",
    End.BUSY: "story.offer.end.busy",
    End.FAILED: "story.offer.end.failed",
    End.CALLER_GONE: "story.offer.end.caller_gone",
    End.LAPSED: "story.offer.end.lapsed",
    End.UNREACHED: "story.offer.end.unreached",
}
_KEPT: Final = {
    Why.CLOSED: "story.kept.closed",
    Why.NOBODY_ON: "story.kept.nobody_on",
    Why.ASKED: "story.kept.asked",
    Why.OFTEN: "story.kept.often",
    Why.MISSED: "story.kept.missed",
    Why.CUT_OFF: "story.kept.cut_off",
}
_PLACED: Final = {
    State.REACHED: "story.callback.reached",
    State.SERVED: "story.callback.served",
    State.DECLINED: "story.callback.declined",
    State.CANCELLED: "story.callback.cancelled",
    State.REDIRECTED: "story.callback.redirected",
    State.DEAD: "story.callback.dead",
    State.CLOSED: "story.callback.closed",
}
_OUTCOMES: Final = {
    Outcome.ANSWERED: "story.end.answered",
    Outcome.CALLBACK: "story.end.callback",
    Outcome.ABANDONED: "story.end.abandoned",
    Outcome.CLOSED: "story.end.closed",
    Outcome.REJECTED: "story.end.rejected",
    Outcome.AGENT: "story.end.agent",
}
