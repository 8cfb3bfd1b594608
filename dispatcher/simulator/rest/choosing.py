"""Which calls a list of calls asks for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dispatcher.simulator.legs import Leg
from dispatcher.simulator.rest.form import INVALID_PARAMETER, Form, RestError

_SIDES = ("", "<", ">")
"""After the name of a moment: on that day, until it, from it on."""


def chosen(leg: Leg, form: Form) -> bool:
    """Say whether a list with these fields holds this call. Raises ``RestError``.

    Calls are chosen by ``To``, ``From``, ``Status``, ``ParentCallSid``, ``StartTime`` and
    ``EndTime`` (twilio.com/docs/voice/api/call-resource); no field chooses by direction.
    """
    facts = {"Status": status(leg), "To": leg.route.called, "From": leg.route.caller}
    facts["ParentCallSid"] = leg.parent.sid if leg.parent else ""
    if any(form.get(name, fact) != fact for name, fact in facts.items()):
        return False
    ended = leg.network.date(leg.ended_at) if leg.ended_at is not None else None
    by_moment = leg.network.switches.filters_by_moment
    return all(
        _fits(moment, side, form.get(name + side), by_moment=by_moment)
        for name, moment in (("StartTime", leg.started_at), ("EndTime", ended))
        for side in _SIDES
        if form.get(name + side)
    )


def status(leg: Leg) -> str:
    """Give the status of a call as REST requests name it."""
    return "queued" if leg.status == "initiated" else leg.status


def _fits(moment: datetime | None, side: str, text: str, *, by_moment: bool) -> bool:
    asked = _date(text)
    if moment is None:
        return False
    days = moment.astimezone(UTC).date(), asked.date()
    if side == "":
        return days[0] == days[1]
    here: tuple[Any, Any] = (moment, asked) if by_moment else days
    return bool(here[0] <= here[1] if side == "<" else here[0] >= here[1])


def _date(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise RestError(400, INVALID_PARAMETER, f"{text!r} is not a date") from fault
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
