"""Callbacks asked for without a call: what somebody asks, and the place it gives them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import Callback, CallbackId
from dispatcher.domain.calls import LineId, Why
from dispatcher.domain.mails import Address
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.replies import Reply
from dispatcher.domain.schedule import instant
from dispatcher.domain.wishes import Part

RAISED_AT_MOST: Final = timedelta(days=1)
"""How far a deadline brings somebody forward: before who asked less than a day before them."""
RAISED_FROM: Final = timedelta(days=7)
"""A deadline further off than this brings nobody forward."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for. ``discreet``: whoever else picks up hears of no more than "the
    service". ``deadline``: the day by which their matter must be done. ``why``: how they asked.
    ``commune`` and ``helper``: as far as they are known. ``code``: of an earlier case of theirs.
    ``not_before``: minutes after a midnight of their clock. ``half_hour``: the start of the one
    they chose, None as soon as can be. ``question``: what they write to be answered by ``reply``;
    ``email``: where, when that is by e-mail.
    """

    number: PhoneNumber
    commune: str | None
    need: Need
    first_name: str
    part: Part = Part.ANY
    discreet: bool = False
    deadline: date | None = None
    why: Why = Why.FORM
    helper: AgentId | None = None
    not_before: int | None = None
    half_hour: datetime | None = None
    code: str = ""
    reply: Reply = Reply.TELEPHONE
    email: Address | None = None
    question: str = ""


def place_since(opens_at: datetime, deadline: date | None, *, zone: str) -> datetime:
    """The place of somebody who can be served from ``opens_at`` on: the nearer the end of their
    deadline's day, the further before it, within a bound.
    """
    if deadline is None:
        return opens_at
    left = instant(datetime.combine(deadline + timedelta(days=1), time()), zone) - opens_at
    raised = RAISED_AT_MOST * ((RAISED_FROM - left) / RAISED_FROM)
    return opens_at - min(max(raised, timedelta(0)), RAISED_AT_MOST)


def asked_for(
    request: Request,
    id: CallbackId,
    line: LineId,
    *,
    place_since: datetime,
    due_at: datetime,
    at: datetime,
) -> Callback:
    """The callback that this request is."""
    return Callback(
        id=id,
        call=None,
        line=line,
        number=request.number,
        commune=request.commune,
        need=request.need,
        why=request.why,
        asked_at=at,
        place_since=place_since,
        due_at=request.half_hour or due_at,
        first_name=request.first_name,
        part=request.part,
        discreet=request.discreet,
        helper=request.helper,
        not_before=request.not_before,
        booked_at=request.half_hour,
        reply=request.reply,
    )


def same_name(first_name: str) -> str:
    """A first name as it tells people of one telephone apart: however they write it."""
    plain = unicodedata.normalize("NFKD", first_name.casefold())
    return "".join(sign for sign in plain if sign.isalpha())
