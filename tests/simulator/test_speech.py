"""What a caller says to a question that listens for it."""

import asyncio

import pytest

from dispatcher.simulator import (
    CallOverError,
    Faults,
    Kind,
    Network,
    PhoneCall,
    WsgiPost,
    answers,
)
from dispatcher.simulator.twiml.parser import parse
from dispatcher.simulator.twiml.verbs import Gather
from tests.simulator.rest_client import twilio_client
from tests.simulator.toy import BASE, Form, Toy

ROSE = "+33199000001"
INES = "+33261910001"
LINE = "+33199000100"

WHERE = "Quelle est votre commune ?"
EITHER = (
    '<Gather action="/answered" input="dtmf speech" language="fr-FR" speechTimeout="auto" '
    f'numDigits="5" actionOnEmptyResult="true"><Say>{WHERE}</Say></Gather>'
)
SPOKEN = "SpeechResult"


@pytest.fixture(autouse=True)
def asking(toy: Toy) -> None:
    """A line that asks one question."""
    toy.pages |= {"/voice": EITHER, "/answered": "<Hangup/>"}


async def _asked(network: Network) -> PhoneCall:
    call = await network.phone(ROSE).dials(LINE)
    await call.hears("commune")
    return call


async def _says(network: Network, *words: str) -> None:
    call = await _asked(network)
    for some in words:
        await call.says(some)
    await call.ends()


def _only(toy: Toy) -> Form:
    [answered] = toy.forms("/answered")
    return answered


def test_a_caller_says_their_commune(network: Network, toy: Toy) -> None:
    network.run(_says(network, "Orcières."))

    told = _only(toy)
    assert (told["SpeechResult"], told["Confidence"]) == ("Orcières.", "0.9")
    assert (told["Language"], told["msg"]) == ("fr-FR", "Gather End")
    assert not told.keys() & {"Digits", "FinishedOnKey"}


def test_what_is_said_is_recognised_a_moment_after_it_was_said(
    network: Network, toy: Toy, post: WsgiPost
) -> None:
    toy.pages["/voice"] = EITHER.replace('"auto"', '"3"').replace(WHERE, "Commune")
    post.latency = 0.0

    network.run(_says(network, "a" * 28))

    [asked, _ended] = network.ledger.webhooks("/answered") + network.ledger.of(Kind.ENDED)
    assert asked.at == pytest.approx(7 / 14 + 28 / 14 + 3, abs=0.01)


