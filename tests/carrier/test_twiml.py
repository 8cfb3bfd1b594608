"""Scripts rendered to documents."""

from xml.etree import ElementTree

import pytest

from config.words import words
from dispatcher.carrier.twiml import Renderer, hang_up
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.script import (
    Ask,
    Connect,
    Goto,
    HangUp,
    Hold,
    Leave,
    Meet,
    Reject,
    Ring,
    Say,
)

RENDERER = Renderer(words("spoken"), "https://permanence.test")


def tree(*steps: object) -> ElementTree.Element:
    return ElementTree.fromstring(RENDERER.render(steps))  # type: ignore[arg-type]


def test_what_is_said_is_slow_and_french() -> None:
    [say] = tree(Say("end.answered"))

    assert (say.tag, say.get("language")) == ("Say", "fr-FR")
    assert (say[0].tag, say[0].text) == ("prosody", "Merci de votre appel.")


def test_words_from_outside_are_only_ever_words() -> None:
    hostile = '</Say><Dial>+33899123456</Dial> & "x"'

    [say] = tree(Say("notice", {"text": hostile}))

    assert len(say) == 1
    assert say[0].text == hostile


def test_sentences_inside_sentences() -> None:
    waited = Say("waited.caller.minutes", {"minutes": 3, "hours": 0})
    values: dict[str, str | int | Say] = {
        "commune": "Gap",
        "need": Say("need.procedures"),
        "waited": waited,
    }

    assert RENDERER.text(Say("screen.caller.known", values)) == (
        "Gap. Démarche. Attend depuis 3 minutes."
    )


def test_one_key_is_the_answer_whatever_it_is_and_several_end_with_a_star() -> None:
    [one] = tree(Ask((Say("ask.need.1"),), 1, "/a"))
    [five] = tree(Ask((Say("ask.postal_code.1"),), 5, "/a"))
    [pin] = tree(Ask((Say("agent.pin"),), 8, "/a", ends="#"))

    assert (one.get("finishOnKey"), five.get("finishOnKey")) == ("", "*")
    assert (pin.get("finishOnKey"), pin.get("input")) == ("#", "dtmf")
    assert one.get("actionOnEmptyResult") == "true"
    assert one.get("action") == "https://permanence.test/a"


def test_what_may_be_said_may_be_keyed_too() -> None:
    asked = Ask((Say("ask.need.1"),), 1, "/a", hints=("Gap", "La Rochette"), speech=True)

    [gather] = tree(asked)

    assert (gather.get("input"), gather.get("language")) == ("dtmf speech", "fr-FR")
    assert gather.get("hints") == "Gap, La Rochette"
    assert (gather.get("numDigits"), gather.get("finishOnKey")) == ("1", "")
    assert gather.get("profanityFilter") == "false", "Bitche might come as B*****"


def test_no_model_is_named_beside_an_automatic_end_of_speech() -> None:
    """Twilio: "This attribute requires you to set speechTimeout to a positive integer" (13335)."""
    [gather] = tree(Ask((Say("ask.need.1"),), 1, "/a", speech=True))

    assert gather.get("speechTimeout") == "auto"
    assert "speechModel" not in gather.attrib
    assert "hints" not in gather.attrib


def test_a_question_of_keys_says_nothing_of_speech() -> None:
    [gather] = tree(Ask((Say("ask.need.1"),), 1, "/a", hints=("Gap",)))

    assert gather.get("input") == "dtmf"
    assert not {"hints", "language", "speechTimeout", "profanityFilter"} & set(gather.attrib)


def test_a_ring_has_one_screened_number_that_shows_ours() -> None:
    number = PhoneNumber("+33465710001")
    [dial] = tree(Ring(number, "+33199000100", 15, "/screen", "/legs", "/ended"))

    [rung] = dial
    assert (dial.get("callerId"), dial.get("timeout")) == ("+33199000100", "15")
    assert dial.get("action") == "https://permanence.test/ended"
    assert (rung.tag, rung.text) == ("Number", number)
    assert rung.get("url") == "https://permanence.test/screen"
    assert rung.get("statusCallbackEvent") == "initiated ringing answered completed"


def test_the_other_steps() -> None:
    steps = (Hold("line", "/wait", "/left"), Leave(), Goto("/x"), HangUp(), Reject())

    tags = [step.tag for step in tree(*steps)]

    assert tags == ["Enqueue", "Leave", "Redirect", "Hangup", "Reject"]


def test_only_connect_makes_an_empty_document() -> None:
    assert len(tree(Connect())) == 0
    with pytest.raises(ValueError, match="empty"):
        RENDERER.render(())
    assert ElementTree.fromstring(hang_up())[0].tag == "Hangup"


def test_a_conference_has_its_wait_and_its_way_on_and_is_over_for_whom_it_should() -> None:
    meet = Meet("CA1", wait="/voice/transfers/a/wait/agent", left="/left/2", ends=True)

    [dial] = tree(meet)

    [room] = dial
    assert (dial.get("action"), room.text) == ("https://permanence.test/left/2", "CA1")
    assert room.get("waitUrl") == "https://permanence.test/voice/transfers/a/wait/agent"
    assert (room.get("endConferenceOnExit"), room.get("beep")) == ("true", "false")
