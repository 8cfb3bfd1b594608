"""The page of one slot of an agent's, for whoever has its signed link: say that one will be there,
or look for a stand-in.

The link is the right, and shows nobody's name. Looking changes nothing: programs open links too.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, redirect, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from dispatcher.domain.duty_links import DutyLink
from dispatcher.domain.links import Purpose
from dispatcher.operations import duty_answers
from dispatcher.operations.duty_answers import Seen
from dispatcher.web import guards, slots_said, strangers

log = logging.getLogger(__name__)

bp = Blueprint("duty", __name__, url_prefix="/creneau")
bp.before_request(strangers.own_pages_only)


@bp.get("/<token>")
def page(token: str) -> Response:
    """The slot, and what was said of it."""
    link = _link(token)
    seen = None if link is None else duty_answers.look(link, guards.parts().services)
    return slots_said.unknown() if seen is None else _shown(seen, token)


@bp.post("/<token>/confirm")
def confirm(token: str) -> Answer:
    """They will be there."""
    link = _link(token)
    if link is None or duty_answers.confirm(link, guards.parts().services) is None:
        return slots_said.unknown()
    return redirect(url_for("duty.page", token=token), 303)


@bp.post("/<token>/stand-in")
def ask(token: str) -> Answer:
    """They look for somebody who stands in."""
    link = _link(token)
    if link is None or duty_answers.ask(link, guards.parts().services) is None:
        return slots_said.unknown()
    return redirect(url_for("duty.page", token=token), 303)


@bp.errorhandler(SQLAlchemyError)
def unread(error: Exception) -> Response:
    """Nothing can be read or changed now."""
    log.error("a slot could not be shown or changed: %s", type(error).__name__)
    return slots_said.unread()


def _shown(seen: Seen, token: str) -> Response:
    document = render_template(
        "duty.html",
        line=guards.parts().services.lines[0],
        token=token,
        slot=slots_said.said(seen.occurrence),
        word=seen.word,
        begun=seen.begun,
    )
    return Response(document)


def _link(token: str) -> DutyLink | None:
    id = guards.parts().services.links.id(token, Purpose.DUTY)
    return None if id is None else DutyLink.read(id)
