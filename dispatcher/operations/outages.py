"""Calls that ended because nothing of ours answered any more: whoever was on one is rung back.

The carrier speaks its own error to them and hangs up; of its report of that end nothing tells it
from a caller who hung up. Two things do: the report never came, or we had just started again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from dispatcher.domain import prompts
from dispatcher.domain.calls import Call, Step, Why
from dispatcher.domain.numbers import refusal
from dispatcher.operations import callbacks
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

JUST_BACK: Final = timedelta(seconds=60)
"""Reports of ends that came while we were away are told within it, and no later."""
UNSERVED: Final = prompts.ASKING | {Step.WAITING, Step.OFFERED}


def keep(call: Call, tx: Transaction, services: Services, *, unheard: bool) -> bool:
    """Keep a callback for the caller of a call that has ended, if it was we who were away.

    ``unheard``: the carrier was asked whether it had ended, since it never said so.
    """
    number = call.keyed_number or call.number
    if call.step not in UNSERVED or number is None:
        return False
    if refusal(number, fiction=services.fiction) is not None:
        return False
    if not unheard and not _just_back(call, tx, services):
        return False
    since = call.waiting_since or call.started_at
    callbacks.keep(replace(call, why=Why.CUT_OFF, waiting_since=since), tx, services)
    return True


def _just_back(call: Call, tx: Transaction, services: Services) -> bool:
    """Whether we started again after the last that we heard of this call, and only just now."""
    started = services.up_since
    if started is None or services.now() - started > JUST_BACK:
        return False
    return tx.calls.heard_of(call) < started
