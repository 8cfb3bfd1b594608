"""Questions that may be answered by keys, by speech, or by whichever comes first."""

import pytest

from dispatcher.simulator import Network
from tests.simulator.asking import EITHER, LINE, PAGES, ROSE, SPOKEN, asked, only_answer, says_all
from tests.simulator.toy import Toy


@pytest.fixture(autouse=True)
def asking(toy: Toy) -> None:
    """A line that asks one question."""
    toy.pages |= PAGES


def test_keys_cut_the_prompt_short_even_without_barge_in(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = EITHER.replace("<Gather", '<Gather bargeIn="false"')

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("quelle")
        await call.presses("05000")
        await call.ends()
        assert call.transcript.lines[1].cut

    network.run(rose())

    assert only_answer(toy)["Digits"] == "05000"


def test_once_a_key_is_pressed_what_is_said_is_dropped(network: Network, toy: Toy) -> None:
    async def rose() -> None:
        call = await asked(network)
        await call.presses("05")
        await call.says("Gap")
        await call.presses("000")
        await call.ends()

    network.run(rose())

    assert only_answer(toy)["Digits"] == "05000"
    assert SPOKEN not in only_answer(toy)


@pytest.mark.parametrize("kept", [True, False])
def test_once_somebody_speaks_their_keys_are_dropped(
    network: Network, toy: Toy, kept: bool
) -> None:
    network.switches.type_ahead = kept
    toy.pages["/answered"] = '<Gather action="/next" numDigits="1" actionOnEmptyResult="true"/>'
    toy.pages["/next"] = "<Hangup/>"

    async def rose() -> None:
        call = await asked(network)
        await call.says("Gap")
        await call.presses("1")
        await call.ends()

    network.run(rose())

    assert only_answer(toy)[SPOKEN] == "Gap"
    assert "Digits" not in only_answer(toy)
    assert toy.forms("/next")[0]["Digits"] == ""


def test_speech_says_nothing_to_a_question_of_keys(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = EITHER.replace("dtmf speech", "dtmf")

    async def rose() -> None:
        call = await asked(network)
        await call.says("Gap")
        await call.presses("05000")
        await call.ends()

    network.run(rose())

    assert only_answer(toy)["Digits"] == "05000"


def test_keys_say_nothing_to_a_question_of_speech(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = EITHER.replace("dtmf speech", "speech")

    async def rose() -> None:
        call = await asked(network)
        await call.presses("1")
        await call.says("Gap")
        await call.ends()

    network.run(rose())

    assert only_answer(toy)[SPOKEN] == "Gap"


def test_keys_typed_ahead_wait_for_a_question_of_keys(network: Network, toy: Toy) -> None:
    toy.pages |= {
        "/voice": "<Pause length='5'/>" + EITHER.replace("dtmf speech", "speech"),
        "/answered": '<Gather action="/next" numDigits="1"/>',
        "/next": "<Hangup/>",
    }

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.waits(1)
        await call.presses("1")
        await call.hears("commune")
        await call.says("Gap")
        await call.ends()

    network.run(rose())

    assert only_answer(toy)[SPOKEN] == "Gap"
    assert toy.forms("/next")[0]["Digits"] == "1"


@pytest.mark.parametrize(
    ("takes", "digits"), [("dtmf speech", ""), ("speech dtmf", ""), ("speech", None)]
)
def test_silence_is_an_answer_without_words(
    network: Network, toy: Toy, takes: str, digits: str | None
) -> None:
    toy.pages["/voice"] = EITHER.replace("dtmf speech", takes)

    network.run(says_all(network))

    assert only_answer(toy).get("Digits") == digits
    assert SPOKEN not in only_answer(toy)


def test_silence_falls_through_when_it_is_no_answer(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = EITHER.replace(' actionOnEmptyResult="true"', "") + "<Say>Rien</Say>"

    async def rose() -> None:
        call = await asked(network)
        await call.hears("rien")

    network.run(rose())

    assert toy.forms("/answered") == []
