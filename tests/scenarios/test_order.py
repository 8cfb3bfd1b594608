"""Who waits is served in order, whoever else rings just when an agent is free again."""

from dispatcher.simulator import answers
from tests.office import Office
from tests.people import INES, ROSE


def test_somebody_who_waits_is_not_passed_by_those_who_ring_just_then(office: Office) -> None:
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=10))
    arrived: list[str] = []
    served: list[str] = []

    async def caller(delay: float) -> None:
        await office.waits(delay)
        somebody = office.other(ROSE)
        call = await office.asks(somebody)
        arrived.append(somebody.number)
        await call.talks_with_somebody(within=1500)
        served.append(somebody.number)
        await call.ends()

    office.run(*(caller(2.7 * i) for i in range(10)))

    assert served == arrived
