"""What a caller's telephone is told: the present step of their call, always the same for the same
step.
"""

from __future__ import annotations

from typing import Final

from dispatcher.domain import announcements, doors, openings, prompts
from dispatcher.domain.calls import Call, OfferId, Outcome, Step
from dispatcher.domain.channels import Softphone
from dispatcher.domain.lines import Line
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.script import Ask, Goto, HangUp, Hold, Reject, Ring, Say, Script
from dispatcher.operations import (
    agent_menu,
    announcing,
    cases,
    messages,
    revocations,
    rooms,
    softphones,
)
from dispatcher.operations.services import Services

BEGINNINGS: Final = frozenset({Step.SAME_PLACE, Step.POSTAL_CODE, Step.NEED})
"""Where a caller's call may begin: its first turn greets, or the first after an agent's door."""


def present(call: Call, services: Services) -> Script:
    """What the call's telephone is told at the step where it stands."""
    if call.step in agent_menu.STEPS:
        return agent_menu.say(call, services)
    if call.step in prompts.ASKING:
        begins = call.turn == 1 or agent_menu.leads_on(call, services)
        said = _greeting(call, services) if begins else announcing.told(call, services)
        return prompts.ask(
            call,
            services.atlas,
            services.ears,
            before=said,
            kept=cases.told(call, services),
            voicemail=messages.may_leave(call, services),
            given=revocations.told(call, services),
        )
    if call.step is Step.MESSAGE:
        return messages.script(call, services)
    if call.step in {Step.OFFERED, Step.TALKING}:
        return rooms.present(call, services) or _ring(call, services)
    if call.step is Step.WAITING:
        searching = Say("wait.next" if call.offers else "wait.searching")
        return (*announcing.told(call, services), searching, _hold(call))
    return (Reject(),) if call.outcome is Outcome.REJECTED else _end(call)


def may_remember(call: Call) -> bool:
    """Whether somebody whose conversation is over is asked if we should know them again."""
    return call.outcome is Outcome.ANSWERED and call.memorable and not call.remembered


def goodbye() -> Script:
    """The end, after everything else."""
    return (Say("end.goodbye"), HangUp())


def remembered() -> Script:
    """The end, for somebody who just asked to be known again."""
    return (Say("remember.done"), HangUp())


def lost() -> Script:
    """A call we know nothing of, while it is on the line: it begins again at the front door."""
    return (Goto(doors.INCOMING),)


def _end(call: Call) -> Script:
    end = Say(f"end.{call.outcome}")
    if may_remember(call):
        return (Ask((end, Say("remember.offer")), 1, doors.answer(call.turn)), *goodbye())
    return (end, *goodbye()) if call.outcome is Outcome.ANSWERED else (end, HangUp())


def _ring(call: Call, services: Services) -> Script:
    if call.offer is None:
        return (_hold(call),)
    to = softphones.rung_for(call.offer, services)
    if to is None:
        return (Goto(doors.unrung(call.offer)),)
    told = announcing.told(call, services)
    ring = ring_step(to, call.offer, services.line(call.line))
    return (*told, Say("offer.connecting"), ring)


def ring_step(to: PhoneNumber | Softphone, offer: OfferId, line: Line) -> Ring:
    """Ring this agent for this offer from the caller's own leg."""
    return Ring(
        to=to,
        caller_id=line.caller_id,
        seconds=line.ring_seconds,
        screen=doors.offer(offer, "screen"),
        legs=doors.offer(offer, "legs"),
        ended=doors.offer(offer, "ended"),
    )


def _hold(call: Call) -> Hold:
    return Hold(call.line, doors.WAIT, doors.LEFT)


def _greeting(call: Call, services: Services) -> tuple[Say, ...]:
    if call.step not in BEGINNINGS:
        return ()
    line = services.line(call.line)
    at, zone = call.started_at, line.hours.zone
    everybody = announcements.for_everybody(line.announcements, at=at, zone=zone)
    told = announcements.spoken(everybody)
    if line.hours.is_open(at):
        return (Say("greeting"), *told)
    exception = line.hours.exception_on(at)
    notice = (
        (Say("notice", {"text": exception.message}),) if exception and exception.message else ()
    )
    closed = openings.spoken(line.hours.next_opening(at), at=at, zone=zone)
    return (Say("greeting"), *notice, closed, *told)
