"""Holding a conversation, passing it on, bringing somebody in: one page that needs no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from config.words import words
from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.calls import OfferId
from dispatcher.domain.passing import MANNERS, MAY, Deed
from dispatcher.domain.territories import Commune, Level, Territory
from dispatcher.domain.transfers import (
    Kind,
    Refusal,
    Target,
    ToAgent,
    ToNeed,
    ToReferral,
    ToTerritory,
    Transfer,
)
from dispatcher.operations import passing, transfers
from dispatcher.operations.passing import Passing
from dispatcher.operations.services import Services
from dispatcher.web import desk, guards, sign_ins, stages

bp = Blueprint("transfers", __name__, url_prefix="/agent/appels")
bp.before_request(desk.find_agent)
bp.register_error_handler(SQLAlchemyError, sign_ins.unread)

WORDS: Final = words("passing")
REFUSALS: Final = {
    Refusal.NO_CONVERSATION: WORDS["passing.wrong.over"],
    Refusal.NOT_NOW: WORDS["passing.wrong.not_now"],
    Refusal.NOBODY_FREE: WORDS["passing.wrong.nobody_free"],
    Refusal.NOT_ALLOWED: WORDS["passing.wrong.not_allowed"],
    Refusal.NOT_YET: WORDS["passing.wrong.not_yet"],
}
NEEDS: Final = {
    Need.PROCEDURES: WORDS["passing.need.procedures"],
    Need.MEDIATION: WORDS["passing.need.mediation"],
}
LEVELS: Final = {
    Level.HOUSE: WORDS["passing.level.commune"],
    Level.COMMUNE: WORDS["passing.level.commune"],
    Level.EPCI: WORDS["passing.level.epci"],
    Level.DEPARTEMENT: WORDS["passing.level.departement"],
    Level.REGION: WORDS["passing.level.region"],
    Level.NATION: WORDS["passing.level.nation"],
}
DONE: Final = {
    Deed.HOLD: "attente",
    Deed.RESUME: "reprise",
    Deed.BEGIN: "appel",
    Deed.COMPLETE: "confie",
    Deed.CANCEL: "reprise",
    Deed.LEAVE: "confie",
}
"""How the desk's address says what was done."""
_DO: Final[dict[Deed, Callable[[OfferId, Services], Transfer | Refusal]]] = {
    Deed.HOLD: transfers.hold,
    Deed.RESUME: transfers.resume,
    Deed.COMPLETE: transfers.complete,
    Deed.CANCEL: transfers.cancel,
    Deed.LEAVE: transfers.leave,
}


class Unsaid(Exception):
    """A form that does not say to whom: what is wrong, and between which communes to choose."""

    def __init__(self, why: str, communes: tuple[Commune, ...] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.communes = communes


@bp.get("/<offer>/transfert")
def page(offer: str) -> Answer:
    """How it stands, and what may be done."""
    return _shown(_found(offer))


@bp.post("/<offer>/transfert")
def press(offer: str) -> Answer:
    """Whatever button was pressed."""
    found = _found(offer)
    deed = next((each for each in Deed if each == request.form.get("do")), None)
    if deed is None:
        abort(422)
    try:
        done = _begin(found) if deed is Deed.BEGIN else _DO[deed](found.offer, _services())
    except Unsaid as unsaid:
        return _shown(found, wrong=unsaid.why, communes=unsaid.communes, status=422)
    if isinstance(done, Refusal):
        now = passing.look(desk.agent(), found.offer, _services())
        if now is None or desk.for_a_script():
            return desk.answered("trop-tard", REFUSALS[done])
        return _shown(now, wrong=REFUSALS[done], status=409)
    joined = deed is Deed.COMPLETE and done.kind is Kind.THIRD
    return desk.answered("trois" if joined else DONE[deed])


def _begin(found: Passing) -> Transfer | Refusal:
    manner = next((each for each in MANNERS if each == request.form.get("how")), None)
    if manner is None:
        raise Unsaid(WORDS["passing.wrong.how"])
    return transfers.begin(found.offer, _target(found), manner, _services())


def _target(found: Passing) -> Target:
    """To whom. Raises Unsaid."""
    kind, _, code = request.form.get("to", "").partition(":")
    if kind == "agent" and code.isascii() and code.isdigit() and len(code) < 10:
        return ToAgent(AgentId(int(code)))
    if kind == "need" and code in NEEDS:
        return ToNeed(Need(code))
    if kind == "referral" and any(each.id == code for each in found.referrals):
        return ToReferral(code)
    if kind == "place":
        return ToTerritory(Territory(Level.COMMUNE, _commune().code))
    raise Unsaid(WORDS["passing.wrong.to"])


def _commune() -> Commune:
    """The commune that a postal code, and a choice where it has several, says. Raises Unsaid."""
    atlas, typed = _services().atlas, re.sub(r"\s", "", request.form.get("postal_code", ""))
    known = sorted(atlas.at_postal_code(typed), key=lambda each: each.name)
    if not known:
        raise Unsaid(WORDS["passing.wrong.postal_code"])
    chosen = [each for each in known if len(known) == 1 or each.code == request.form.get("commune")]
    if not chosen:
        raise Unsaid(WORDS["passing.wrong.commune"], tuple(known))
    return chosen[0]


def _shown(
    found: Passing,
    *,
    wrong: str = "",
    communes: tuple[Commune, ...] = (),
    status: int = 200,
) -> Answer:
    begins = Deed.BEGIN in MAY[found.stage]
    free = passing.colleagues(desk.agent(), found, _services()) if begins else []
    choices = {"colleagues": free, "needs": NEEDS, "levels": LEVELS, "communes": communes}
    typed = {"said": request.form, "wrong": wrong}
    body = render_template("transfer.html", **stages.shown(found), **choices, **typed)
    return Response(body, status=status)


def _found(offer: str) -> Passing:
    """A conversation of theirs that goes on; any other is an address nobody made."""
    id = OfferId(offer if re.fullmatch(r"[\w-]{1,64}", offer) else "")
    found = passing.look(desk.agent(), id, _services())
    if found is None:
        abort(404)
    return found


def _services() -> Services:
    return guards.parts().services
