"""What became of every call: read from SQL, and held against the network's own ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatcher.day.plan import PlannedCall
from dispatcher.domain.agents import AgentId
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import Call, CallSid, Outcome
from dispatcher.domain.offers import End, Offer
from dispatcher.operations.services import Services
from dispatcher.simulator import Network, Talk
from dispatcher.store.store import Transaction


class Fate(StrEnum):
    """What became of a call, for whoever looks at the day."""

    ANSWERED = "answered"
    CALLED_BACK = "called_back"
    NOT_REACHED = "not_reached"  # called back, and not there
    KEPT = "kept"  # a callback that is still to be made
    ABANDONED = "abandoned"
    CLOSED = "closed"
    REJECTED = "rejected"
    LOST = "lost"


class Odd(StrEnum):
    """How SQL and the network's ledger disagree about a call."""

    UNHEARD_OF = "unheard_of"  # the network carried it, SQL has no row
    NEVER_ENDED = "never_ended"  # no outcome in SQL, though the day is over
    NO_TALK = "no_talk"  # SQL says that they talked
    TALK = "talk"  # SQL says that they did not
    SOMEBODY_ELSE = "somebody_else"
    STILL_LIVE = "still_live"  # SQL says it is over, on the network it lives


@dataclass(frozen=True, slots=True)
class Told:
    """One call: its fate, who helped, how long it took; ``odd`` when two accounts differ.

    ``after`` is in seconds: until the agent took it, or the caller hung up, from the moment they
    had said their need (the call's beginning, for who never did); of a callback from its promise
    until the agent took it.
    """

    planned: PlannedCall
    fate: Fate
    agent: AgentId | None = None
    after: float | None = None
    odd: Odd | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What SQL says of one call."""

    call: Call
    offers: tuple[Offer, ...]
    callback: Callback | None
    callback_offers: tuple[Offer, ...]


def tell(calls: Mapping[str, PlannedCall], network: Network, services: Services) -> list[Told]:
    """The fate of every call, in the order in which they rang."""
    with services.store.reading() as tx:
        accounts = {sid: _account(CallSid(sid), tx) for sid in calls}
        agents = {
            offer.agent: tx.agents.telephone(offer.agent)
            for account in accounts.values()
            if account is not None
            for offer in (*account.offers, *account.callback_offers)
        }
    ledger = _Ledger(network, {id: number or "" for id, number in agents.items()})
    return [_told(planned, accounts[sid], ledger, sid) for sid, planned in calls.items()]


def _account(sid: CallSid, tx: Transaction) -> Account | None:
    call = tx.calls.find(sid)
    if call is None:
        return None
    callback = tx.callbacks.of(sid)
    later = tuple(tx.offers.of(callback=callback.id)) if callback is not None else ()
    return Account(call, tuple(tx.offers.of(call=sid)), callback, later)


@dataclass(frozen=True, slots=True)
class _Ledger:
    """What really happened on the network; ``agents`` are their telephones."""

    network: Network
    agents: Mapping[AgentId, str]

    def talks(self, leg: str) -> list[Talk]:
        """The conversations of one leg."""
        return [talk for talk in self.network.ledger.talks if leg in {talk.parent, talk.child}]

    def live(self, sid: str) -> bool:
        """Whether the call still lives."""
        return self.network.legs[sid].live


def _told(planned: PlannedCall, account: Account | None, ledger: _Ledger, sid: str) -> Told:
    if account is None:
        return Told(planned, Fate.LOST, odd=Odd.UNHEARD_OF)
    told = _by_sql(planned, account)
    odd = told.odd or _odd(told, account, ledger, sid)
    return Told(planned, told.fate, told.agent, told.after, odd)


def _by_sql(planned: PlannedCall, account: Account) -> Told:
    call = account.call
    since = call.waiting_since or call.started_at
    match call.outcome:
        case None:
            return Told(planned, Fate.LOST, odd=Odd.NEVER_ENDED)
        case Outcome.ANSWERED:
            return _helped(planned, Fate.ANSWERED, account.offers, since)
        case Outcome.CALLBACK:
            return _promised(planned, account)
        case Outcome.ABANDONED:
            return Told(planned, Fate.ABANDONED, after=_seconds(since, call.ended_at))
        case Outcome.CLOSED:
            return Told(planned, Fate.CLOSED)
        case _:
            return Told(planned, Fate.REJECTED)


def _promised(planned: PlannedCall, account: Account) -> Told:
    callback = account.callback
    if callback is None:  # a number that waits for this need already is kept once
        return Told(planned, Fate.KEPT)
    if callback.state is State.REACHED:
        return _helped(planned, Fate.CALLED_BACK, account.callback_offers, callback.asked_at)
    in_vain = callback.attempts > 0 or callback.state is State.DEAD
    return Told(planned, Fate.NOT_REACHED if in_vain else Fate.KEPT)


def _helped(planned: PlannedCall, fate: Fate, offers: Iterable[Offer], since: datetime) -> Told:
    taken = [o for o in offers if o.end is End.ANSWERED or (o.open and o.accepted_at)]
    if not taken:
        return Told(planned, fate)
    last = taken[-1]
    return Told(planned, fate, last.agent, _seconds(since, last.accepted_at))


def _odd(told: Told, account: Account, ledger: _Ledger, sid: str) -> Odd | None:
    talks = ledger.talks(sid)
    if ledger.live(sid):
        return Odd.STILL_LIVE
    if told.fate is Fate.CALLED_BACK:
        talks = [t for o in account.callback_offers if o.leg for t in ledger.talks(o.leg)]
    elif talks and told.fate is not Fate.ANSWERED:
        return Odd.TALK
    if told.fate not in {Fate.ANSWERED, Fate.CALLED_BACK}:
        return None
    if not talks:
        return Odd.NO_TALK
    helper = ledger.agents.get(told.agent) if told.agent is not None else None
    return None if helper in {talks[-1].caller, talks[-1].callee} else Odd.SOMEBODY_ELSE


def _seconds(since: datetime, until: datetime | None) -> float | None:
    return None if until is None else round((until - since).total_seconds(), 1)
