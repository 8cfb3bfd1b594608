"""What the network's own ledger, the history and the database must agree on when all is over.

The ledger is the oracle: no application can talk it round. Each finding names the call or the
offer it is about.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import CallSid, Outcome, Step
from dispatcher.domain.numbers import is_mobile
from dispatcher.domain.offers import Offer
from dispatcher.domain.texts import State as TextState
from dispatcher.simulator import Entry, Kind, Network, Talk
from dispatcher.simulator.legs import Leg
from tests.soak.records import Records

FATES: Final = {
    Outcome.ANSWERED: "answered",
    Outcome.CALLBACK: "callback",
    Outcome.ABANDONED: "abandoned",
    Outcome.CLOSED: "closed",
    Outcome.REJECTED: "closed",
}
OK: Final = 200
AT_ONCE: Final = timedelta(seconds=5)
"""An offer bears the moment of its proposal, a second of the wall's before its claim at most."""
BROKEN: Final = 400
UNSENT: Final = {TextState.WAITING, TextState.SENDING}
LATE: Final = timedelta(seconds=90)
A_TALK: Final = 1.0
"""Seconds from which two who are connected have talked; less, and either had hung up already."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that may not be: ``about`` is a call's or an offer's id."""

    kind: str
    what: str
    about: str = ""


def inbound(network: Network) -> list[Leg]:
    """The legs of all who rang us."""
    return [leg for leg in network.legs.values() if leg.route.direction == "inbound"]


def fates(network: Network, records: Records) -> Counter[str]:
    """How many calls were answered, kept as a callback, abandoned, closed; or lost."""
    return Counter(_fate(leg, records) for leg in inbound(network))


def _fate(leg: Leg, records: Records) -> str:
    call = records.calls.get(CallSid(leg.sid))
    return FATES.get(call.outcome, "lost") if call and call.outcome else "lost"


def cut_off(network: Network, records: Records) -> int:
    """How many were with us and then heard the carrier's error, for want of any answer of ours; of
    those whom nobody rings back.
    """
    last: dict[str, Entry] = {}
    for entry in network.ledger.webhooks("/voice/"):
        if not entry.path.endswith("/voice/status"):
            last[entry.call] = entry
    return sum(
        leg.sid in last and last[leg.sid].status != OK and _fate(leg, records) == "abandoned"
        for leg in inbound(network)
    )


def judge(network: Network, records: Records) -> Iterator[Finding]:
    """Everything that is wrong."""
    yield from _lost(network, records)
    yield from _answers(network, records)
    yield from _promises(network, records)
    yield from _doubles(network, records)
    yield from _texts(network, records)
    yield from _fallbacks(network)
    yield from _history(records)
    for entry in network.ledger.webhooks():
        if entry.status >= BROKEN:
            yield Finding("failed", f"{entry.path} answered {entry.status}", entry.call)


def story(about: str, network: Network, records: Records) -> str:
    """What happened to a call or an offer, by the network and by SQL."""
    made = [offer for offer in records.offers if about in {offer.id, offer.call, offer.leg}]
    legs = {about, *(offer.leg for offer in made)}
    lines = [
        f"{entry.at:9.2f} {entry.kind:<9} {entry.path} {entry.status or ''} {entry.detail} {entry.call[-4:]}"
        for entry in network.ledger.entries
        if entry.call in legs
        or entry.other in legs
        or any(offer.id in entry.path for offer in made)
    ]
    call = records.calls.get(CallSid(about))
    noted = f"{call.step} {call.outcome} {records.moves.get(about)}" if call else "not in SQL"
    return "\n".join([noted, *map(str, made), *lines])


def stuck(network: Network, records: Records, *, since: float) -> Iterator[Finding]:
    """Whatever the carrier ended before ``since`` (network seconds) and we have not."""
    gone = {
        leg.sid
        for leg in network.legs.values()
        if leg.ended_at is not None and leg.ended_at < since
    }
    for sid, call in records.calls.items():
        if sid in gone and not call.over:
            yield Finding("stuck", f"the carrier's call is over, ours stands at {call.step}", sid)
    began = network.date(since)
    for offer in records.offers:
        subject = offer.leg if offer.callback else offer.call
        if offer.open and offer.opened_at < began and (subject is None or subject in gone):
            yield Finding("stuck", f"agent {offer.agent} is held for nobody", offer.id)


def _lost(network: Network, records: Records) -> Iterator[Finding]:
    served = {entry.call for entry in network.ledger.webhooks("/voice/") if _is_document(entry)}
    for leg in inbound(network):
        fate = _fate(leg, records)
        if fate == "lost":
            call = records.calls.get(CallSid(leg.sid))
            stands = f"stands at {call.step}" if call else "is not in SQL"
            yield Finding("lost", f"a call that {stands}", leg.sid)
        elif leg.sid not in served and fate != "callback" and leg.answered:
            yield Finding("lost", f"heard only the carrier's error, and is {fate}", leg.sid)


def _is_document(entry: Entry) -> bool:
    """Whether this is our answer to a caller's telephone, not to a report."""
    return entry.status == OK and not entry.path.endswith("/voice/status")


def _answers(network: Network, records: Records) -> Iterator[Finding]:
    """A call is answered when two really talked, and only then, as far as we could be told."""
    talked = {sid for sid, talks in _talks(network).items() if any(map(_counts, talks))}
    unheard = _unheard(network)
    for leg in inbound(network):
        answered = _fate(leg, records) == "answered"
        if (
            answered
            and leg.sid not in unheard
            and leg.sid not in {talk.parent for talk in network.ledger.talks}
        ):
            yield Finding("untrue", "said to be answered, and nobody was there", leg.sid)
        if leg.sid in talked and not answered:
            yield Finding("untrue", f"they talked; we say {_fate(leg, records)}", leg.sid)


