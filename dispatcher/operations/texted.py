"""What somebody wrote to us is answered: RAPPEL, an agent's word, STOP and START, or whom to ring.

No text is two of these: each has a closed list of words.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from dispatcher.carrier.forms import Written
from dispatcher.domain import cases
from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.calls import Why
from dispatcher.domain.lines import Line
from dispatcher.domain.numbers import PhoneNumber, refusal
from dispatcher.domain.requests import Request
from dispatcher.domain.stops import wish
from dispatcher.domain.texted import asks_to_be_rung
from dispatcher.operations import agent_texts, consent_answers, requests, revocations, stops
from dispatcher.operations.cases import code_of
from dispatcher.operations.services import Services
from dispatcher.store.spool import Spool

log = logging.getLogger(__name__)

RECENT: Final = timedelta(days=30)
"""How long the commune of somebody's last call is taken to be theirs still."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence of the catalogue ``texts`` and what it is filled with. ``confirms`` a STOP: the
    last one they get.
    """

    key: str
    filled: Mapping[str, str] = field(default_factory=dict)
    confirms: bool = False


def heed(written: Written, line: Line, spool: Spool, services: Services) -> Answer:
    """Do what this text asks, and give its answer. ``spool`` keeps a STOP that SQL cannot take."""
    assert written.number is not None
    if asks_to_be_rung(written.text) and _may_be_rung(written.number, services):
        return _rung_back(written, written.number, line, services)
    if (answered := _as_agent(written.number, written.text, services)) is not None:
        return answered
    if (answered := _to_mandate(written.number, written.text, services)) is not None:
        return answered
    said, confirms = stops.heed(written, spool, services)
    return Answer(said, confirms=confirms)


def _as_agent(number: PhoneNumber, text: str, services: Services) -> Answer | None:
    """The answer to an agent's word; None when it is none, and when nobody can tell now."""
    try:
        said = agent_texts.heed(number, text, services)
    except SQLAlchemyError as error:
        log.warning("an agent's text could not be heeded: %s", type(error).__name__)
        return None
    return None if said is None else Answer(*said)


def _to_mandate(number: PhoneNumber, text: str, services: Services) -> Answer | None:
    """The answer to what somebody writes of a mandate they were asked for; STOP is not of one."""
    if wish(text) is not None:
        return None
    try:
        said = revocations.heed(number, text, services)
        said = said or consent_answers.heed(number, text, services)
    except SQLAlchemyError as error:
        log.warning("an answer about a mandate could not be heeded: %s", type(error).__name__)
        return None
    return None if said is None else Answer(*said)


def _may_be_rung(number: PhoneNumber, services: Services) -> bool:
    refused = refusal(number, fiction=services.fiction)
    return refused is None and number not in services.own_numbers


def _rung_back(written: Written, number: PhoneNumber, line: Line, services: Services) -> Answer:
    """Keep a callback, unless they are owed one: either is said in the same words, with its link.

    The carrier may post one text twice; whoever is owed one for any need is rung once.
    """
    try:
        callback = _owed(number, services) or _asked(written, number, line, services)
    except SQLAlchemyError as error:
        log.warning("a callback asked for by text could not be kept: %s", type(error).__name__)
        callback = None
    if callback is None:
        return Answer("sms.not_kept")
    code = cases.shown(code_of(callback.id, services))
    return Answer("sms.kept", {"link": services.links.to_change(callback.id), "code": code})


def _owed(number: PhoneNumber, services: Services) -> Callback | None:
    with services.store.reading() as tx:
        owed = (tx.callbacks.awaiting(number, need) for need in Need)
        return next((each for each in owed if each is not None), None)


def _asked(
    written: Written, number: PhoneNumber, line: Line, services: Services
) -> Callback | None:
    request = _request(number, services)
    id = CallbackId(written.sid[-24:])
    kept = requests.ask(request, id, line, services, address=None)
    if kept is None:
        log.warning("a number asked by text to be rung back too often")
    if kept is not None and kept.state is State.JOINED:  # another text was a moment faster
        return _owed(number, services) or kept
    return kept


def _request(number: PhoneNumber, services: Services) -> Request:
    """Where they are, and who helped them, as far as they told us before."""
    at = services.now()
    with services.store.reading() as tx:
        known = tx.known_callers.find(number, at=at)
        commune = known.commune if known else tx.calls.last_commune(number, since=at - RECENT)
    helper = known.agent if known else None
    return Request(number, commune, Need.EITHER, "", why=Why.TEXT, helper=helper)
