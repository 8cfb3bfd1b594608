"""Where the carrier's documents are silent, the desk is right whichever way the carrier behaves."""

from dataclasses import replace

import pytest

from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Outcome
from dispatcher.simulator import PhoneCall, answers, declines, lets_it_ring
from dispatcher.simulator.people.behaviours import hangs_up_while_screened, voicemail
from dispatcher.simulator.switches import Switches
from tests.office import Office
from tests.people import GUY, INES, LINE, MALO, ROSE, ZOE

*ONE, ALL = Switches.alternatives()
ONE_BY_ONE = [*(pytest.param(each, marks=pytest.mark.soak) for each in ONE), ALL]


@pytest.mark.parametrize("switches", ONE_BY_ONE, ids=str)
def test_some_minutes_of_the_desk(office: Office, switches: Switches) -> None:
    """Taken, declined, let ring, a voicemail, hung up on, waited for, given up, rung back."""
    office.network.switches = switches
    office.has(INES, ZOE, MALO, GUY)
    phone = office.network.phone
    phone(INES.number).when_rung(answers(at="tapez 1", talks_for=20))
    phone(ZOE.number).when_rung(voicemail(), declines(), answers(at="tapez 1", talks_for=25))
    phone(MALO.number).when_rung(lets_it_ring(), answers(at="tapez 1", talks_for=30))
    phone(GUY.number).when_rung(hangs_up_while_screened(), answers(at="tapez 1", talks_for=35))
    served: list[PhoneCall] = []
    left: list[PhoneCall] = []

    async def caller(delay: float) -> None:
        await office.waits(delay)
        call = await office.asks(office.other(ROSE))
        served.append(call)
        await call.talks_with_somebody(within=900)
        await call.ends()

    async def gives_up(delay: float, after: float) -> None:
        await office.waits(delay)
        call = await office.asks(office.other(ROSE))
        left.append(call)
        office.network.after(after, lambda: office.network.spawn(call.hangs_up()))
        await call.ends()

    async def rung_back(delay: float) -> None:
        await office.waits(delay)
        rose = replace(ROSE, number="+33199000070")
        phone(rose.number).when_rung(answers(at="tapez 1", talks_for=None))
        call = await office.asks(rose)
        rings.append(call)
        await call.hears("sans perdre votre place", within=120)
        await call.presses("1")
        await call.hears("Nous vous rappellerons")
        await call.ends()

    rings: list[PhoneCall] = []
    callers = [caller(7.0 * i) for i in range(6)]
    impatient = [gives_up(10, 3), gives_up(30, 25)]
    office.run(*callers, *impatient, rung_back(40), until=500)

    assert [office.call(call).outcome for call in served] == [Outcome.ANSWERED] * 6
    assert {office.call(call).outcome for call in left} <= {Outcome.ABANDONED, Outcome.ANSWERED}
    assert office.callback(rings[0]).state is State.REACHED
    assert len([c for c in phone("+33199000070").calls if c.shown == LINE]) == 1
    assert office.open_offers() == []
    assert not [e for e in office.network.ledger.failures() if e.status >= 400]


@pytest.mark.parametrize("switches", Switches.alternatives(), ids=str)
def test_the_questions_understand_stars_and_short_numbers(
    office: Office, switches: Switches
) -> None:
    office.network.switches = switches

    async def rose() -> None:
        call = await office.network.phone(ROSE.number).dials(LINE)
        await call.hears("code postal")
        await call.presses("05*")
        await call.hears("cinq chiffres", within=30)
        await call.presses("05170")
        await call.hears("démarche administrative", within=40)
        await call.presses("*")
        await call.hears("démarche administrative", within=20)
        await call.presses("1")
        await call.hears("Nous vous rappellerons")
        await call.hangs_up()

    office.run(rose())
