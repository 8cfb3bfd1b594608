"""How well speech is understood, and how a document asks for it."""

import pytest

from dispatcher.simulator import Faults, Kind, Network
from dispatcher.simulator.twiml.parser import parse
from dispatcher.simulator.twiml.verbs import Gather
from tests.simulator.asking import EITHER, LINE, PAGES, ROSE, SPOKEN, asked, only_answer, says_all
from tests.simulator.toy import Toy


@pytest.fixture(autouse=True)
def asking(toy: Toy) -> None:
    """A line that asks one question."""
    toy.pages |= PAGES


def test_words_may_be_misheard(network: Network, toy: Toy) -> None:
    network.recognition.mishears["Gap"] = "cap."
    network.recognition.confidence = 0.31

    network.run(says_all(network, "Gap"))

    assert (only_answer(toy)[SPOKEN], only_answer(toy)["Confidence"]) == ("cap.", "0.31")


def test_what_is_not_recognised_is_silence_and_keys_still_answer(
    network: Network, toy: Toy
) -> None:
    network.recognition.mishears["Gap"] = ""

    async def rose() -> None:
        call = await asked(network)
        await call.says("Gap")
        await call.waits(3)
        await call.presses("05000")
        await call.ends()

    network.run(rose())

    assert only_answer(toy)["Digits"] == "05000"


def test_recognition_may_fail_altogether(network: Network, toy: Toy) -> None:
    network.faults = Faults(unheard=1.0)

    network.run(says_all(network, "Gap"))

    assert SPOKEN not in only_answer(toy)


def test_recognition_fails_by_chance_the_same_way_for_the_same_seed(
    network: Network, toy: Toy
) -> None:
    toy.pages["/answered"] = EITHER

    def lives(seed: int) -> list[str]:
        network.faults = Faults(seed, unheard=0.5)
        toy.posted.clear()
        network.run(_talks_on(network))
        return [form.get(SPOKEN, "") for form in toy.forms("/answered")]

    assert lives(1) == lives(1)
    assert 0 < sum(map(bool, lives(1))) < 6


async def _talks_on(network: Network) -> None:
    call = await network.phone(ROSE).dials(LINE)
    for _ in range(6):
        await call.hears("commune")
        await call.says("Gap")
        await call.waits(7)
    await call.hangs_up()


@pytest.mark.parametrize(
    ("attribute", "warnings"),
    [
        ('speechTimeout="auto"', 0),
        ('speechTimeout="2"', 0),
        ('speechTimeout="soon"', 1),
        ('speechTimeout="0"', 1),
        ('speechTimeout="auto" speechModel="phone_call"', 1),
        ('speechTimeout="2" speechModel="phone_call" enhanced="true" profanityFilter="false"', 0),
        ('hints="Gap, Orcières"', 0),
        (f'hints="{"a" * 101}"', 1),
        (f'hints="{",".join(["a"] * 501)}"', 1),
    ],
)
def test_odd_speech_attributes_are_warnings(
    network: Network, toy: Toy, attribute: str, warnings: int
) -> None:
    toy.pages["/voice"] = f'<Gather input="speech dtmf" action="/answered" {attribute}/>'

    network.run(_ends(network))

    assert len(network.ledger.of(Kind.WARNING)) == warnings


@pytest.mark.usefixtures("lenient")
def test_an_unknown_word_for_a_truth_is_a_warning(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = '<Gather input="speech" action="/answered" bargeIn="perhaps"/>'

    network.run(_ends(network))

    assert len(network.ledger.of(Kind.WARNING)) == 1


@pytest.mark.usefixtures("lenient")
def test_a_question_that_listens_to_smells_takes_keys(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = '<Gather input="smell" action="/answered" numDigits="1"/>'

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.waits(1)
        await call.presses("1")
        await call.ends()

    network.run(rose())

    assert only_answer(toy)["Digits"] == "1"
    assert len(network.ledger.of(Kind.WARNING)) == 1


async def _ends(network: Network) -> None:
    call = await network.phone(ROSE).dials(LINE)
    await call.ends()


def test_hints_are_kept_as_phrases() -> None:
    [question] = parse(
        '<Response><Gather input="speech" hints="Gap, La Bessée ,,Orcières"/></Response>'
    ).verbs
    assert isinstance(question, Gather)
    assert question.speech is not None
    assert question.speech.hints == ("Gap", "La Bessée", "Orcières")
