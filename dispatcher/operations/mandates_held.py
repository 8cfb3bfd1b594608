"""The mandates of whoever has a number: shown to them with who looked, and forgotten once over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatcher.domain.agents import AgentId
from dispatcher.domain.mandates import Deed, Mandate
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store.store import Transaction


@dataclass(frozen=True, slots=True)
class HeldMandate:
    """A mandate, what was done by it, who looked at it when, and what was said to its person."""

    mandate: Mandate
    deeds: tuple[Deed, ...]
    readings: tuple[tuple[datetime, AgentId | None], ...]
    said: tuple[str, ...]


def held(number: PhoneNumber, tx: Transaction) -> tuple[HeldMandate, ...]:
    """Those of this number, newest first."""
    return tuple(
        HeldMandate(
            each,
            tuple(tx.mandate_deeds.of(each.id)),
            tuple(tx.mandate_deeds.readings(each.id)),
            tuple(filter(None, (tx.consents.text(asked.id) for asked in each.consents))),
        )
        for each in tx.mandates.of_number(number)
    )


def erase(number: PhoneNumber, tx: Transaction, *, at: datetime) -> tuple[int, int]:
    """Forget whose those are of which nothing holds, and what lies beside the journal of this
    number: how many, and how many facts. What holds, and its facts, are left: it is revoked first.
    """
    gone = tx.mandates.erase(number, at=at)
    tx.mandate_deeds.forget(gone)
    left = [each.id for each in tx.mandates.of_number(number)]
    return len(gone), tx.journal.erase(number, but=left)
