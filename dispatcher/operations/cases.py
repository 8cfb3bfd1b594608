"""Cases: a code for every callback that is kept, and what giving one does.

A code chooses an agent and keeps a place. Nobody learns from it what it leads to, nor takes with it
what was promised to another number.
"""

from __future__ import annotations

import logging
from datetime import datetime
from secrets import randbelow
from typing import Final

from dispatcher.domain import cases
from dispatcher.domain.agents import AgentId
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.calls import Call, CallSid, LineId, Step
from dispatcher.domain.cases import Case
from dispatcher.domain.floods import (
    CODES_OF_NUMBER,
    CODES_WITHOUT_NUMBER,
    Allowance,
)
from dispatcher.domain.numbers import PhoneNumber, is_mobile
from dispatcher.domain.prompts import Kept
from dispatcher.domain.retention import Data
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

log = logging.getLogger(__name__)

DRAWS: Final = 50
"""Enough for one that is free while one in ten is."""
GOING: Final = (State.WAITING, State.OFFERED)


def begin(
    tx: Transaction,
    services: Services,
    *,
    call: CallSid | None = None,
    callback: CallbackId | None = None,
    agent: AgentId | None = None,
) -> None:
    """Give a code to a callback just kept, or to a call that joined one; twice gives one.

    No code begins like a postal code: whoever keys it at that question is told what to do.
    """
    told = tx.cases.code(callback) if callback else tx.cases.code_of_call(call) if call else None
    if told is not None:
        return
    for _ in range(DRAWS):
        code, at = cases.code(randbelow(cases.HOW_MANY)), services.now()
        if services.atlas.at_postal_code(code[:5]):
            continue
        if tx.cases.keep(code, call=call, callback=callback, agent=agent, at=at):
            return
    log.error("no code is free for a case: it has none")


def given(code: str, call: Call, services: Services) -> Case | None:
    """What a code given on a call leads to; nothing, too, for whoever tries too many."""
    found: Case | None = None
    with services.store.writing() as tx:
        if tx.allowances.spend(*_guess(call), at=services.now()):
            found = find(code, call.line, tx, services)
        else:
            log.warning("too many codes of cases were tried")
    return found


def find(code: str, line: LineId, tx: Transaction, services: Services) -> Case | None:
    """What a code of this line leads to, if it lives still."""
    since = services.periods.end(Data.CASES, at=services.now())
    return tx.cases.find(code, line, since=since)


def joined(call: Call, tx: Transaction, services: Services) -> Callback | None:
    """The callback still owed whose code was given on this call, if any."""
    case = find(call.case_code, call.line, tx, services) if call.case_code else None
    if case is None or case.callback is None or not case.owed:
        return None
    return tx.callbacks.find(case.callback)


def answered(call: Call, agent: AgentId, tx: Transaction, *, at: datetime) -> None:
    """Somebody who gave a code was answered: its callback is made, and this agent comes first."""
    if not call.case_code:
        return
    tx.cases.helped(agent, at=at, code=call.case_code)
    if (callback := tx.cases.callback(call.case_code)) is None:
        return
    for state in GOING:
        tx.callbacks.move(callback, of=state, to=State.REACHED, at=at)


def told(call: Call, services: Services) -> Kept:
    """What somebody is told on the line of the callback kept for them, besides its number."""
    if call.step is not Step.KEPT:
        return Kept()
    number = call.keyed_number or call.number
    with services.store.reading() as tx:
        if call.keyed_number is None and joined(call, tx, services) is not None:
            return Kept(joined=True)
        texted = number is not None and _is_texted(number, tx, services)
        return Kept(None if texted else tx.cases.code_of_call(call.sid))


def code_of(callback: CallbackId, services: Services) -> str | None:
    """The code of a callback, for whoever has its link."""
    with services.store.reading() as tx:
        return tx.cases.code(callback)


def _is_texted(number: PhoneNumber, tx: Transaction, services: Services) -> bool:
    """Whether a text tells this number what is kept for it."""
    mobile = services.sender is not None and is_mobile(number, fiction=services.fiction)
    return mobile and not tx.stops.holds(number)


def _guess(call: Call) -> tuple[Allowance, str]:
    if call.number is None:
        return CODES_WITHOUT_NUMBER, call.line
    return CODES_OF_NUMBER, call.number
