"""RAPPEL by many hands at once; an agent's word, which is an agent's alone."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from dispatcher.carrier.forms import Written
from dispatcher.domain.agents import Aside, Pause
from dispatcher.domain.callbacks import State
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.texts import CarrierTextId
from dispatcher.operations import texted
from tests.hands import hands
from tests.operations.desk import Desk, number
from tests.people import LINE, MONA, Helper


def test_of_many_texts_of_one_number_at_once_one_is_a_callback_and_all_lead_to_it(
    desk: Desk,
) -> None:
    texts = [
        Written(CarrierTextId(f"SM{nth:032x}"), LINE, number(77), "RAPPEL") for nth in range(6)
    ]
    services = desk.services
    spool = None  # no STOP is among them

    with hands() as together:
        answers = together(
            [
                partial(texted.heed, each, services.lines[0], spool, services)  # type: ignore[arg-type]
                for each in texts
            ]
        )

    with services.store.reading() as tx:
        [owed] = tx.callbacks.owed()
    assert owed.state is State.WAITING
    assert {each.filled["link"] for each in answers} == {services.links.to_change(owed.id)}


def writes(desk: Desk, text: str, helper: Helper = MONA) -> texted.Answer:
    written = Written(CarrierTextId("SM" + "0" * 32), LINE, PhoneNumber(helper.number), text)
    services = desk.services
    return texted.heed(written, services.lines[0], None, services)  # type: ignore[arg-type]


def test_an_agent_comes_on_rests_and_ends_the_day_by_text(small_desk: Desk) -> None:
    desk = small_desk
    [mona] = desk.has(replace(MONA, slots="tue 14:00-17:00"))

    came_on = writes(desk, "Dispo svp")
    on = desk.services.board.on_duty().get(mona)
    rests = writes(desk, "PAUSE")
    resting = desk.services.board.on_duty().get(mona)
    over = writes(desk, "fin.")

    assert (came_on.key, came_on.filled) == ("sms.agent_on", {"hour": "12h"})
    assert on == desk.at + timedelta(hours=2)
    assert (rests.key, rests.filled, resting) == ("sms.agent_rests", {"hour": "10h15"}, None)
    assert over.key == "sms.agent_over"
    assert desk.agent(mona).pause is Pause.DAY_OVER


def test_an_agents_slots_are_told_to_the_number_they_are_registered_with_alone(
    small_desk: Desk,
) -> None:
    desk = small_desk
    desk.has(replace(MONA, slots="tue-fri 14:00-17:30"))

    told = writes(desk, "planning")
    stranger = writes(desk, "PLANNING", Helper("Ada", "+33639980077", "orcieres"))
    nobody = writes(desk, "DISPO", Helper("Ada", "+33639980077", "orcieres"))

    assert told.key == "sms.agent_slots"
    assert told.filled["slots"].startswith("24/11 14h-17h30, 25/11 14h-17h30, ")
    assert told.filled["slots"].endswith(" +2")
    assert (stranger.key, nobody.key) == ("sms.reply", "sms.reply")


def test_what_says_more_than_one_word_of_theirs_is_none(small_desk: Desk) -> None:
    [mona] = small_desk.has(replace(MONA, slots=""))
    before = small_desk.agent(mona)

    said = [writes(small_desk, text).key for text in ("pas dispo", "pause ou fin", "dispo à 14h")]

    assert said == ["sms.reply"] * 3
    assert small_desk.agent(mona) == before
    assert writes(small_desk, "PLANNING").key == "sms.agent_no_slots"


def test_who_cannot_be_rung_is_told_so(small_desk: Desk) -> None:
    [mona] = small_desk.has(replace(MONA, slots=""))
    with small_desk.services.store.writing() as tx:
        tx.agents.put_aside(mona, Aside.NO_SUCH_NUMBER, at=small_desk.at)

    assert writes(small_desk, "DISPO").key == "sms.agent_aside"
    assert small_desk.services.board.on_duty() == {}
