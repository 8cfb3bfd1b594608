"""A queue that takes nobody for a while: full, or broken at the carrier's."""

import pytest

from dispatcher.domain.calls import Step
from dispatcher.simulator import answers, lets_it_ring
from tests.office import Office
from tests.people import INES, ROSE


@pytest.mark.parametrize("why", ["queue-full", "system-error", "error"])
def test_a_caller_whom_the_queue_does_not_take_keeps_their_place_and_is_served(
    office: Office, why: str
) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(lets_it_ring(), answers(talks_for=20))
    office.network.switches.enqueue_fails_with = why

    async def rose() -> None:
        call = await office.asks(ROSE)
        for _ in range(3):
            await call.hears("Vous gardez votre place", within=60)
        assert office.call(call).step is Step.WAITING
        office.network.switches.enqueue_fails_with = ""
        await call.talks_with_somebody(within=240)
        await call.ends()

    office.run(rose())
