"""Regulars: those who are due become callbacks, within a quota; one key or word stops it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import RegularId
from dispatcher.domain.regulars import (
    Consent,
    Regular,
    call_of,
    open_to_both,
    quota_of_line,
    quota_of_structure,
)
from dispatcher.domain.schedule import midnight_after
from dispatcher.domain.script import Say
from dispatcher.operations import callbacks, windows
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn


def call_due(services: Services, *, limit: int = 100) -> None:
    """Keep a callback for everybody who is due; two at once keep one."""
    with services.store.reading() as tx:
        due = tx.regulars.due(at=services.now(), limit=limit)
    for regular in due:
        _call(regular, services)


def stop(id: RegularId, tx: Transaction, *, at: datetime) -> bool:
    """They want none of these calls any more, nor the one that is planned. False when they did not
    before.
    """
    if (planned := tx.regulars.planned(id)) is not None:
        for state in (State.WAITING, State.OFFERED):
            tx.callbacks.move(planned, of=state, to=State.CANCELLED, at=at)
    return tx.regulars.stop(id, at=at)


def prolong(id: RegularId, consent: Consent, until: datetime, services: Services) -> bool:
    """They were asked and go on until then. False when they stopped, or are not on the list."""
    with services.store.writing() as tx:
        return tx.regulars.prolong(id, consent, until=until, at=services.now())


def introduced(callback: Callback, tx: Transaction, services: Services) -> Iterator[Say]:
    """Who a regular is, for the agent who is to ring them, and what is to be asked."""
    regular = tx.regulars.find(callback.regular) if callback.regular is not None else None
    commune = services.atlas.commune(callback.commune) if callback.commune else None
    if regular is None or commune is None:
        return
    yield Say(
        "screen.regular",
        {
            "commune": commune.name,
            "need": Say(f"need.{regular.need}"),
            "purpose": Say(f"purpose.{regular.purpose}"),
        },
    )
    if regular.asked_again_at is not None:
        yield Say("screen.go_on")


def listed(services: Services) -> list[tuple[Regular, str]]:
    """Everybody on the list with the name of their agent (empty: whoever is near)."""
    with services.store.reading() as tx:
        names = tx.agents.names()
        return [
            (each, names.get(each.agent, "") if each.agent is not None else "")
            for each in tx.regulars.all()
        ]


def _call(regular: Regular, services: Services) -> None:
    """Keep this one's callback, or look at them again when they can be rung."""
    at, done = services.now(), False
    with services.store.writing() as tx:
        last = tx.regulars.last_call(regular.id)
        if last is not None and last[0] is State.DEAD:
            tx.regulars.stop(regular.id, at=at)
            return
        due_from = regular.due_from(last[1] if last is not None else None)
        rung_from = _open_from(regular, max(due_from, at), services)
        if rung_from > at:
            tx.regulars.claim(regular, next_at=rung_from)
        elif not _keep(regular, tx, services):
            raise Withdrawn
        done = True
    if not done:  # others are rung today, or they are owed another call
        zone = services.line(regular.line).hours.zone
        tomorrow = _open_from(regular, midnight_after(at, zone), services)
        with services.store.writing() as tx:
            tx.regulars.claim(regular, next_at=tomorrow)


def _keep(regular: Regular, tx: Transaction, services: Services) -> bool:
    at = services.now()
    claimed = tx.regulars.claim(
        regular,
        next_at=at + timedelta(days=regular.every_days),
        asked_again_at=regular.asked_again_at or (at if regular.is_asked(at) else None),
    )
    callback = call_of(regular, callbacks.new_id(at), at=at)
    return claimed and _within_quota(regular, tx, services) and tx.callbacks.keep(callback)


def _within_quota(regular: Regular, tx: Transaction, services: Services) -> bool:
    at, line = services.now(), services.line(regular.line)
    house = tx.agents.house_of(regular.agent) if regular.agent is not None else None
    return tx.allowances.spend(quota_of_line(line), line.id, at=at) and (
        house is None or tx.allowances.spend(quota_of_structure(line), house, at=at)
    )


def _open_from(regular: Regular, earliest: datetime, services: Services) -> datetime:
    """From when on they may be rung and the line is open; ``earliest`` where that is never."""
    draft = call_of(regular, callbacks.new_id(earliest), at=earliest)
    theirs = windows.hours_for(draft, services)
    ours = services.line(regular.line).hours
    found = open_to_both(ours, theirs, at=earliest)
    return found or earliest + timedelta(days=regular.every_days)
