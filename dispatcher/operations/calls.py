"""What happens on a citizen's call, from its first ring to its end.

Every door does the same three things: load the call, move it if this request is about its present
turn, and tell the telephone the call's present step. A request that is late or doubled moves
nothing and hears the same present step.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from dispatcher.domain import prompts, questions
from dispatcher.domain.calls import Call, CallSid, Keys, LineId, OfferId, Outcome, Step, Why
from dispatcher.domain.cases import Case
from dispatcher.domain.lines import line_for
from dispatcher.domain.numbers import PhoneNumber, refusal
from dispatcher.domain.offers import end_at_hang_up
from dispatcher.domain.script import Script
from dispatcher.domain.territories import Commune, Level
from dispatcher.live.board import BoardLost
from dispatcher.operations import (
    agent_menu,
    beginnings,
    callbacks,
    cases,
    known_callers,
    messages,
    moving,
    offers,
    outages,
    parting,
    presenting,
    revocations,
)
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn

log = logging.getLogger(__name__)

MOVES_AT_MOST: Final = 5
"""How often a move that must happen (a hang-up) is tried over a call that others move too."""


def answer(
    sid: CallSid,
    called: str,
    number: PhoneNumber | None,
    forwarded_from: PhoneNumber | None,
    services: Services,
) -> Script:
    """A citizen's call reaches one of our numbers."""
    at = services.now()
    line = line_for(services.lines, called)
    if line is None:
        log.error("a call for a number that no line claims")
        line = services.lines[0]
    call = Call(sid, LineId(line.id), at, number=number)
    if _is_ourselves(number, forwarded_from, services):
        call = call.ends(Outcome.REJECTED, at=at)
    with services.store.writing() as tx:
        if not call.over:
            call = agent_menu.begin(call, tx)
        if not call.over and call.step is not Step.AGENT_PIN:
            call = beginnings.begin(call, forwarded_from, tx, services)
        if not tx.calls.add(call):
            call = _as_found(call, tx, at=at)
        elif call.step is Step.KEPT:
            callbacks.keep(call, tx, services)
    return presenting.present(call, services)


def hear(sid: CallSid, turn: int, keys: Keys, services: Services) -> Script:
    """The caller pressed keys, or none, at the question of this turn."""
    call = load(sid, services)
    if call is None:
        return presenting.lost()
    if call.turn == turn and call.step in agent_menu.STEPS:
        call = agent_menu.hear(call, keys, services)
    elif call.turn == turn and call.step is Step.ENDED:
        return _after_the_end(call, keys, services)
    elif call.turn == turn and call.step in prompts.ASKING:
        call = _answered(questions.hear(call, keys, _ground(call, services)), call, services)
    return presenting.present(call, services)


def _as_found(call: Call, tx: Transaction, *, at: datetime) -> Call:
    """What SQL has of a call that begins, and knew it already: this beginning is doubled, or its
    end overtook it.
    """
    found = tx.calls.find(call.sid)
    if found is None or not found.unbegun:
        return found or call
    begun = found.begins_late(call)
    tx.calls.save(begun, over=found, at=at)
    return begun


def _answered(moved: Call, over: Call, services: Services) -> Call:
    """The call after an answer; whoever has answered all we ask is brought to somebody at once."""
    if moved.step is not Step.WAITING:
        return save(moved, over=over, services=services)
    if services.line(moved.line).hours.is_open(services.now()):
        return route(moved, services, over=over)
    return keep(moved, Why.CLOSED, services, over=over)


def recorded(sid: CallSid, turn: int, services: Services, *, gone: bool) -> Script:
    """Somebody has left a message at this turn, or said nothing after the beep."""
    call = load(sid, services)
    if call is None:
        return presenting.lost()
    messages.hear(sid, services)
    if gone:
        hang_up(sid, services)
    elif call.turn == turn:
        call = save(messages.left(call, services), over=call, services=services)
    return presenting.present(call, services)


def left(sid: CallSid, result: str, services: Services) -> Script:
    """Somebody left the queue. Whatever made them leave, their call's present step comes next."""
    if result == "hangup":
        hang_up(sid, services)
    call = load(sid, services)
    return presenting.lost() if call is None else presenting.present(call, services)


def hang_up(sid: CallSid, services: Services, *, unheard: bool = False) -> None:
    """The carrier says that a call has ended: whatever it held is let go, once.

    ``unheard``: it says so only now that we asked.
    """
    at = services.now()
    held, parted = None, None
    for _ in range(MOVES_AT_MOST):
        with services.store.writing() as tx:
            call = tx.calls.find(sid)
            if call is None:  # its end overtook its beginning
                line = LineId(services.lines[0].id)
                if tx.calls.add(Call.ended_unbegun(sid, line, at=at)):
                    return
                raise Withdrawn  # its beginning came just now
            if call.over:
                return
            kept = tx.calls.was_at(sid, Step.KEPT) or tx.callbacks.of(sid) is not None
            kept = kept or outages.keep(call, tx, services, unheard=unheard)
            ended, held = call.hung_up(at=at, kept=kept), call.offer
            parted = parting.citizen_gone(call, tx, at=at)
            if held is not None:
                tx.offers.close(held, end_at_hang_up(call.step), at=at)
            if not tx.calls.save(ended, over=call, at=at):
                raise Withdrawn
            break
    if parted is not None:
        moving.settle(*parted, services)
    let_go(sid, held, services)
    offers.free_telephone(call, services)


