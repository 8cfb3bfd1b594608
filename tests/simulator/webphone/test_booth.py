"""Somebody at the page rings the line, and answers for its agents."""

import tomllib

import pytest

from dispatcher.simulator import answers
from dispatcher.simulator.people.transcript import Sort
from dispatcher.simulator.webphone.booth import WORDS
from dispatcher.simulator.webphone.telephone import Doing
from tests.simulator.toy import ACCOUNT, Toy
from tests.simulator.webphone.conftest import INES, LINE, ROSE, Hands

CALLS = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"


def test_somebody_rings_the_line_and_answers_themselves(hands: Hands) -> None:
    hands.rings_an_agent()
    assert hands.sees("citizen")["doing"] == "ringback"
    assert hands.sees("agent")["alert"] == "Ça sonne : Inès."
    hands.does("agent", "picks_up")
    hands.waits(1)
    hands.does("agent", "presses", "1")
    hands.waits(1)

    assert hands.sees("citizen")["status"] == "En ligne avec Inès"
    assert hands.sees("agent")["status"] == "En ligne avec Camille"
    assert hands.network.ledger.bridges(INES)[0].until is None


def test_what_is_said_at_one_telephone_is_heard_at_the_other(hands: Hands) -> None:
    hands.rings_an_agent()
    hands.does("agent", "picks_up")
    hands.waits(1)
    hands.does("agent", "presses", "1")
    hands.waits(1)

    hands.does("citizen", "says", "Bonjour Inès")
    hands.waits(1)

    heard = hands.sees("agent")["lines"][-1]
    assert (heard["sort"], heard["text"], heard["aloud"]) == ("voice", *["Bonjour Inès"] * 2)
    said = hands.sees("citizen")["lines"][-1]
    assert (said["sort"], said["text"], said["aloud"]) == ("spoke", "Bonjour Inès", "")


def test_a_question_may_be_answered_in_words(hands: Hands, toy: Toy) -> None:
    hands.does("citizen", "dials")
    hands.waits(1)

    hands.does("citizen", "says", "Orcières")
    hands.waits(5)

    assert toy.forms("/keyed")[0]["SpeechResult"] == "Orcières"
    assert hands.reads("citizen").count("Orcières") == 1


def test_keys_pressed_in_a_row_are_one_line(hands: Hands) -> None:
    hands.rings_an_agent()

    assert "Tapé : 05170" in hands.reads("citizen")
    assert not [line for line in hands.sees("citizen")["lines"] if line["aloud"] == "05170"]


def test_whoever_hangs_up_while_it_rings_refuses_the_call(hands: Hands, toy: Toy) -> None:
    hands.rings_an_agent()

    hands.does("agent", "hangs_up")
    hands.waits(1)

    assert toy.forms("/after")[0]["DialCallStatus"] == "busy"
    assert hands.reads("agent")[-2:] == ["Appel refusé", "Fin de l'appel : occupé"]


def test_hanging_up_ends_the_call_for_both(hands: Hands) -> None:
    hands.rings_an_agent()
    hands.does("agent", "picks_up")
    hands.waits(1)
    hands.does("agent", "presses", "1")
    hands.waits(1)

    hands.does("citizen", "hangs_up")
    hands.waits(2)

    assert [hands.sees(name)["doing"] for name in ("citizen", "agent")] == ["idle", "idle"]
    assert not hands.network.live_legs()


@pytest.mark.parametrize(
    ("telephone", "verb"),
    [
        ("citizen", "picks_up"),
        ("citizen", "presses"),
        ("citizen", "says"),
        ("citizen", "hangs_up"),
        ("agent", "dials"),
        ("agent", "picks_up"),
    ],
)
def test_what_a_telephone_at_rest_cannot_do_is_not_done(
    hands: Hands, telephone: str, verb: str
) -> None:
    assert not hands.booth.act(telephone, verb, "")

    hands.waits(1)
    assert not hands.network.legs


def test_an_act_that_comes_after_the_end_is_lost_and_nothing_breaks(hands: Hands) -> None:
    hands.does("citizen", "dials")
    hands.waits(1)

    hands.does("citizen", "presses", "1")
    hands.booth.telephones["citizen"].call.leg.end()  # type: ignore[union-attr]
    hands.waits(1)

    assert hands.sees("citizen")["doing"] == "idle"


def test_without_a_page_the_agents_own_script_answers(hands: Hands) -> None:
    """The page was closed a moment ago, but its call has not been given up yet."""
    hands.network.phone(INES).when_rung(answers(at="tapez 1", talks_for=5))
    hands.does("citizen", "dials")
    hands.waits(1)
    hands.bulletin.closed_for = 10

    for key in "05170":
        hands.does("citizen", "presses", key)
    hands.waits(10)

    assert hands.sees("agent")["lines"] == []
    assert len(hands.network.ledger.bridges(INES)) == 1


def test_beside_an_open_page_the_other_callers_get_the_agents_script(hands: Hands) -> None:
    hands.network.phone(INES).when_rung(answers(at="tapez 1", talks_for=5))

    async def rose() -> None:
        call = await hands.network.phone(ROSE).dials(LINE)
        await call.presses("05170")
        await call.talks_with_somebody()

    hands.network.run(rose())

    assert hands.sees("agent")["lines"] == []


@pytest.mark.parametrize(("alone", "doing"), [(True, "ringing"), (False, "idle")])
def test_an_agent_rung_for_a_callback_is_the_pages_once_nobody_else_plays(
    hands: Hands, alone: bool, doing: str
) -> None:
    hands.booth.alone = alone

    hands.network.rest("POST", CALLS, {"To": INES, "From": LINE, "Url": "https://toy.test/screen"})
    hands.waits(3)

    assert hands.sees("agent")["doing"] == doing


def test_the_citizen_who_is_rung_back_is_at_the_page(hands: Hands) -> None:
    to = "+33199000042"
    hands.network.rest("POST", CALLS, {"To": to, "From": LINE, "Url": "https://toy.test/screen"})
    hands.waits(3)

    hands.does("citizen", "picks_up")
    hands.waits(1)

    assert hands.sees("citizen")["doing"] == "listening"
    assert hands.booth.about == "", "a story is of a call that they made"


def test_a_page_that_is_closed_hangs_up(hands: Hands) -> None:
    hands.rings_an_agent()

    hands.bulletin.closed_for = 30
    hands.waits(2)

    assert not hands.network.live_legs()


def test_a_text_to_whoever_holds_the_telephone_is_shown(hands: Hands) -> None:
    hands.network.phone("+33199000042").receives_text("C'est noté.")
    hands.waits(1)

    assert hands.sees("citizen")["texts"] == ["Message reçu : C'est noté."]


def test_before_each_call_whoever_keeps_the_clock_is_told(hands: Hands) -> None:
    told: list[float] = []
    hands.booth._when_used = lambda: told.append(hands.network.seconds())

    hands.rings_an_agent()

    assert told == [0.0]


def test_a_new_call_begins_a_new_story(hands: Hands) -> None:
    hands.bulletin.put("story", {"told": ["an old one"]})

    hands.does("citizen", "dials")
    hands.waits(1)

    assert hands.bulletin.after("", 0)["story"] is None
    assert hands.booth.about == hands.network.ledger.entries[0].call


def test_there_are_words_for_all_that_can_happen() -> None:
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))

    assert words["lines"].keys() == set(Sort)
    assert words["status"].keys() == set(Doing)
