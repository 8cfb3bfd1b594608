"""How the line sounds to an agent who has nothing but a telephone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.words import words
from dispatcher.carrier.twiml import Renderer
from dispatcher.domain.agent_menu import TRIES, Told
from dispatcher.domain.agent_prompts import ask_pin, say, state
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Call, Step
from dispatcher.domain.schedule import ALWAYS
from dispatcher.domain.script import Ask, Goto, HangUp, Say, Script
from tests.domain.test_agent_menu import ASIDE, AT_PIN, MENU, OFF, ON, PAUSED, TEN
from tests.timetables import weekly

WORDS = Renderer(words("spoken"), "https://permanence.test")


def question(script: Script) -> Ask:
    [asked] = script
    assert isinstance(asked, Ask)
    return asked


def spoken(prompts: tuple[Say, ...]) -> str:
    return " ".join(WORDS.text(say) for say in prompts)


def menu(agent: Agent, call: Call = MENU) -> str:
    return spoken(question(say(call, agent, at=TEN)).prompts)


def test_the_pin_ends_with_a_hash_and_is_never_said_aloud() -> None:
    asked = question(ask_pin(AT_PIN))

    assert (asked.digits, asked.ends, asked.speech, asked.wait) == (8, "#", False, 5)
    assert asked.door == "/voice/answer/1"
    assert spoken(asked.prompts).startswith("Bonjour. Tapez votre code d'aidant, puis dièse.")


def test_after_a_wrong_pin_it_is_said_and_after_a_silence_it_is_not() -> None:
    wrong, silent = replace(AT_PIN, tries=1), replace(AT_PIN, page=1)

    assert spoken(question(ask_pin(wrong)).prompts).startswith("Ce n'est pas votre code.")
    assert question(ask_pin(silent)).prompts == question(ask_pin(AT_PIN)).prompts


def test_a_lock_is_told_and_the_telephone_led_on() -> None:
    locked = replace(AT_PIN, tries=TRIES)

    assert ask_pin(locked) == (Say("agent.locked"), Goto("/voice/answer/1"))


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (ON, "Vous êtes disponible jusqu'à 12 heures."),
        (replace(ON, slots=weekly(ALWAYS)), "Vous êtes disponible."),
        (
            replace(OFF, came_on_until=TEN + timedelta(hours=6, minutes=30)),
            "Vous êtes disponible jusqu'à 16 heures 30.",
        ),
        (PAUSED, "Vous êtes en pause jusqu'à 12 heures."),
        (
            replace(ON, paused_until=datetime(2026, 11, 24, 23, tzinfo=UTC)),
            "Vous êtes en pause jusqu'à minuit.",
        ),
        (OFF, "Vous n'êtes pas disponible."),
        (ASIDE, "Votre téléphone ne peut pas être appelé. Prévenez votre structure."),
        (
            replace(ON, timezone="Indian/Reunion", paused_until=TEN + timedelta(hours=1)),
            "Vous êtes en pause jusqu'à 14 heures.",
        ),
    ],
)
def test_the_state_is_said_with_its_end_as_their_own_clock_shows_it(
    agent: Agent, said: str
) -> None:
    assert WORDS.text(state(agent, at=TEN)) == said


def test_the_menu_says_the_state_first_and_then_four_choices() -> None:
    assert menu(ON) == (
        "Vous êtes disponible jusqu'à 12 heures. Pour une pause, tapez 1. "
        "Pour vos plages, tapez 2. Pour le prochain appel, tapez 3. "
        "Pour la permanence, tapez 0. Pour réécouter, étoile."
    )
    assert "Pour être disponible, tapez 1." in menu(OFF)
    assert "Pour être disponible, tapez 1." in menu(PAUSED)


def test_somebody_who_cannot_be_rung_is_offered_nothing_that_needs_it() -> None:
    assert "tapez 1" not in menu(ASIDE)
    assert "tapez 3" not in menu(ASIDE)
    assert "tapez 2" in menu(ASIDE)


def test_what_was_noted_is_said_before_the_menu() -> None:
    assert menu(ON, replace(MENU, page=Told.NOTED)).startswith("C'est noté. Vous êtes disponible")


def test_the_pauses_and_what_each_is() -> None:
    asked = question(say(replace(MENU, step=Step.AGENT_PAUSE), ON, at=TEN))

    assert spoken(asked.prompts).startswith("Pour un quart d'heure, tapez 1.")
    assert (asked.digits, asked.door, asked.speech) == (1, "/voice/answer/2", False)


def test_whoever_takes_the_next_call_and_whoever_stays_silent_is_let_go() -> None:
    next_call, silent = replace(MENU, page=Told.NEXT_CALL), replace(MENU, tries=TRIES)

    assert say(next_call, ON, at=TEN) == (Say("agent.next_call"), HangUp())
    assert say(silent, ON, at=TEN) == (Say("end.goodbye"), HangUp())
    assert say(replace(silent, step=Step.AGENT_PAUSE), ON, at=TEN)[-1] == HangUp()
