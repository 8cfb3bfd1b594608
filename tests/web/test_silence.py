"""Whoever says and keys nothing, or nothing but nonsense, gets to a person from every question.

At every step there is, through the real doors, whichever room hears its keys.
"""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from dispatcher.domain import doors as paths
from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.calls import Call, CallSid, LineId, Outcome, Step, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.prompts import ASKING
from dispatcher.domain.questions import TRIES
from dispatcher.operations import callbacks
from tests.office import TUESDAY, Office
from tests.people import INES, ROSE
from tests.web.doors import Doors

AT_MOST = 5 * TRIES
"""Answers, from wherever somebody is: three questions, the number to ring back, and the code of a
case for whoever keys ``#``.
"""
AGENTS = [Step.AGENT_PIN, Step.AGENT_MENU, Step.AGENT_PAUSE]
TO_A_PERSON = {Step.WAITING, Step.OFFERED}
SERVED = {Outcome.CALLBACK, Outcome.AGENT}


def stands_at(step: Step, office: Office) -> Call:
    """A call at this step that knows whatever the question may want to know."""
    number = INES.number if step.startswith("agent") else ROSE.number
    call = Call(
        CallSid("CA" + f"{len(office.all_calls()):032x}"),
        LineId(office.services.lines[0].id),
        TUESDAY,
        number=PhoneNumber(number),
        step=step,
        turn=9,
        postal_code="05000",
        commune="05061",
        need=Need.EITHER,
        why=Why.NOBODY_ON,
        keyed_number=PhoneNumber("+33199000007"),
        waiting_since=TUESDAY,
        remembered=True,
        as_agent=AgentId(1) if step.startswith("agent") else None,
    )
    with office.services.store.writing() as tx:
        assert tx.calls.add(call)
        if step is Step.KEPT:
            callbacks.keep(call, tx, office.services)
    return call


def stored(call: Call, office: Office) -> Call:
    with office.services.store.reading() as tx:
        found = tx.calls.find(call.sid)
    assert found is not None
    return found


def answers(call: Call, keys: str, doors: Doors, office: Office, *, ended_on: str = "") -> Call:
    form = {"CallSid": call.sid, "From": call.number or "anonymous", "Digits": keys}
    form |= {"FinishedOnKey": ended_on} if ended_on else {}
    answer = doors.post(paths.answer(stored(call, office).turn), form)
    assert answer.status_code == 200
    assert "Excusez-nous" not in answer.get_data(as_text=True)
    return stored(call, office)


@pytest.mark.parametrize("number", [ROSE.number, None])
@pytest.mark.parametrize("keys", ["", "9", "#"])
def test_from_every_question_silence_and_nonsense_lead_to_a_person(
    office: Office, doors: Doors, keys: str, number: str | None
) -> None:
    office.has(INES)
    asking = {*ASKING, Step.AGENT_PIN}
    for step in asking:
        call = stands_at(step, office)
        if number is None and not step.startswith("agent"):
            with office.services.store.writing() as tx:
                tx.calls.save(replace(call, number=None), over=call, at=TUESDAY)

        for _ in range(AT_MOST):
            if stored(call, office).step in asking:
                answers(call, keys, doors, office)

        there = stored(call, office)
        assert there.step in TO_A_PERSON or there.outcome in SERVED, step


def test_at_every_question_a_star_is_answered_with_the_same_question(
    office: Office, doors: Doors
) -> None:
    office.has(INES)
    for step in [*ASKING, *AGENTS]:
        call = stands_at(step, office)
        path, form = paths.answer(call.turn - 1), {"CallSid": call.sid, "From": call.number or ""}
        before = doors.post(path, form).get_data(as_text=True)  # its turn has passed: it hears it

        after = answers(call, "", doors, office, ended_on="*")

        again = doors.post(path, form).get_data(as_text=True)
        assert (after.step, after.tries, after.turn) == (step, 0, call.turn + 1)
        assert _without_address(again) == _without_address(before), step


def _without_address(document: str) -> list[str]:
    [gather] = ElementTree.fromstring(document)
    return ["".join(prompt.itertext()) for prompt in gather]
