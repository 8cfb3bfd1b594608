"""A browser over the simulated network: rung while its page asks, and answered there."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatcher.carrier.switchboard import Deed, Switchboard
from dispatcher.domain.channels import Softphone
from dispatcher.simulator import Network, PhoneCall
from dispatcher.simulator.server import RestServer
from dispatcher.simulator.softphones import REGISTERED_SECONDS, Softphones
from tests.simulator.toy import ACCOUNT, TOKEN, Toy

ROSE, LINE = "+33199000001", "+33199000100"
NINA = "0123456789abcdef01234567"
WHERE = f"/Softphones/{NINA}"
ACCOUNT_AND_TOKEN = (ACCOUNT, TOKEN)
DIAL = (
    f'<Dial action="/after" callerId="{LINE}" timeout="15">'
    f'<Client url="/screen">{NINA}</Client></Dial>'
)


@pytest.fixture(autouse=True)
def line(toy: Toy) -> None:
    toy.pages |= {"/voice": DIAL, "/screen": "", "/after": "<Hangup/>"}


def looks(network: Network) -> dict[str, Any]:
    status, told = network.softphones.obey("GET", WHERE, {}, ACCOUNT_AND_TOKEN)
    assert status == 200
    return told


def does(network: Network, deed: str, keys: str = "") -> int:
    form = {"Deed": [deed], "Digits": [keys]}
    return network.softphones.obey("POST", WHERE, form, ACCOUNT_AND_TOKEN)[0]


async def rings(network: Network) -> PhoneCall:
    call = await network.phone(ROSE).dials(LINE)
    await call.waits(3)
    return call


def test_a_browser_whose_page_asks_rings_and_talks_and_hangs_up(network: Network) -> None:
    seen = []

    async def rose() -> None:
        looks(network)
        call = await rings(network)
        seen.append(looks(network)["doing"])
        assert does(network, "hang_up") == 409, "nothing to hang up yet"
        assert does(network, "accept") == 204
        assert await call.talks_with_somebody() == f"client:{NINA}"
        seen.append(looks(network)["doing"])
        assert does(network, "accept") == 409
        assert does(network, "hang_up") == 204
        await call.ends()
        seen.append(looks(network)["doing"])

    network.run(rose())

    assert seen == ["ringing", "talking", "idle"]


def test_a_browser_whose_page_asks_no_more_is_not_rung(network: Network, toy: Toy) -> None:
    passed = [0.0]
    network.softphones = Softphones(network, clock=lambda: passed[0])
    looks(network)
    passed[0] = REGISTERED_SECONDS

    network.run(rings(network))

    [told] = toy.forms("/after")
    assert told["DialCallStatus"] == "no-answer"
    assert network.ledger.rung(f"client:{NINA}") == 0


def test_whoever_refuses_in_a_browser_is_told_of_as_busy(network: Network, toy: Toy) -> None:
    async def rose() -> None:
        looks(network)
        await rings(network)
        assert does(network, "reject") == 204

    network.run(rose())

    assert [told["DialCallStatus"] for told in toy.forms("/after")] == ["busy"]


def test_keys_pressed_in_a_browser_are_heard(network: Network, toy: Toy) -> None:
    question = '<Gather action="/pressed" numDigits="1" timeout="9"><Say>Tapez 1</Say></Gather>'
    toy.pages |= {"/screen": question, "/pressed": ""}

    async def rose() -> None:
        looks(network)
        call = await rings(network)
        does(network, "accept")
        await call.waits(2)
        assert does(network, "digits", "1") == 204
        await call.talks_with_somebody()

    network.run(rose())

    assert [told["Digits"] for told in toy.forms("/pressed")] == ["1"]


@pytest.mark.parametrize(("deed", "keys"), [("fly", ""), ("", ""), ("digits", "A")])
def test_what_no_telephone_does_is_refused(network: Network, deed: str, keys: str) -> None:
    assert does(network, deed, keys) == 400


def test_nobody_but_the_application_asks(network: Network) -> None:
    assert network.softphones.obey("GET", WHERE, {}, (ACCOUNT, "wrong")) == (401, {})


def test_our_own_switchboard_asks_the_same_over_http(network: Network) -> None:
    server = RestServer(network)
    ours = Switchboard(server.url, ACCOUNT_AND_TOKEN)
    strange = Switchboard(server.url, (ACCOUNT, "wrong"))
    nina = Softphone(NINA)
    found: list[object] = []

    async def asks() -> None:
        async def asked(ask: Callable[[], object]) -> None:
            found.append(await network.loop.run_in_executor(None, ask))

        await asked(lambda: ours.look(nina))
        await asked(lambda: ours.act(nina, Deed.ACCEPT))
        await asked(lambda: strange.look(nina))

    try:
        network.run(asks())
    finally:
        server.close()

    assert found == [{"doing": "idle", "call": ""}, False, None]
    assert ours.look(nina) is None, "the network is gone"
