"""The page of a mandate that somebody is asked for, for whoever has its signed link; and the page
that says to anybody whether a mandate holds.

Recap, then question, then the answer: three pages that need no script. Looking changes nothing. The
link revokes what it gave.
"""

from __future__ import annotations

import logging
import re

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Reply

from dispatcher.domain.consents import Answer, ConsentId
from dispatcher.domain.links import Purpose
from dispatcher.domain.matters import Topic
from dispatcher.operations import consent_answers, mandates
from dispatcher.operations.consent_answers import Asked
from dispatcher.web import guards, mandate_sheets, strangers

log = logging.getLogger(__name__)

bp = Blueprint("consents", __name__)
bp.before_request(strangers.own_pages_only)


@bp.get("/mandat/<token>")
def page(token: str) -> Reply:
    """What they are asked, and how it stands."""
    id = _id(token)
    return _shown(None if id is None else consent_answers.look(id, guards.parts().services), token)


@bp.post("/mandat/<token>/lu")
def read(token: str) -> Reply:
    """They read the recap: the question comes next."""
    id = _id(token)
    return _next(id and consent_answers.question(id, guards.parts().services), token)


@bp.post("/mandat/<token>/reponse")
def answer(token: str) -> Reply:
    """They say yes, or no."""
    id, said = _id(token), request.form.get("reponse")
    if said not in {Answer.YES, Answer.NO}:
        abort(422)
    return _next(id and consent_answers.answer(id, Answer(said), guards.parts().services), token)


@bp.post("/mandat/<token>/retrait")
def revoke(token: str) -> Reply:
    """They take it back, or one procedure of it."""
    id, named = _id(token), request.form.get("demarche", "")
    if named and named not in mandate_sheets.SUBJECTS:
        abort(422)
    procedure = Topic(named) if named else None
    return _next(id and consent_answers.revoke(id, procedure, guards.parts().services), token)


@bp.get("/m/<reference>")
def verify(reference: str) -> Response:
    """Whether a mandate holds, of which house, from when and until when; nobody's name."""
    services = guards.parts().services
    known = re.fullmatch(r"[A-Za-z0-9]{12}", reference)
    found = mandates.verify(reference, services) if known else None
    document = render_template(
        "mandate_verified.html", line=services.lines[0], found=found, sheets=mandate_sheets
    )
    return Response(document, status=200 if found is not None else 404)


@bp.errorhandler(SQLAlchemyError)
def unread(error: Exception) -> Response:
    """Nothing can be read or changed now."""
    log.error("a mandate could not be shown or answered: %s", type(error).__name__)
    line = guards.parts().services.lines[0]
    return strangers.turned_away("request_refused.html", line, status=503, often=False)


def _next(found: Asked | str | None, token: str) -> Reply:
    """The same page, as it stands now; so that a reload answers nothing again."""
    if not found:
        return _shown(None, token)
    return redirect(url_for("consents.page", token=token), 303)


def _shown(found: Asked | None, token: str) -> Reply:
    line = guards.parts().services.lines[0]
    if found is None:
        return strangers.turned_away("mandate_unknown.html", line, status=404)
    rows = mandate_sheets.rows(found.mandate)
    document = render_template(
        "mandate_asked.html", line=line, token=token, found=found, rows=rows, sheets=mandate_sheets
    )
    return Response(document)


def _id(token: str) -> ConsentId | None:
    id = guards.parts().services.links.id(token, Purpose.CONSENT)
    return None if id is None else ConsentId(id)
