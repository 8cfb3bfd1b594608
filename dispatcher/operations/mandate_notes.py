"""What the journal is told of mandates: codes and ids, and what is personal as commitments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from dispatcher.domain.agents import AgentId
from dispatcher.domain.journal import BadEntry, Entry
from dispatcher.domain.mandates import Event, Mandate
from dispatcher.store.store import Transaction

_ANY: Final = datetime(2020, 1, 1, tzinfo=UTC)


def note(
    tx: Transaction,
    event: Event,
    mandate: Mandate,
    *,
    at: datetime,
    agent: AgentId | None = None,
    **facts: str,
) -> None:
    """Write an event, in the transaction of what it tells of, and last in it."""
    by = {} if agent is None else {"agent": str(agent)}
    whose = {"mandate": mandate.id, "structure": named(mandate.structure)}
    tx.journal.append(Entry(event, at, {**whose, **by, **facts}))


def named(structure: str) -> str:
    """A house's id as the journal takes it: in hexadecimal when it is none of its letters, since
    what is done by a mandate must be written whatever a directory calls its houses.
    """
    try:
        Entry(Event.PREPARED, _ANY, {"structure": structure})
    except BadEntry:
        return f"x-{structure.encode().hex()}"[:128]
    return structure


def committed(tx: Transaction, mandate: Mandate, value: str, *, at: datetime) -> str:
    """What stands for something personal of this mandate's, and can be erased with its person."""
    number = None if mandate.person is None else mandate.person.number
    return tx.journal.commit_to(value, at=at, number=number, subject=mandate.id)
