"""The way in by another service, and the way out of it."""

from __future__ import annotations

import logging
from hmac import compare_digest
from typing import Final

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from dispatcher.carrier.identity import IdentityError, Provider
from dispatcher.operations import federation, sessions
from dispatcher.web import admission, guards, sign_ins, strangers, ways_back

log = logging.getLogger(__name__)

bp = Blueprint("federation", __name__, url_prefix="/connexion")
bp.before_request(strangers.own_pages_only)
bp.register_error_handler(SQLAlchemyError, sign_ins.unread)

COOKIE: Final = "depart"


def open_in(app: Flask) -> None:
    """Open these doors where the settings name a provider."""
    if guards.parts_of(app).provider is not None:
        app.register_blueprint(bp)


@bp.post("/fournisseur")
def begin() -> Answer:
    """Somebody wants to come in that way. They are sent on by a page, and not by a redirect, since
    a form of ours may lead to no other site (``form-action``).
    """
    try:
        begun = federation.begin(
            _provider(), ways_back.asked(), strangers.address(), guards.parts().services
        )
    except IdentityError as error:
        return _failed(error)
    if begun is None:
        return sign_ins.shown(429, wrong="often")
    url, state = begun
    answer = Response(render_template("leaving.html", to=url, name=_provider().name))
    answer.set_cookie(
        admission.cookie(COOKIE),
        state,
        max_age=federation.BACK_WITHIN,
        secure=admission.secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


@bp.get("/retour")
def back() -> Answer:
    """They are back: the same browser, with what was sent along, once."""
    kept, shown = request.cookies.get(admission.cookie(COOKIE), ""), request.args.get("state", "")
    services = guards.parts().services
    if not kept or not compare_digest(kept.encode(), shown.encode()):
        return _failed(IdentityError("another state"))
    attempt = federation.claim(shown, services)
    if attempt is None or not request.args.get("code"):
        return _failed(IdentityError("no such attempt, or no code"))
    if request.args.get("iss", _provider().issuer) != _provider().issuer:  # RFC 9207
        return _failed(IdentityError("another issuer"))
    try:
        identity = _provider().finish(request.args["code"], attempt.nonce, attempt.verifier)
    except IdentityError as error:
        return _failed(error)
    opened = federation.enter(identity, _provider(), services)
    if opened is None:
        return sign_ins.shown(403, wrong="unknown")
    sessions.end(request.cookies.get(admission.cookie(), ""), services)
    to = ways_back.safe(attempt.back) or url_for("accounts.page")
    answer = admission.keep(redirect(to, 303), opened[0])
    answer.delete_cookie(admission.cookie(COOKIE), secure=admission.secure(), httponly=True)
    return answer


def _failed(error: IdentityError) -> Answer:
    log.warning("nobody came in by the identity provider: %s", error)
    return sign_ins.shown(403, wrong="provider")


def _provider() -> Provider:
    found = guards.parts().provider
    assert found is not None, "these doors are open only with one"
    return found
