"""What comes late, and a carrier that does not do what a job asks: nobody is doubled, nobody lost."""

from typing import Any

import pytest

from dispatcher.domain.calls import Outcome
from dispatcher.domain.offers import End
from dispatcher.simulator import PhoneCall, answers
from tests.office import Office
from tests.people import INES, MALO, ROSE


def test_a_one_pressed_after_the_lease_was_swept_hears_that_the_call_is_taken(
    office: Office,
) -> None:
    """The carrier lets it ring far longer than it was asked to."""
    office.network.switches.dial_slack = 60.0
    office.has(INES, MALO)
    office.network.phone(MALO.number).when_rung(answers(talks_for=20))
    told: list[str] = []

    async def picks_up_late(call: PhoneCall) -> None:
        await call.waits(66)
        await call.picks_up()
        await call.hears("Cet appel est déjà pris")
        told.append(str(call.transcript))

    office.network.phone(INES.number).when_rung(picks_up_late)
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        assert await calls[0].talks_with_somebody(within=150) == MALO.number
        await calls[0].ends()

    office.run(rose())

    assert told
    assert office.ends(calls[0]) == [End.LAPSED, End.ANSWERED]
    assert office.open_offers() == []


FAULTS = {
    "429": {"status": 429},
    "503": {"status": 503},
    "503 after the effect": {"status": 503, "after_effect": True},
    "silence": {"hang": True},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_carrier_that_does_not_hasten_loses_nothing_since_the_next_fetch_delivers(
    office: Office, fault: dict[str, Any]
) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=20))
    office.network.rest_faults.fail_next(10, path="/Members/", **fault)
    calls: list[PhoneCall] = []

    async def first() -> None:
        call = await office.asks(office.other(ROSE))
        await call.talks_with_somebody()
        await call.ends()

    async def rose() -> None:
        await office.waits(6)
        calls.append(await office.asks(ROSE))
        assert await calls[0].talks_with_somebody(within=240) == INES.number
        await calls[0].ends()

    office.run(first(), rose())

    assert office.network.ledger.requests("/Members/"), "nobody asked the carrier to hasten"
    assert office.call(calls[0]).outcome is Outcome.ANSWERED
    assert len(office.network.ledger.bridges()) == 2
    assert office.open_offers() == []