def _unheard(network: Network) -> set[str]:
    """The calls of whose ring of an agent, or its end, something was told while we were away: that
    their agent said yes is the last that we can know.
    """
    return {
        leg.sid if leg.parent is None else leg.parent.sid
        for entry in network.ledger.webhooks("/voice/offers/")
        if entry.status != OK
        and entry.path.endswith(("/key", "/ended"))
        and (leg := network.legs.get(entry.call)) is not None
    }


def _promises(network: Network, records: Records) -> Iterator[Finding]:
    """Whoever was promised a callback has one, and each is made: once to the end."""
    kept = {callback.call for callback in records.callbacks.values()}
    numbers = {callback.number for callback in records.callbacks.values()}
    for sid, call in records.calls.items():
        if call.outcome is Outcome.CALLBACK and sid not in kept and call.number not in numbers:
            yield Finding("lost", "a callback was promised and none is kept", sid)
    talks, made = _talks(network), _of_each("callback", records)
    for id, callback in records.callbacks.items():
        if callback.closed_at is None and not is_for_later(callback, network.now()):
            yield Finding("lost", f"a callback is still {callback.state}", callback.call or id)
        legs = [offer.leg for offer in made[id] if offer.leg]
        reached = [talk for leg in legs for talk in talks[leg] if _counts(talk)]
        if len(reached) > 1:
            yield Finding("doubled", f"rung back {len(reached)} times", callback.call or id)
        if reached and callback.state is not State.REACHED:
            yield Finding(
                "untrue", f"they were reached; we say {callback.state}", callback.call or id
            )


def _fallbacks(network: Network) -> Iterator[Finding]:
    """Nobody is led to the fallback unless something of ours was killed while they called."""
    unanswered = {entry.call for entry in network.ledger.webhooks() if entry.status == 0}
    for entry in network.ledger.webhooks("/voice/fallback"):
        if entry.call not in unanswered:
            yield Finding("failed", "led to the fallback by an error of ours", entry.call)


def _texts(network: Network, records: Records) -> Iterator[Finding]:
    """Every text that is taken in is sent, once; or it is said that nobody knows."""
    sent = Counter((entry.number, entry.detail) for entry in network.ledger.of(Kind.MESSAGE))
    for text in records.texts:
        times = sent[text.number, f"outbound-api: {text.body}"]
        if times > 1:
            yield Finding("doubled", f"a text ({text.kind}) was sent {times} times", text.about)
        if times == 0 and text.state is TextState.SENT:
            yield Finding("untrue", f"a text ({text.kind}) is said to be sent", text.about)
        if text.state in UNSENT and text.due_at < network.now() - LATE:
            yield Finding("lost", f"a text ({text.kind}) is still {text.state}", text.about)
    for callback in records.callbacks.values():
        kept = any(text.about == callback.id for text in records.texts)
        if not kept and is_mobile(callback.number, fiction=True):
            yield Finding("lost", "a callback was never confirmed", callback.call or callback.id)


def is_for_later(callback: Callback, at: datetime) -> bool:
    """Whether somebody who was rung in vain is to be rung again another half-day."""
    return callback.state is State.WAITING and callback.attempts > 0 and callback.due_at > at


def _doubles(network: Network, records: Records) -> Iterator[Finding]:
    for one, other in network.ledger.overlapping_bridges():
        yield Finding("doubled", f"one telephone in two talks: {one.child} {other.child}")
    for (who, offer), legs in _legs(network).items():
        if len(legs) > 1:
            yield Finding("doubled", f"the {who} was rung {len(legs)} times for one offer", offer)
    for who in ("agent", "call", "callback"):
        for made in _of_each(who, records).values():
            for before, after in pairwise(made):
                if before.closed_at is None or before.closed_at - after.opened_at > AT_ONCE:
                    yield Finding("doubled", f"two offers of one {who} at once", after.id)


def _history(records: Records) -> Iterator[Finding]:
    """Every call went its way turn by turn, and stands where its way ended."""
    for sid, call in records.calls.items():
        noted = records.moves.get(sid, [])
        turns = [turn for turn, _ in noted]
        whole = turns == list(range(turns[0], turns[0] + len(turns))) if turns else False
        if not whole or noted[-1] != (call.turn, Step(call.step)):
            yield Finding("history", f"it stands at {call.turn} {call.step}, noted {noted}", sid)


def _of_each(who: str, records: Records) -> dict[object, list[Offer]]:
    """The offers of each agent, call or callback, in the order of opening."""
    found: dict[object, list[Offer]] = defaultdict(list)
    for offer in records.offers:
        if (held := getattr(offer, who)) is not None:
            found[held].append(offer)
    return found


def _legs(network: Network) -> dict[tuple[str, str], set[str]]:
    """The telephones really rung for each offer, the agent's and, in a callback, the citizen's, by
    the reports that the carrier owes us.
    """
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for leg in network.legs.values():
        path = leg.progress.address.url.split("/") if leg.progress else []
        if "offers" in path and leg.started_at is not None:
            who = "citizen" if path[-1] == "citizen" else "agent"
            found[who, path[path.index("offers") + 1]].add(leg.sid)
    return found


def _talks(network: Network) -> dict[str, list[Talk]]:
    found: dict[str, list[Talk]] = defaultdict(list)
    for talk in network.ledger.talks:
        found[talk.parent].append(talk)
    return found


def _counts(talk: Talk) -> bool:
    return talk.until is None or talk.until - talk.since >= A_TALK
