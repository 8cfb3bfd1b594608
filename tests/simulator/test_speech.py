"""What a caller says to a question that listens for it."""

import asyncio

import pytest

from dispatcher.simulator import CallOverError, Kind, Network, WsgiPost, answers
from tests.simulator.asking import (
    EITHER,
    LINE,
    PAGES,
    ROSE,
    SPOKEN,
    WHERE,
    asked,
    only_answer,
    says_all,
)
from tests.simulator.rest_client import twilio_client
from tests.simulator.toy import BASE, Toy

INES = "+33261910001"


@pytest.fixture(autouse=True)
def asking(toy: Toy) -> None:
    """A line that asks one question."""
    toy.pages |= PAGES


def test_a_caller_says_their_commune(network: Network, toy: Toy) -> None:
    network.run(says_all(network, "Orcières."))

    told = only_answer(toy)
    assert (told["SpeechResult"], told["Confidence"]) == ("Orcières.", "0.9")
    assert (told["Language"], told["msg"]) == ("fr-FR", "Gather End")
    assert not told.keys() & {"Digits", "FinishedOnKey"}


def test_what_is_said_is_recognised_a_moment_after_it_was_said(
    network: Network, toy: Toy, post: WsgiPost
) -> None:
    toy.pages["/voice"] = EITHER.replace('"auto"', '"3"').replace(WHERE, "Commune")
    post.latency = 0.0

    network.run(says_all(network, "a" * 28))

    [asked, _ended] = network.ledger.webhooks("/answered") + network.ledger.of(Kind.ENDED)
    assert asked.at == pytest.approx(7 / 14 + 28 / 14 + 3, abs=0.01)


def test_speech_is_over_after_the_timeout_unless_said_otherwise(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = EITHER.replace('speechTimeout="auto"', 'timeout="4"')

    network.run(says_all(network, "Gap"))

    spoken, asked = network.ledger.of(Kind.SPOKEN)[0], network.ledger.webhooks("/answered")[0]
    assert asked.at - spoken.at == pytest.approx(3 / 14 + 4 + 0.05, abs=0.06)


def test_words_said_one_after_the_other_are_one_answer(network: Network, toy: Toy) -> None:
    async def rose() -> None:
        call = await asked(network)
        for words in ("L’Argentière", "la Bessée", "près de Briançon"):
            await call.says(words)
            await call.waits(0.9)
        await call.ends()

    network.run(rose())

    assert only_answer(toy)[SPOKEN] == "L’Argentière la Bessée près de Briançon"


def test_saying_something_takes_as_long_as_it_takes(network: Network) -> None:
    async def rose() -> None:
        call = await asked(network)
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

    assert only_answer(toy)[SPOKEN] == "Gap"


def test_speech_cuts_the_prompt_short(network: Network, toy: Toy) -> None:
    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("quelle")
        await call.says("Gap")
        await call.ends()
        assert call.transcript.lines[1].cut

    network.run(rose())

    assert only_answer(toy)[SPOKEN] == "Gap"


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

    assert only_answer(toy)[SPOKEN] == "Gap"


def test_what_was_said_to_a_question_that_was_torn_away_answers_no_other(
    network: Network, toy: Toy
) -> None:
    toy.pages["/moved"] = EITHER.replace(WHERE, "Une autre question ?")
    client = twilio_client(network)

    async def rose() -> None:
        call = await asked(network)
        await call.says("Gap")
        client.calls(call.sid).update(url=f"{BASE}/moved")
        await call.hears("une autre question")
        await call.ends()

    network.run(rose())

    assert SPOKEN not in only_answer(toy)


def test_a_caller_who_hangs_up_while_speaking_answers_nothing(network: Network, toy: Toy) -> None:
    async def rose() -> None:
        call = await asked(network)
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

    assert only_answer(toy)[SPOKEN] == "Gap"


def test_a_waiting_caller_speaks(network: Network, toy: Toy) -> None:
    toy.pages |= {
        "/voice": '<Enqueue waitUrl="/wait">file</Enqueue>',
        "/wait": EITHER,
        "/answered": "<Leave/>",
    }

    network.run(says_all(network, "rappelez-moi"))

    assert only_answer(toy)[SPOKEN] == "rappelez-moi"


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
