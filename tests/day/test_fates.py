"""What SQL says of a call is held against the network's ledger, and what differs is said."""

from collections.abc import Mapping
from typing import Any

import pytest

from dispatcher.day import fates
from dispatcher.day.plan import PlannedCall
from dispatcher.operations.services import Services
from dispatcher.simulator import Network
from dispatcher.store.schema import calls, decisions, moves, offers
from tests.day.days import INES, MORNING, Supervisor, call

DAY = MORNING + INES + call("09:05") + call("09:06", patience=20)
"""Ines answers the first; the second hangs up."""
ZOE = INES.replace("Ines", "Zoe").replace("mon-fri", "sat")


def _forget(sid: str) -> list[Any]:
    rows = [table.delete().where(table.c.call == sid) for table in (offers, decisions, moves)]
    return [*rows, calls.delete().where(calls.c.sid == sid)]


def _unend(sid: str) -> list[Any]:
    return [calls.update().where(calls.c.sid == sid).values(outcome=None)]


def _as(outcome: str) -> Any:
    return lambda sid: [calls.update().where(calls.c.sid == sid).values(outcome=outcome)]


def _by_zoe(sid: str) -> list[Any]:
    return [offers.update().where(offers.c.call == sid).values(agent=2)]


@pytest.mark.parametrize(
    ("which", "spoil", "fate", "odd"),
    [
        (0, _forget, "PERDU", "la base de données ne le connaît pas"),
        (0, _unend, "PERDU", "toujours en cours"),
        (0, _as("abandoned"), "a raccroché", "le réseau a vu une conversation"),
        (1, _as("answered"), "répond", "le réseau n'en a pas vu"),
        (0, _by_zoe, "l'aidant 2 répond", "ne nomment pas le même aidant"),
    ],
)
def test_a_call_that_is_lost_or_told_in_two_ways_is_said_and_the_day_fails(
    supervisor: Supervisor,
    monkeypatch: pytest.MonkeyPatch,
    which: int,
    spoil: Any,
    fate: str,
    odd: str,
) -> None:
    def tell(
        known: Mapping[str, PlannedCall], network: Network, services: Services
    ) -> list[fates.Told]:
        with services.store.engine.begin() as connection:
            for statement in spoil(list(known)[which]):
                connection.execute(statement)
        return honest(known, network, services)

    honest = fates.tell
    monkeypatch.setattr(fates, "tell", tell)

    typed = supervisor.lives(DAY + ZOE)

    [said] = [line for line in typed.stdout.splitlines() if "ATTENTION" in line]
    assert said.startswith(("09:05:00", "09:06:00")[which])
    assert fate in said
    assert odd in said
    assert typed.exit_code == 1
    assert "DÉSACCORDS entre la base de données et le réseau : 1." in typed.stdout
