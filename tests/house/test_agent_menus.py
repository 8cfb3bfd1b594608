"""Every state an agent's call may come to, walked through; what each question says is in
test_menus.py.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from typing import Any

from config.words import words
from dispatcher.domain import absence_menu, agent_menu, agent_prompts, slot_changes, slot_marking
from dispatcher.domain.agent_steps import KEYED, SLOT_STEPS
from dispatcher.domain.agents import AgentId, Refused
from dispatcher.domain.calls import Call, Keys, Step
from dispatcher.domain.follow_ups import Last
from dispatcher.domain.rule_prompts import Alone
from dispatcher.domain.script import Ask, HangUp, Script
from dispatcher.domain.slot_drafts import EVERY, Away, Draft, Edit
from dispatcher.domain.slots import Span
from dispatcher.domain.stand_ins import StandIn, StandInId
from dispatcher.domain.timetables import Absence
from tests.domain.test_agent_menu import ASIDE, AT_PIN, NEW, OFF, ON, PAUSED, TEN
from tests.house.test_menus import CHOICES, LONGEST_WAIT, choices_said, wording
from tests.timetables import weekly

ASKED = StandIn.of(
    StandInId("0" * 16), AgentId(2), ON.slots.to_come(TEN)[0], released=False, at=TEN
)
WANTED = (None, ASKED)
AWAY = Absence(date(2026, 12, 24), date(2026, 12, 31))
BUSY = weekly("tue-wed 09:00-12:00")
[DAILY] = BUSY.slots
PAUSING = replace(DAILY, pattern=DAILY.pattern.paused((Span(600, 615),)))
AGENTS = (
    *(ON, OFF, PAUSED, ASIDE, replace(ON, slots=BUSY)),
    replace(ON, slots=replace(BUSY.of([PAUSING]), absences=(AWAY,))),
    replace(ON, slots=BUSY.of([replace(DAILY, pattern=ASKED.pattern)])),
)
ALONE = tuple(Alone(date(2026, 12, day), Span(540, 720), "Hautes-Alpes") for day in (1, 2, 3, 4))
KEYS = [*"0123456789", ""]
TIMES = ["", "0", "0930", "1000", "1100", "2500"]
"""What may be keyed where four keys say a time."""
DAYS = ["", "0", "3102", "2311", "0112", "2512", "2611"]
"""What may be keyed where four keys say a day: one that is none, one that is over, and others."""
SEVERAL = {
    step: DAYS if step.endswith(("date", "until", "first", "last")) else TIMES for step in KEYED
} | {Step.AGENT_SLOT_EVERY: ["", "0", "01", "03", "53"]}
FEW = 10
"""A page below this is an answer itself."""
FOUND = (AgentId(1), Refused.WRONG, Refused.LOCKED)


def after(call: Call, keys: Keys) -> Iterator[Call]:
    """Where these keys may lead, whoever the agent is and whatever the PIN is worth."""
    if call.step is not Step.AGENT_PIN:
        for agent, last, wanted in product(AGENTS, lasts_at(call), wanted_at(call)):
            yield agent_menu.hear(call, keys, agent, at=TEN, last=last, wanted=wanted).call
    elif (moved := agent_menu.without_pin(call, keys)) is not None:
        yield moved
    else:
        yield from (agent_menu.tried(call, found) for found in FOUND)
        yield agent_menu.offer(agent_menu.tried(call, AgentId(1)), ASKED)


def kept(call: Call) -> tuple[object, ...]:
    """What tells two states of a call apart: of what is keyed of a slot, its shape alone."""
    shape: tuple[object, ...] = (call.page,)
    if call.step in slot_marking.STEPS and call.page >= FEW:
        draft = Draft.of(call.page)
        shape = (draft.is_last, min(draft.rhythm, EVERY), draft.wrong, draft.until is None)
    elif call.step in slot_changes.STEPS:
        edit = Edit.of(call.page)
        shape = (edit.about, edit.wrong, edit.day is None, edit.start == edit.end)
    elif call.step in absence_menu.STEPS:
        away = Away.of(call.page)
        shape = (away.wrong, away.first is None, away.last in {None, AWAY.last})
    if call.step in {Step.AGENT_SLOT_END, Step.AGENT_MOVE_END}:
        shape = (call.page,)  # an end depends on its start
    return (call.step, call.tries, *shape)


def lasts_at(call: Call) -> Iterable[Last]:
    return (Last.NOBODY,) if call.step in SLOT_STEPS else Last


def wanted_at(call: Call) -> tuple[StandIn | None, ...]:
    return WANTED if call.step is Step.AGENT_STAND_IN else (None,)


def told(call: Call) -> Iterator[Script]:
    if call.step is Step.AGENT_PIN:
        yield agent_prompts.ask_pin(call)
    else:
        for agent, last, wanted in product(AGENTS, lasts_at(call), wanted_at(call)):
            yield agent_prompts.say(call, agent, at=TEN, last=last, wanted=wanted, alone=ALONE)


@cache
def walked() -> tuple[Call, ...]:
    """Every state of a call that an agent can come to."""
    seen: dict[tuple[object, ...], Call] = {}
    ahead = [agent_menu.begin(NEW, may_try=may) for may in (True, False)]
    while ahead:
        call = ahead.pop()
        place = kept(call)
        if call.step not in agent_menu.STEPS or place in seen or not asks(call):
            continue
        seen[place] = call
        keyed = [*KEYS, "4321"] if call.step is Step.AGENT_PIN else KEYS
        keyed = SEVERAL.get(call.step, keyed)
        ahead.extend(moved for each in keyed for moved in after(call, Keys(each)))
    return tuple(seen.values())


def asks(call: Call) -> bool:
    return any(isinstance(script[0], Ask) for script in told(call))


def questions() -> Iterator[tuple[Call, Ask]]:
    for call in walked():
        yield from ((call, s[0]) for s in told(call) if isinstance(s[0], Ask))


def test_an_agent_is_led_to_every_step_of_theirs_and_to_every_sentence_with_keys() -> None:
    assert {call.step for call in walked()} == agent_menu.STEPS
    said = {say.key for _, asked in questions() for say in asked.prompts}
    keyed = {key for key, sentence in words("spoken").items() if re.search("[Tt]apez", sentence)}

    assert {key for key in keyed if key.startswith("agent.")} <= said


def test_each_choice_said_does_something_and_no_other_key_does() -> None:
    for call, agent, last, wanted in product(walked(), AGENTS, Last, WANTED):
        if (
            call.step in {Step.AGENT_PIN, *SEVERAL}
            or wanted not in wanted_at(call)
            or last not in lasts_at(call)
        ):
            continue
        how: dict[str, Any] = {"at": TEN, "last": last, "wanted": wanted}
        [asked] = agent_prompts.say(call, agent, **how)
        assert isinstance(asked, Ask)
        keyed = {k: agent_menu.hear(call, Keys(k), agent, **how) for k in KEYS}
        does = {key for key, heard in keyed.items() if heard != keyed[""]}
        said = choices_said(wording(asked.prompts)).keys()
        if call.step is Step.AGENT_SLOT_DAY:  # a day that is over is none
            assert does <= said == set("01234567")
        else:
            assert said == does, (call.step, agent)
            assert len(said - {"0"}) <= CHOICES


def test_every_question_names_a_person_and_waits_not_for_long() -> None:
    for call, asked in questions():
        assert "0" in choices_said(wording(asked.prompts)), call.step
        assert 3 <= asked.wait <= LONGEST_WAIT
        assert {each.step for each in after(call, Keys("0"))} == {Step.POSTAL_CODE}


def test_silence_ends_every_question_by_the_third_try() -> None:
    """At the PIN with a caller's questions, in the menu with a goodbye."""
    for start in walked():
        call = start
        for _ in range(agent_menu.TRIES):
            if call.step in agent_menu.STEPS and asks(call):
                call = next(after(call, Keys("")))
        if start.step is Step.AGENT_PIN:
            assert call.step is Step.POSTAL_CODE
        else:
            assert {script[-1] for script in told(call)} == {HangUp()}


def test_a_lock_asks_nothing() -> None:
    assert not asks(replace(AT_PIN, tries=agent_menu.TRIES))