def resume(sid: CallSid, services: Services) -> Script:
    """What a caller whose ring just ended hears next: another agent is looked for first."""
    call = load(sid, services)
    if call is None:
        return presenting.lost()
    if call.step is Step.WAITING:
        call = route(call, services)
    return presenting.present(call, services)


def let_go(sid: CallSid, offer: OfferId | None, services: Services) -> None:
    """Nobody waits under this call any more, and its agent, if any, is free again."""
    try:
        services.board.gone(sid)
    except BoardLost:
        log.warning("board lost at a hang-up; the rebuild will not bring it back")
    if offer is not None:
        offers.release(offer, services)


def keep(call: Call, why: Why, services: Services, *, over: Call | None = None) -> Call:
    """Keep a callback instead of putting the caller through; one without a number is asked
    for it. ``over``: the call as SQL has it, when that it waits is not saved yet.
    """
    number = call.number
    callable_back = number is not None and refusal(number, fiction=services.fiction) is None
    kept = call.keeps(why, callable_back=callable_back or _joins(call, services))
    kept = save(kept, over=over or call, by_way_of=call, services=services)
    if kept.step is not Step.WAITING:
        let_go(call.sid, None, services)
    return kept


def _joins(call: Call, services: Services) -> bool:
    """Whether the callback that they gave the code of keeps their place."""
    if not call.case_code:
        return False
    with services.store.reading() as tx:
        return cases.joined(call, tx, services) is not None


def load(sid: CallSid, services: Services) -> Call | None:
    """The call as it stands."""
    with services.store.reading() as tx:
        return tx.calls.find(sid)


def save(moved: Call, *, over: Call, services: Services, by_way_of: Call | None = None) -> Call:
    """The call as moved, or as somebody else moved it first; a kept one keeps its callback
    with it. ``by_way_of``: a step between the two.
    """
    at, saved = services.now(), False
    with services.store.writing() as tx:
        saved = tx.calls.save(moved, over=over, by_way_of=by_way_of, at=at)
        if saved and moved.remembered is not over.remembered:
            known_callers.note(moved, tx, services)
        if saved and moved.step is Step.KEPT:
            callbacks.keep(moved, tx, services)
        if saved and moved.step is Step.MESSAGE:
            messages.expect(moved, tx, services)
        if saved:
            revocations.by_key(moved, over, tx, services)
        current = moved if saved else tx.calls.find(over.sid)
    return current or over


def route(call: Call, services: Services, *, over: Call | None = None) -> Call:
    """Bring a waiting caller to somebody free, or let them wait, or keep a callback for them.

    ``over``: the call as SQL has it, when that it waits is not saved yet.
    """
    try:
        sought = offers.seek(call, services, over=over)
        asked_before = sought.why is not None  # and gave no number: they wait on the line
        if (
            sought.step is Step.WAITING
            and not asked_before
            and not offers.anybody_on(sought, services)
        ):
            return keep(sought, Why.NOBODY_ON, services)
    except BoardLost:
        log.warning("board lost while routing; the caller waits")
        return call if over is None else save(call, over=over, services=services)
    return sought


def _after_the_end(call: Call, keys: Keys, services: Services) -> Script:
    """The conversation is over and the caller still there: they may ask us to remember them."""
    if keys.digits != questions.REMEMBER or not presenting.may_remember(call):
        return presenting.goodbye()
    moved = save(call.remembers(True), over=call, services=services)
    return presenting.remembered() if moved.remembered else presenting.goodbye()


def _ground(call: Call, services: Services) -> questions.Ground:
    def alike(communes: Sequence[Commune]) -> bool:
        return len(communes) == 1 or _answered_alike(communes, services)

    def case(code: str) -> Case | None:
        return cases.given(code, call, services)

    kept = call.step is Step.KEEP_NUMBER and _was_kept(call.sid, services)
    leaves, at = messages.may_leave(call, services), services.now()
    atlas, ears, fiction = services.atlas, services.ears, services.fiction
    given = revocations.given(call, services)
    return questions.Ground(atlas, alike, at, ears, fiction, kept, case, leaves, given)


def _was_kept(sid: CallSid, services: Services) -> bool:
    with services.store.reading() as tx:
        return tx.calls.was_at(sid, Step.KEPT)


def _answered_alike(communes: Sequence[Commune], services: Services) -> bool:
    """Whether callers of these communes would be answered by the same people on duty now."""
    around = [
        tuple(p for p in services.atlas.around(c) if p.level < Level.NATION) for c in communes
    ]
    try:
        shape = services.board.shape(sorted(set().union(*around)))
    except BoardLost:
        return False
    empty = (False,) * 4
    seen = {
        tuple((place, shape[place]) for place in places if shape[place] != empty)
        for places in around
    }
    return len(seen) == 1


def _is_ourselves(
    number: PhoneNumber | None, forwarded_from: PhoneNumber | None, services: Services
) -> bool:
    """Whether our own ringing came back to us: from a line's number, or by an agent's forwarded
    telephone.
    """
    forwarded = forwarded_from is not None and offers.rang_back(forwarded_from, services)
    return forwarded or (number is not None and number in services.own_numbers)
