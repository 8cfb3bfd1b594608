"""Dispositions: an agent writes of their own conversations, as they type, from any window.

Everything here is about an offer and its agent: somebody else's, or one that is too long ago, is
None or GONE. Nothing here shows a number.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.calls import LineId, OfferId
from dispatcher.domain.dispositions import (
    Disposition,
    Edition,
    Outcome,
    Saved,
    Tally,
    Writing,
    is_writable,
)
from dispatcher.domain.numbers import PhoneNumber, is_mobile
from dispatcher.domain.offers import Offer
from dispatcher.domain.schedule import local, midnight_before
from dispatcher.domain.territories import Level, Territory
from dispatcher.operations import follow_ups
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction


@dataclass(frozen=True, slots=True)
class Conversation:
    """One that an agent had, and what they wrote of it: nothing yet, when its version is 0.

    ``textable``: its number may be texted. ``again``: another call may be booked now.
    """

    offer: Offer
    zone: str
    disposition: Disposition
    first_name: str = ""
    textable: bool = False
    again: bool = False


def of_today(agent: AgentId, services: Services) -> list[Conversation]:
    """Today's, newest first, and those before of which something is still to be written."""
    at = services.now()
    longest = max(line.follow_up_days for line in services.lines)
    since = at - timedelta(days=longest + 1)
    with services.store.reading() as tx:
        offers = tx.offers.conversations(agent, since=since)
        written = tx.dispositions.among([each.id for each in offers])
        found = [_conversation(each, written.get(each.id), tx, services) for each in offers]
    return [each for each in found if each is not None and _listed(each, at=at)]


def look(id: OfferId, agent: AgentId, services: Services) -> Conversation | None:
    """This conversation, as its agent sees it."""
    with services.store.reading() as tx:
        return find(id, agent, tx, services)


def find(id: OfferId, agent: AgentId, tx: Transaction, services: Services) -> Conversation | None:
    """The same, in a transaction."""
    offer = tx.offers.find(id)
    if offer is None or offer.agent != agent:
        return None
    return _conversation(offer, tx.dispositions.find(id), tx, services)


def save(
    id: OfferId, agent: AgentId, writing: Writing, edition: Edition, services: Services
) -> tuple[Saved, int]:
    """Keep what was written, unless something newer stands; and the version that stands then.

    What comes twice is kept once: also what an answer that was lost had said to be kept.
    """
    at = services.now()
    with services.store.writing() as tx:
        found = find(id, agent, tx, services)
        if found is None:
            return Saved.GONE, 0
        tx.dispositions.begin(replace(found.disposition, saved_at=at))
        kept = tx.dispositions.write(id, agent, writing, edition, at=at)
        stands = tx.dispositions.find(id)
        assert stands is not None
        if kept or stands.writing == writing:
            return Saved.KEPT, stands.version
        late = tx.dispositions.is_late(id, edition)
        return Saved.LATE if late else Saved.CONFLICT, stands.version


def imply(agent: AgentId, outcome: Outcome, tx: Transaction, services: Services) -> None:
    """What an agent keyed for whom they helped last says what came of it, unless they said so."""
    at, offer = services.now(), tx.offers.last_answered(agent)
    found = _conversation(offer, None, tx, services) if offer is not None else None
    if offer is not None and found is not None:
        tx.dispositions.begin(found.disposition)
        tx.dispositions.imply(offer.id, agent, outcome, at=at)


def tally(
    first: date, last: date, level: Level, services: Services
) -> list[tuple[Territory | None, Tally]]:
    """How many conversations of each day and territory of this level were about what, and came to
    what. Nobody is in it. None: nobody knows where.
    """
    with services.store.reading() as tx:
        rows = tx.dispositions.counted(first, last)
    counts: Counter[tuple[Territory | None, Tally]] = Counter()
    for row in rows:
        there = _territory(row.commune, level, services)
        counts[there, replace(row, commune=None, count=0)] += row.count
    return [(there, replace(row, count=many)) for (there, row), many in counts.items()]


def _territory(code: str | None, level: Level, services: Services) -> Territory | None:
    commune = services.atlas.commune(code) if code else None
    around = services.atlas.around(commune) if commune is not None else ()
    return next((each for each in around if each.level is level), None)


def _listed(found: Conversation, *, at: datetime) -> bool:
    ended = found.offer.closed_at
    today = ended is None or ended >= midnight_before(at, found.zone)
    return today or not found.disposition.writing.whole


def _conversation(
    offer: Offer, written: Disposition | None, tx: Transaction, services: Services
) -> Conversation | None:
    """None: it is none, or too long ago."""
    subject = _subject(offer, tx)
    if subject is None:
        return None
    line = services.line(subject.line)
    zone, at = line.hours.zone, services.now()
    if not is_writable(offer, days=line.follow_up_days, zone=zone, at=at):
        return None
    number = subject.number
    textable = bool(number) and not subject.discreet
    return Conversation(
        offer,
        zone,
        written or _blank(offer, subject, zone, at=at),
        subject.first_name,
        textable and is_mobile(number, fiction=services.fiction),
        follow_ups.of(offer, tx, services) is not None,
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """With whom an agent talked, as far as it matters here. ``number`` is empty once erased."""

    line: LineId
    number: PhoneNumber
    commune: str | None
    need: Need | None
    first_name: str = ""
    discreet: bool = False


def _subject(offer: Offer, tx: Transaction) -> Subject | None:
    if offer.callback is not None:
        called = tx.callbacks.find(offer.callback)
        if called is None:
            return None
        who = (called.first_name, called.discreet)
        return Subject(called.line, called.number, called.commune, called.need, *who)
    call = tx.calls.find(offer.call) if offer.call is not None else None
    if call is None:
        return None
    return Subject(call.line, call.number or PhoneNumber(""), call.commune, call.need)


def number_of(offer: Offer, tx: Transaction) -> PhoneNumber | None:
    """The number that a recap may go to: of this call itself, never one that was keyed on it; of
    nobody who wants discretion.
    """
    subject = _subject(offer, tx)
    return subject.number or None if subject is not None and not subject.discreet else None


def _blank(offer: Offer, subject: Subject, zone: str, *, at: datetime) -> Disposition:
    return Disposition(
        offer=offer.id,
        agent=offer.agent,
        call=offer.call,
        callback=offer.callback,
        line=subject.line,
        day=local(offer.accepted_at or offer.opened_at, zone).date(),
        commune=subject.commune,
        need=subject.need,
        saved_at=at,
    )
