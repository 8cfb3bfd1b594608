"""What the keys of an agent do who has nothing but a telephone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dispatcher.domain import agent_menu
from dispatcher.domain.agent_menu import Heard, Told, begin, hear, tried, without_pin
from dispatcher.domain.agents import Agent, AgentId, Aside, ComesOn, Need, Pause, Refused, Rests
from dispatcher.domain.calls import Call, CallSid, Keys, LineId, Outcome, Step
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.zones import Zones
from tests.timetables import weekly

TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday; ten in Paris
NOON = TEN + timedelta(hours=2)
ON = Agent(
    id=AgentId(1),
    name="Ines",
    structure="orcieres",
    skills={Need.PROCEDURES: 2},
    zones=Zones(),
    slots=weekly("tue 09:00-12:00"),
    timezone="Europe/Paris",
    automatic=True,
    reachable=True,
)
OFF = replace(ON, slots=weekly())
PAUSED = replace(ON, paused_until=NOON)
ASIDE = replace(ON, aside=Aside.NO_SUCH_NUMBER)
NEW = Call(CallSid("CA" + "0" * 32), LineId("principale"), TEN, PhoneNumber("+33465710001"))
AT_PIN = begin(NEW, may_try=True)
MENU = replace(AT_PIN, step=Step.AGENT_MENU, turn=2, as_agent=ON.id)


def keyed(call: Call, *keys: str) -> Call | None:
    """The call at its PIN after these, the last of them perhaps a PIN to be tried (None)."""
    found: Call | None = call
    for each in keys:
        assert found is not None
        found = without_pin(found, Keys(each.replace("*", ""), again="*" in each))
    return found


def pressed(keys: str, agent: Agent = ON, call: Call = MENU) -> Heard:
    return hear(call, Keys(keys.replace("*", ""), again="*" in keys), agent, at=TEN)


def standing(call: Call | None) -> tuple[Any, ...]:
    assert call is not None
    return call.step, call.tries, call.page


def test_a_call_from_an_agents_telephone_is_asked_for_the_pin_before_anything() -> None:
    assert replace(NEW, step=Step.AGENT_PIN) == AT_PIN


@pytest.mark.parametrize("keys", ["4321", "12345678", "0000"])
def test_four_to_eight_digits_may_be_a_pin(keys: str) -> None:
    assert keyed(AT_PIN, keys) is None


@pytest.mark.parametrize("keys", ["0", "00", "000"])
def test_a_zero_leads_to_the_questions_of_a_caller(keys: str) -> None:
    assert standing(keyed(AT_PIN, keys)) == (Step.POSTAL_CODE, 0, 0)


def test_somebody_silent_twice_is_a_caller() -> None:
    once = keyed(AT_PIN, "")

    assert standing(once) == (Step.AGENT_PIN, 0, 1)
    assert standing(keyed(AT_PIN, "", "")) == (Step.POSTAL_CODE, 0, 0)


def test_three_wrong_pins_lead_on_and_a_silence_between_them_counts_as_none() -> None:
    wrong = tried(AT_PIN, Refused.WRONG)
    silent = keyed(wrong, "")
    assert silent is not None

    second = tried(silent, Refused.WRONG)

    assert (wrong.step, wrong.tries) == (Step.AGENT_PIN, 1)
    assert (second.step, second.tries) == (Step.AGENT_PIN, 2)
    assert standing(tried(second, Refused.WRONG)) == (Step.POSTAL_CODE, 0, 0)


def test_what_is_too_short_for_a_pin_is_wrong_without_being_tried() -> None:
    assert standing(keyed(AT_PIN, "432")) == (Step.AGENT_PIN, 1, 0)
    assert standing(keyed(AT_PIN, "432", "1", "12")) == (Step.POSTAL_CODE, 0, 0)


def test_the_star_asks_for_the_pin_again_and_counts_nothing() -> None:
    call = keyed(AT_PIN, "*", "43*", "*")

    assert standing(call) == (Step.AGENT_PIN, 0, 0)
    assert call is not None
    assert call.turn == AT_PIN.turn + 3


@pytest.mark.parametrize("keys", ["", "4321", "0", "*"])
def test_somebody_told_that_the_pin_is_locked_is_a_caller_whatever_they_press(keys: str) -> None:
    for call in (begin(NEW, may_try=False), tried(AT_PIN, Refused.LOCKED)):
        assert (call.step, call.tries) == (Step.AGENT_PIN, agent_menu.TRIES)
        assert standing(keyed(call, keys)) == (Step.POSTAL_CODE, 0, 0)


def test_the_right_pin_leads_to_the_menu_of_its_agent() -> None:
    silent = keyed(AT_PIN, "")
    assert silent is not None

    call = tried(silent, ON.id)

    assert standing(call) == (Step.AGENT_MENU, 0, 0)
    assert call.as_agent == ON.id


def test_somebody_on_is_asked_what_pause_they_take() -> None:
    assert pressed("1") == Heard(MENU.to(Step.AGENT_PAUSE))


@pytest.mark.parametrize(
    ("agent", "until"), [(PAUSED, NOON), (OFF, TEN + timedelta(hours=2))], ids=["paused", "off"]
)
def test_somebody_not_on_comes_on(agent: Agent, until: datetime) -> None:
    assert pressed("1", agent) == Heard(MENU.to(Step.AGENT_MENU), ComesOn(until))


@pytest.mark.parametrize(
    ("keys", "why", "until"),
    [
        ("1", Pause.BREAK, TEN + timedelta(minutes=15)),
        ("2", Pause.MEAL, TEN + timedelta(hours=1)),
        ("3", Pause.DAY_OVER, TEN + timedelta(hours=14)),
    ],
)
def test_each_pause_ends_by_itself(keys: str, why: Pause, until: datetime) -> None:
    asked = pressed("1").call

    heard = pressed(keys, call=asked)

    assert heard == Heard(asked.to(Step.AGENT_MENU), Rests(why, until))


@pytest.mark.parametrize("agent", [ON, PAUSED, OFF], ids=["on", "paused", "off"])
def test_the_next_call_is_for_whoever_comes_on_with_it(agent: Agent) -> None:
    heard = pressed("3", agent)

    assert standing(heard.call) == (Step.AGENT_MENU, 0, Told.NEXT_CALL)
    assert heard.word == agent.comes_on(TEN)


@pytest.mark.parametrize("keys", ["1", "3"])
def test_somebody_who_cannot_be_rung_cannot_come_on(keys: str) -> None:
    heard = pressed(keys, ASIDE)

    assert (standing(heard.call), heard.word) == ((Step.AGENT_MENU, 1, 0), None)


@pytest.mark.parametrize("step", [Step.AGENT_MENU, Step.AGENT_PAUSE])
def test_a_zero_leads_to_a_person_from_everywhere(step: Step) -> None:
    call = replace(MENU, step=step, tries=1, page=Told.NOTED)

    heard = pressed("0", call=call)

    assert (standing(heard.call), heard.word) == ((Step.POSTAL_CODE, 0, 0), None)
    assert heard.call.as_agent == ON.id


@pytest.mark.parametrize("step", [Step.AGENT_MENU, Step.AGENT_PAUSE])
@pytest.mark.parametrize("keys", ["", "8", "#"])
def test_silence_and_wrong_keys_are_counted_and_a_key_that_means_something_begins_anew(
    step: Step, keys: str
) -> None:
    call = replace(MENU, step=step)

    once = pressed(keys, call=call).call
    twice = pressed(keys, call=once).call

    assert (once.step, once.tries) == (step, 1)
    assert twice.tries == 2
    assert pressed("2", call=twice).call.tries == 0


def test_an_agent_who_hangs_up_is_no_caller_lost() -> None:
    assert MENU.hung_up(at=TEN).outcome is Outcome.AGENT
    assert replace(MENU, step=Step.AGENT_PAUSE).hung_up(at=TEN).outcome is Outcome.AGENT
    assert AT_PIN.hung_up(at=TEN).outcome is Outcome.ABANDONED
