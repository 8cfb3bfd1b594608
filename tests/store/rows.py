"""Short ways to what a database holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import Callback, CallbackId
from dispatcher.domain.calls import Call, CallSid, LineId, OfferId, Step, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.occurrences import SlotId
from dispatcher.domain.offers import Offer
from dispatcher.store.schema import agents, structures
from dispatcher.store.store import Store
from dispatcher.store.timetables import Timetables
from dispatcher.store.vault import Vault
from tests.timetables import weekly

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LINE = LineId("principale")


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def sid(number: int) -> CallSid:
    return CallSid(f"CA{number:032x}")


def number(last: int) -> PhoneNumber:
    return PhoneNumber(f"+33199{last:06d}")


def a_call(id: int = 1, **changes: Any) -> Call:
    """Somebody who waits for an agent since 09:30."""
    waiting = Call(
        sid(id), LINE, AT, number=number(id), step=Step.WAITING, turn=4, waiting_since=AT
    )
    return replace(waiting, **changes)


def a_callback(id: int = 1, *, of: int = 1, **changes: Any) -> Callback:
    kept = Callback(
        id=CallbackId(f"k{id}"),
        call=sid(of),
        line=LINE,
        number=number(of),
        commune="05096",
        need=Need.PROCEDURES,
        why=Why.ASKED,
        asked_at=AT,
        place_since=AT,
        due_at=AT,
    )
    return replace(kept, **changes)


def an_offer(id: int, agent: AgentId, *, of: int | None = None, **changes: Any) -> Offer:
    """An offer of the call ``of``, with a lease of a minute."""
    made = Offer(
        OfferId(f"o{id}"), agent, AT, AT + seconds(60), call=None if of is None else sid(of)
    )
    return replace(made, **changes)


def staff(store: Store, count: int = 1) -> list[AgentId]:
    """So many agents of one house."""
    house = {"id": "orcieres", "name": "Orcières", "commune": "05096", "zones": ""}
    row = {
        "structure": "orcieres",
        "skills": "mediation:1 procedures:2",
        "zones": "",
        "status": "employed",
        "languages": "fr",
        "slots": "mon-sun 00:00-24:00",
        "automatic": True,
    }
    ids = [AgentId(id) for id in range(1, count + 1)]
    with store.engine.begin() as connection:
        connection.execute(sa.insert(structures), house)
        connection.execute(sa.insert(agents), [row | {"id": id, "name": f"A{id}"} for id in ids])
        kept = Timetables(connection)
        kept.follow(
            [
                (id, replace(slot, id=SlotId(f"{slot.id}-{id}")))
                for id in ids
                for slot in weekly("mon-sun 00:00-24:00").slots
            ],
            [],
        )
    return ids


def gives_telephones(store: Store, vault: Vault, count: int = 2) -> None:
    """Each has the number of their id, and a PIN: 4321, 4322…"""
    with store.engine.begin() as connection:
        for id in range(1, count + 1):
            facts = {
                "telephone": vault.seal(number(id)),
                "telephone_key": vault.key(number(id)),
                "pin_hash": vault.hash_pin(f"432{id}"),
            }
            connection.execute(sa.update(agents).where(agents.c.id == id).values(**facts))


def has_calls(store: Store, *known: Call) -> None:
    with store.writing() as tx:
        for each in known:
            assert tx.calls.add(each)


def claims(store: Store, offer: Offer) -> bool:
    with store.writing() as tx:
        return tx.offers.claim(offer)