def test_speech_is_over_after_the_timeout_unless_said_otherwise(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = EITHER.replace('speechTimeout="auto"', 'timeout="4"')

    network.run(_says(network, "Gap"))

    spoken, asked = network.ledger.of(Kind.SPOKEN)[0], network.ledger.webhooks("/answered")[0]
    assert asked.at - spoken.at == pytest.approx(3 / 14 + 4 + 0.05, abs=0.06)


def test_words_said_one_after_the_other_are_one_answer(network: Network, toy: Toy) -> None:
    async def rose() -> None:
        call = await _asked(network)
        for words in ("L’Argentière", "la Bessée", "près de Briançon"):
            await call.says(words)
            await call.waits(0.9)
        await call.ends()

    network.run(rose())

    assert _only(toy)[SPOKEN] == "L’Argentière la Bessée près de Briançon"


def test_saying_something_takes_as_long_as_it_takes(network: Network) -> None:
    async def rose() -> None:
        call = await _asked(network)
        began = network.seconds()
        await call.says("a" * 28)
        assert network.seconds() == pytest.approx(began + 2.0)
        await call.hangs_up()
        with pytest.raises(CallOverError):
            await call.says("Allô ?")

    network.run(rose())


@pytest.mark.parametrize("waits", [(1.0,), (0.5, 0.5)])
def test_somebody_may_speak_at_the_very_end_of_the_prompt(
    network: Network, toy: Toy, post: WsgiPost, waits: tuple[float, ...]
) -> None:
    toy.pages["/voice"] = EITHER.replace(WHERE, "a" * 14)
    post.latency = 0.0

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        for seconds in waits:
            await asyncio.sleep(seconds)
        await call.says("Gap")
        await call.ends()

    network.run(rose())

    assert _only(toy)[SPOKEN] == "Gap"


def test_speech_cuts_the_prompt_short(network: Network, toy: Toy) -> None:
    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("quelle")
        await call.says("Gap")
        await call.ends()
        assert call.transcript.lines[1].cut

    network.run(rose())

    assert _only(toy)[SPOKEN] == "Gap"


def test_without_barge_in_the_prompt_is_heard_to_the_end_first(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = EITHER.replace("<Gather", '<Gather bargeIn="false"')

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("quelle")
        await call.says("Trop tôt")
        await call.hears("votre commune ?")
        await call.says("Gap")
        await call.ends()

    network.run(rose())

    assert _only(toy)[SPOKEN] == "Gap"


def test_keys_cut_the_prompt_short_even_without_barge_in(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = EITHER.replace("<Gather", '<Gather bargeIn="false"')

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("quelle")
        await call.presses("05000")
        await call.ends()
        assert call.transcript.lines[1].cut

    network.run(rose())

    assert _only(toy)["Digits"] == "05000"


def test_once_a_key_is_pressed_what_is_said_is_dropped(network: Network, toy: Toy) -> None:
    async def rose() -> None:
        call = await _asked(network)
        await call.presses("05")
        await call.says("Gap")
        await call.presses("000")
        await call.ends()

    network.run(rose())

    assert _only(toy)["Digits"] == "05000"
    assert SPOKEN not in _only(toy)


@pytest.mark.parametrize("kept", [True, False])
def test_once_somebody_speaks_their_keys_are_dropped(
    network: Network, toy: Toy, kept: bool
) -> None:
    network.switches.type_ahead = kept
    toy.pages["/answered"] = '<Gather action="/next" numDigits="1" actionOnEmptyResult="true"/>'
    toy.pages["/next"] = "<Hangup/>"

    async def rose() -> None:
        call = await _asked(network)
        await call.says("Gap")
        await call.presses("1")
        await call.ends()

    network.run(rose())

    assert _only(toy)[SPOKEN] == "Gap"
    assert "Digits" not in _only(toy)
    assert toy.forms("/next")[0]["Digits"] == ""


def test_speech_says_nothing_to_a_question_of_keys(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = EITHER.replace("dtmf speech", "dtmf")

    async def rose() -> None:
        call = await _asked(network)
        await call.says("Gap")
        await call.presses("05000")
        await call.ends()

    network.run(rose())

    assert _only(toy)["Digits"] == "05000"


def test_keys_say_nothing_to_a_question_of_speech(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = EITHER.replace("dtmf speech", "speech")

    async def rose() -> None:
        call = await _asked(network)
        await call.presses("1")
        await call.says("Gap")
        await call.ends()

    network.run(rose())

    assert _only(toy)[SPOKEN] == "Gap"


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

    assert _only(toy)[SPOKEN] == "Gap"
    assert toy.forms("/next")[0]["Digits"] == "1"


def test_what_was_said_to_a_question_that_was_torn_away_answers_no_other(
    network: Network, toy: Toy
) -> None:
    toy.pages["/moved"] = EITHER.replace(WHERE, "Une autre question ?")
    client = twilio_client(network)

    async def rose() -> None:
        call = await _asked(network)
        await call.says("Gap")
        client.calls(call.sid).update(url=f"{BASE}/moved")
        await call.hears("une autre question")
        await call.ends()

    network.run(rose())

    assert SPOKEN not in _only(toy)


@pytest.mark.parametrize(
    ("takes", "digits"), [("dtmf speech", ""), ("speech dtmf", ""), ("speech", None)]
)
def test_silence_is_an_answer_without_words(
    network: Network, toy: Toy, takes: str, digits: str | None
) -> None:
    toy.pages["/voice"] = EITHER.replace("dtmf speech", takes)

    network.run(_says(network))

    assert _only(toy).get("Digits") == digits
    assert SPOKEN not in _only(toy)


def test_silence_falls_through_when_it_is_no_answer(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = EITHER.replace(' actionOnEmptyResult="true"', "") + "<Say>Rien</Say>"

    async def rose() -> None:
        call = await _asked(network)
        await call.hears("rien")

    network.run(rose())

    assert toy.forms("/answered") == []


def test_words_may_be_misheard(network: Network, toy: Toy) -> None:
    network.recognition.mishears["Gap"] = "cap."
    network.recognition.confidence = 0.31

    network.run(_says(network, "Gap"))

    assert (_only(toy)[SPOKEN], _only(toy)["Confidence"]) == ("cap.", "0.31")


def test_what_is_not_recognised_is_silence_and_keys_still_answer(
    network: Network, toy: Toy
) -> None:
    network.recognition.mishears["Gap"] = ""

    async def rose() -> None:
        call = await _asked(network)
        await call.says("Gap")
        await call.waits(3)
        await call.presses("05000")
        await call.ends()

    network.run(rose())

    assert _only(toy)["Digits"] == "05000"


def test_recognition_may_fail_altogether(network: Network, toy: Toy) -> None:
    network.faults = Faults(unheard=1.0)

    network.run(_says(network, "Gap"))

    assert SPOKEN not in _only(toy)


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


def test_a_caller_who_hangs_up_while_speaking_answers_nothing(network: Network, toy: Toy) -> None:
    async def rose() -> None:
        call = await _asked(network)
        await call.says("Gap")
        await call.hangs_up()

    network.run(rose())

    assert toy.forms("/answered") == []


def test_speech_begun_before_the_question_is_lost(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = "<Say>Bonjour</Say>" + EITHER

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.says("Allô allô allô")
        await call.hears("commune")
        await call.says("Gap")
        await call.ends()

    network.run(rose())

    assert _only(toy)[SPOKEN] == "Gap"


def test_a_waiting_caller_speaks(network: Network, toy: Toy) -> None:
    toy.pages |= {
        "/voice": '<Enqueue waitUrl="/wait">file</Enqueue>',
        "/wait": EITHER,
        "/answered": "<Leave/>",
    }

    network.run(_says(network, "rappelez-moi"))

    assert _only(toy)[SPOKEN] == "rappelez-moi"


def test_people_who_talk_are_heard_by_one_another_and_by_nobody_else(
    network: Network, toy: Toy
) -> None:
    toy.pages["/voice"] = f'<Dial callerId="{LINE}"><Number>{INES}</Number></Dial>'
    network.phone(INES).when_rung(answers(presses=None, talks_for=None))

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.talks_with_somebody()
        await call.says("Bonjour Inès")
        await network.phone(INES).calls[0].hears("bonjour inès", within=1)
        await call.hangs_up()

    network.run(rose())

    assert not network.ledger.of(Kind.SPOKEN)


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
        ('bargeIn="perhaps"', 1),
    ],
)
def test_odd_speech_attributes_are_warnings(
    network: Network, toy: Toy, attribute: str, warnings: int
) -> None:
    toy.pages["/voice"] = f'<Gather input="speech dtmf" action="/answered" {attribute}/>'

    network.run(_ends(network))

    assert len(network.ledger.of(Kind.WARNING)) == warnings


def test_a_question_that_listens_to_smells_takes_keys(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = '<Gather input="smell" action="/answered" numDigits="1"/>'

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.waits(1)
        await call.presses("1")
        await call.ends()

    network.run(rose())

    assert _only(toy)["Digits"] == "1"
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
