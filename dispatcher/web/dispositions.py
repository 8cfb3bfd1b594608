"""What an agent writes of their own conversations, on pages that need no script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from dispatcher.domain import disposition_forms as forms
from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import OfferId
from dispatcher.domain.dispositions import Saved, Writing
from dispatcher.domain.schedule import local
from dispatcher.domain.slot_forms import Problem
from dispatcher.operations import dispositions, recaps
from dispatcher.operations.dispositions import Conversation
from dispatcher.operations.recaps import Booked, Sent
from dispatcher.web import admission, disposition_sheets, guards, sign_ins
from dispatcher.web.disposition_sheets import DONE, WORDS, Sheet

bp = Blueprint("dispositions", __name__, url_prefix="/agent/suivi")
bp.register_error_handler(SQLAlchemyError, sign_ins.unread)

CONFLICT: Final = Problem("version", "suivi.wrong.conflict")
UNSENDABLE: Final = Problem("by", "suivi.wrong.unsendable")
_BOOKED: Final = {
    Booked.BOOKED: "booked",
    Booked.JOINED: "joined",
    Booked.BEFORE: "booked-before",
    Booked.NOT_NOW: "not_now",
}


@bp.get("")
def page() -> Answer:
    """Today's conversations, and those before of which something is still to be written."""
    agent = admission.signed_in().user.agent
    found = dispositions.of_today(agent, guards.parts().services) if agent is not None else []
    sheets = [disposition_sheets.sheet(each) for each in found]
    return Response(render_template("dispositions.html", agent=agent, sheets=sheets))


@bp.get("/<offer>")
def sheet(offer: str) -> Answer:
    """One conversation, to be written of."""
    news = DONE.get(request.args.get("fait", ""), "")
    return _shown(disposition_sheets.sheet(_found(offer), news=news))


@bp.post("/<offer>")
def press(offer: str) -> Answer:
    """Whatever button was pressed: what was written is kept first."""
    found, form = _found(offer), _form()
    writing = forms.read(form)
    if isinstance(writing, tuple):
        return _again(offer, writing)
    saved, _ = _save(found, writing)
    if saved is Saved.GONE:
        abort(404)
    if saved is not Saved.KEPT:
        return _again(offer, (CONFLICT,), status=409)
    match form.get("act"):
        case "book":
            return _book(found)
        case "recap":
            return _recap(found, writing)
        case _:
            problems = forms.missing(writing)
            return _again(offer, problems) if problems else _done(found, "note")


@bp.post("/<offer>/brouillon")
def draft(offer: str) -> Answer:
    """What was typed so far, as a script sends it."""
    found = _found(offer)
    writing = forms.read(_form())
    if isinstance(writing, tuple):
        return jsonify(wrong=WORDS[writing[0].key]), 422  # type: ignore[return-value]
    saved, version = _save(found, writing)
    if saved is Saved.GONE:
        abort(404)
    status = 409 if saved is Saved.CONFLICT else 200
    return jsonify(version=version, saved=saved), status  # type: ignore[return-value]


def _book(found: Conversation) -> Answer:
    wish = forms.read_wish(_form(), _today(found))
    if isinstance(wish, tuple):
        return _again(found.offer.id, wish)
    booked = recaps.book(found.offer.id, _agent(), wish, guards.parts().services)
    return _done(found, _BOOKED[booked])


def _recap(found: Conversation, writing: Writing) -> Answer:
    asked = forms.read_recap(_form(), writing, _today(found))
    if isinstance(asked, tuple):
        return _again(found.offer.id, asked)
    words = disposition_sheets.filled(asked, writing)
    sent = recaps.send(found.offer.id, _agent(), asked, words, guards.parts().services)
    if sent is Sent.UNSENDABLE:
        return _again(found.offer.id, (UNSENDABLE,))
    return _done(found, "sent" if sent is Sent.SENT else "sent-before")


def _save(found: Conversation, writing: Writing) -> tuple[Saved, int]:
    edition, services = forms.read_edition(_form()), guards.parts().services
    return dispositions.save(found.offer.id, _agent(), writing, edition, services)


def _agent() -> AgentId:
    agent = admission.signed_in().user.agent
    if agent is None:
        abort(404)
    return agent


def _found(offer: str) -> Conversation:
    """A conversation of theirs of which they may write; any other is an address nobody made."""
    id = offer if re.fullmatch(r"[\w-]{1,64}", offer) else ""
    found = dispositions.look(OfferId(id), _agent(), guards.parts().services)
    if found is None:
        abort(404)
    return found


def _form() -> Mapping[str, str]:
    return request.form.to_dict()


def _today(found: Conversation) -> date:
    return local(guards.parts().services.now(), found.zone).date()


def _again(offer: str, problems: tuple[Problem, ...], *, status: int = 422) -> Answer:
    """The form with what is to be mended, and all that was typed."""
    return _shown(disposition_sheets.wrong(_found(offer), _form(), problems), status=status)


def _shown(sheet: Sheet, *, status: int = 200) -> Answer:
    document = render_template("disposition.html", sheet=sheet, wrong=sheet.wrong)
    return Response(document, status=status)


def _done(found: Conversation, what: str) -> Answer:
    return redirect(url_for("dispositions.sheet", offer=found.offer.id, fait=what), 303)
