"""Sound files in the place of a voice."""

from io import StringIO

import pytest

from dispatcher.simulator import Faults, Kind, Network
from dispatcher.simulator.narrator import Narrator
from tests.simulator.toy import BASE, Toy

ROSE = "+33199000001"
LINE = "+33199000100"

ALONE = "<Play>/sounds/greeting.mp3?v=2</Play><Say>Bonsoir</Say>"
ASKED = f'<Gather action="/keyed" numDigits="1">{ALONE}</Gather>'


async def _hears(network: Network, *words: str) -> None:
    call = await network.phone(ROSE, "Rose").dials(LINE)
    for some in words:
        await call.hears(some)
    await call.ends()


@pytest.mark.parametrize("page", [ALONE, ASKED])
def test_a_recording_is_heard_by_the_name_of_its_file(
    network: Network, toy: Toy, page: str
) -> None:
    toy.pages["/voice"] = page
    out = StringIO()
    network.narrator = Narrator(network, out)

    network.run(_hears(network, "greeting.mp3", "bonsoir"))

    assert "00:00  Rose entend l'enregistrement greeting.mp3\n" in out.getvalue()
    assert network.ledger.of(Kind.SAID)[0].detail == f"{BASE}/sounds/greeting.mp3?v=2"
    assert network.ledger.of(Kind.SAID)[1].at == pytest.approx(5.1)


def test_a_recording_is_played_again_and_again(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = '<Play loop="2">greeting.mp3</Play>'

    network.run(_hears(network, "greeting.mp3", "greeting.mp3"))

    assert network.ledger.of(Kind.ENDED)[0].at == pytest.approx(10.1)


def test_a_key_cuts_a_recording_short(network: Network, toy: Toy) -> None:
    toy.pages |= {"/voice": ASKED, "/keyed": "<Hangup/>"}

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.waits(2)
        await call.presses("1")
        await call.ends()

    network.run(rose())

    assert toy.forms("/keyed")[0]["Digits"] == "1"
    assert len(network.ledger.of(Kind.SAID)) == 1


@pytest.mark.parametrize("page", [ALONE, ASKED])
def test_a_recording_that_cannot_be_had_is_passed_over(
    network: Network, toy: Toy, page: str
) -> None:
    toy.pages["/voice"] = page
    network.faults = Faults(no_media=("/greeting",))

    network.run(_hears(network, "bonsoir"))

    [said], [warning] = network.ledger.of(Kind.SAID), network.ledger.of(Kind.WARNING)
    assert said.detail == "Bonsoir"
    assert warning.status == 11200
    assert said.at == warning.at == pytest.approx(0.1)
    assert not network.undocumented()
