"""Inquiries find their agents: in the order of all places, by the same routing as calls.

An agent who writes is not rung and holds no telephone: the board knows nothing of it. Who is on
duty is asked of SQL, and the domain's own walk finds them. One conditional UPDATE gives a turn.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex
from zlib import crc32

from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.inquiries import AT_ONCE, TOLD_AGAIN, Inquiry, Note, TurnId
from dispatcher.domain.mails import MailId
from dispatcher.domain.reasons import reasons
from dispatcher.domain.replies import Reply
from dispatcher.domain.routing import Candidate, Plan, Routed, route
from dispatcher.domain.texts import TextId
from dispatcher.domain.zones import places
from dispatcher.operations import agents, mails, notices, offers, texts, windows
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn

log = logging.getLogger(__name__)


def sweep(services: Services) -> None:
    """Every few seconds: turns that are over, answers that went out or could not, and whoever waits
    for an agent.
    """
    at = services.now()
    with services.store.writing() as tx:
        for inquiry in tx.inquiries.lapsed(at=at):
            _lapse(inquiry, tx, at=at)
        for inquiry, sent in tx.inquiries.sent(at=at):
            _settle(inquiry, tx, sent=sent, at=at)
    offer_due(services)


def offer_due(services: Services) -> None:
    """Give every inquiry that waits to an agent, if one can be had."""
    with services.store.reading() as tx:
        waiting = tx.inquiries.waiting(at=services.now())
        roster = tx.agents.roster(agents.calendar(services)) if waiting else []
        contacts = tx.agents.contacts([each.id for each in roster])
    told = [each for each in roster if notices.can_be_told(contacts[each.id], services)]
    for id in waiting:
        give(id, told, services)


def give(id: CallbackId, roster: list[Agent], services: Services) -> None:
    """Give an inquiry to the agent of the ``roster`` whom its routing finds, and tell them; else it
    waits on.
    """
    at = services.now()
    with services.store.reading() as tx:
        callback, held = tx.callbacks.find(id), tx.inquiries.held()
        tried = _tried(id, tx, since=at - TOLD_AGAIN)
    if callback is None:
        return
    plan = replace(offers.plan_for(callback, services), tried=tried)
    free = [*_as_free(roster, callback, held, services)]
    routed = route(plan, free, at=at)
    if routed.agent is not None:
        _claim(callback, routed.agent, plan, routed, services)


def _claim(
    callback: Callback, agent: AgentId, plan: Plan, routed: Routed, services: Services
) -> None:
    at, turn = services.now(), TurnId(token_hex(12))
    told: tuple[MailId | None, TextId | None] = (None, None)
    with services.store.writing() as tx:
        if not _may_be_given(callback, tx, services):
            return
        inquiry = tx.inquiries.find(callback.id)
        taken = tx.inquiries.claim(inquiry, agent, turn, at=at) if inquiry else None
        moved = tx.callbacks.move(callback.id, of=State.WAITING, to=State.OFFERED, at=at)
        if taken is None or not moved:
            raise Withdrawn
        # Whether or not they can be told now: they are not asked again at once.
        tx.decisions.keep(
            dict(reasons(plan, routed)) | {"inquiry": True},
            at=at,
            callback=callback.id,
            agent=agent,
        )
        told = notices.tell(taken, tx, services)
        if told == (None, None):
            tx.inquiries.pass_on(turn, at=at)
            tx.callbacks.move(callback.id, of=State.OFFERED, to=State.WAITING, at=at)
    mails.prompt([told[0]], services)
    texts.prompt(told[1], services)


def _may_be_given(callback: Callback, tx: Transaction, services: Services) -> bool:
    """By the relay they are rung, at hours at which they may be."""
    now = tx.callbacks.find(callback.id)
    if now is None or now.state is not State.WAITING:
        return False
    return now.reply is not Reply.RELAY or windows.may_ring(now, tx, services)


def _tried(id: CallbackId, tx: Transaction, *, since: datetime) -> frozenset[AgentId]:
    """Who had this inquiry lately, and did not answer it."""
    of_it = tx.decisions.of(callback=id)
    return frozenset(each["agent"] for each in of_it if each["agent"] and each["at"] > since)


def _as_free(
    roster: list[Agent], callback: Callback, held: dict[AgentId, int], services: Services
) -> Iterator[Candidate]:
    """Agents on duty as the walk sees them: who has fewest first; of equals, another each time."""
    at = services.now()
    for agent in roster:
        until, skillset, has = agent.on_until(at), agent.skillset, held.get(agent.id, 0)
        if until is None or skillset is None or has >= AT_ONCE:
            continue
        lot = timedelta(seconds=crc32(f"{callback.id}:{agent.id}".encode()) % 3600)
        free_at = at - timedelta(hours=AT_ONCE - has + 1) + lot
        stands_in, excluded = places(agent.zones, services.atlas), agent.zones.excluded
        yield Candidate(agent.id, skillset, stands_in, excluded, free_at=free_at, until=until)


def _lapse(inquiry: Inquiry, tx: Transaction, *, at: datetime) -> None:
    if inquiry.turn is None or not tx.inquiries.lapse(inquiry.turn, at=at):
        return
    if tx.callbacks.move(inquiry.callback, of=State.OFFERED, to=State.WAITING, at=at):
        tx.callbacks.note(inquiry.callback, Note.LAPSED, at=at)


def _settle(inquiry: Inquiry, tx: Transaction, *, sent: bool | None, at: datetime) -> None:
    """An answer that surely did not go out brings its question back to its place."""
    if sent is False:
        if tx.inquiries.reopen(inquiry) and tx.callbacks.reopen(inquiry.callback, at=at):
            tx.callbacks.note(inquiry.callback, Note.UNSENT, at=at)
            log.error("an answer to inquiry %s could not be sent", inquiry.callback)
    elif tx.inquiries.settle(inquiry, at=at) and sent is None:
        tx.callbacks.note(inquiry.callback, Note.UNSURE, at=at)
