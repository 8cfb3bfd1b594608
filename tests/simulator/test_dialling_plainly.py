"""Rings without screening: what the other attributes of a Dial do."""

import pytest

from dispatcher.simulator import Kind, Network, PhoneCall, answers
from tests.simulator.toy import Toy

ROSE = "+33199000001"
INES = "+33261910001"
LINE = "+33199000100"


@pytest.fixture(autouse=True)
def afterwards(toy: Toy) -> None:
    """What comes after a ring is the end."""
    toy.pages |= {"/after": "<Hangup/>"}


async def _rose(network: Network, stays: float = 120.0) -> PhoneCall:
    call = await network.phone(ROSE).dials(LINE)
    await call.waits(stays)
    await call.hangs_up()
    return call


def test_a_call_without_an_action_goes_on_with_the_next_verb(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = f"<Dial><Number>{INES}</Number></Dial><Say>Au revoir</Say>"
    network.phone(INES).when_rung(answers(presses=None, talks_for=3))

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("au revoir", within=60)

    network.run(rose())

    assert network.phone(INES).calls[0].shown == ROSE


def test_the_star_key_ends_a_conversation_when_allowed(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = (
        f'<Dial hangupOnStar="true" timeLimit="60"><Number>{INES}</Number></Dial><Say>Retour</Say>'
    )
    network.phone(INES).when_rung(answers(presses=None, talks_for=None))

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.talks_with_somebody()
        await call.presses("5*")
        await call.hears("retour", within=2)

    network.run(rose())

    assert len(network.ledger.bridges(INES)) == 1


def test_a_time_limit_ends_a_conversation(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = f'<Dial timeLimit="60"><Number>{INES}</Number></Dial>'
    network.phone(INES).when_rung(answers(presses=None, talks_for=None))

    network.run(_rose(network, stays=600))

    [talk] = network.ledger.bridges(INES)
    assert talk.until == pytest.approx(talk.since + 60)


def test_the_call_may_stay_unanswered_until_somebody_is_there(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = f'<Dial answerOnBridge="true"><Number>{INES}</Number></Dial>'
    network.phone(INES).when_rung(answers(presses=None, after=5, talks_for=3))

    network.run(_rose(network))

    answered = [entry.number for entry in network.ledger.of(Kind.ANSWERED)]
    assert answered == [INES, ROSE]


def test_a_masked_caller_cannot_be_shown_to_the_called(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = f'<Dial action="/after"><Number>{INES}</Number></Dial>'

    async def rose() -> None:
        await network.phone(ROSE).dials(LINE, shows="anonymous")

    network.run(rose())

    assert toy.forms("/after")[0]["DialCallStatus"] == "failed"
    assert network.ledger.rung(INES) == 0


def test_dialling_an_own_number_reaches_the_application_again(network: Network, toy: Toy) -> None:
    own = "+33199000101"
    network.numbers[own] = network.numbers["*"]
    toy.pages["/voice"] = lambda form: (
        "<Say>Encore moi</Say>" if form["To"] == own else f"<Dial><Number>{own}</Number></Dial>"
    )

    network.run(_rose(network))

    assert [form["To"] for form in toy.forms("/voice")] == [LINE, own]


def test_a_browser_is_dialled_by_its_name(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = f'<Dial callerId="{LINE}"><Client>ines</Client></Dial>'
    network.phone("client:ines").when_rung(answers(presses=None, talks_for=4))

    network.run(_rose(network))

    assert len(network.ledger.bridges("client:ines")) == 1
