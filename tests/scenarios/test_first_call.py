"""A citizen rings, and somebody near them picks up."""

import pytest

from dispatcher.domain.calls import Outcome
from dispatcher.simulator import PhoneCall, answers
from tests.office import Office
from tests.people import INES, MALO, ROSE, YANN

pytestmark = pytest.mark.parametrize("scenario_url", ["sqlite", "postgresql"], indirect=True)


def test_somebody_of_the_callers_own_commune_answers(office: Office) -> None:
    office.has(YANN, MALO, INES)
    for helper in (YANN, MALO, INES):
        office.network.phone(helper.number).when_rung(answers())
    calls: list[PhoneCall] = []

    async def rose() -> None:
        call = await office.asks(ROSE)
        calls.append(call)
        assert await call.talks_with_somebody(within=30) == INES.number
        await call.ends()

    office.run(rose())

    assert office.call(calls[0]).outcome is Outcome.ANSWERED
    assert office.reasons(calls[0])[0]["ring"] == "commune:05096"
    assert not office.network.ledger.failures()
