"""Coming in: a link by e-mail, or a password and a code. No script, one cookie."""

from __future__ import annotations

import logging
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from dispatcher.carrier.identity import IdentityError
from dispatcher.domain.users import Stage, email
from dispatcher.operations import sessions, sign_ins
from dispatcher.operations.sign_ins import Opened
from dispatcher.web import admission, guards, strangers, ways_back

log = logging.getLogger(__name__)

bp = Blueprint("sign_ins", __name__, url_prefix="/connexion")
bp.before_request(strangers.own_pages_only)

WAIT: Final = 15 * 60
"""Seconds after which somebody who was stopped may surely try again."""


@bp.get("")
def page() -> Answer:
    """The ways to come in; whoever is in already goes on."""
    if admission.who(Stage.IN) is not None:
        return redirect(ways_back.to(), 303)
    return shown()


@bp.post("/lien")
def ask_link() -> Answer:
    """Somebody wants a link, known or not."""
    typed = email(request.form.get("email", ""))
    if typed is None:
        return shown(422, wrong="email")
    if not sign_ins.ask_link(typed, strangers.address(), guards.parts().services):
        return shown(429, wrong="often")
    return redirect(url_for("sign_ins.asked"), 303)


@bp.get("/lien")
def asked() -> str:
    """A link was asked for: the same page for everybody."""
    return render_template("sign_in_asked.html")


@bp.get("/lien/<token>")
def link(token: str) -> str:
    """A link is opened, by a person or by a program that reads mails: nothing is used yet, nor told
    whether it is any good.
    """
    return render_template("sign_in_link.html", token=token)


@bp.post("/lien/<token>")
def use_link(token: str) -> Answer:
    """The button is pressed: the link is used up."""
    opened = sign_ins.use_link(token, strangers.address(), guards.parts().services)
    return shown(403, wrong="link") if opened is None else _in(opened)


@bp.post("/mot-de-passe")
def give_password() -> Answer:
    """A password is given: right, the telephone's code is asked for."""
    typed, password = email(request.form.get("email", "")), request.form.get("password", "")
    if typed is None:
        return shown(422, wrong="email")
    services = guards.parts().services
    opened = sign_ins.give_password(typed, password, strangers.address(), services)
    if opened is True:
        return shown(429, wrong="often")
    return shown(403, wrong="password") if opened is False else _in(opened)


@bp.get("/code")
def code() -> Answer:
    """The telephone's code is asked for."""
    return _code()


@bp.post("/code")
def give_code() -> Answer:
    """It is given."""
    who = admission.who(Stage.CODE)
    assert who is not None, "admission lets nobody else in here"
    opened = sign_ins.give_code(who, request.form.get("code", ""), guards.parts().services)
    if opened is True:
        return _code(429, wrong="often")
    if opened is False:
        return _code(403, wrong="code")
    return admission.keep(redirect(ways_back.to(), 303), opened)


@bp.post("/fin")
def sign_out() -> Answer:
    """Signed out of this browser, and of the service that vouched for whoever came by it."""
    sessions.end(request.cookies.get(admission.cookie(), ""), guards.parts().services)
    to = _farewell(admission.signed_in().session.hint)
    if to is None:
        return admission.forget(redirect(url_for("sign_ins.page"), 303))
    provider = guards.parts().provider
    assert provider is not None, "it said where to"
    return admission.forget(Response(render_template("leaving.html", to=to, name=provider.name)))


@bp.errorhandler(SQLAlchemyError)
def unread(error: Exception) -> Answer:
    """Nobody can be let in now."""
    log.error("nobody can sign in: %s", type(error).__name__)
    return Response(render_template("sign_in_away.html"), status=503)


def _farewell(hint: str | None) -> str | None:
    provider = guards.parts().provider
    if hint is None or provider is None:
        return None
    try:
        return provider.farewell(hint)
    except IdentityError:
        return None


def _in(opened: Opened) -> Answer:
    """A new session in place of whatever this browser had."""
    token, stage = opened
    sessions.end(request.cookies.get(admission.cookie(), ""), guards.parts().services)
    to = ways_back.to()
    if stage is Stage.CODE:
        to = url_for("sign_ins.code", next=ways_back.asked() or None)
    return admission.keep(redirect(to, 303), token)


def shown(status: int = 200, *, wrong: str = "") -> Response:
    """The ways to come in, with what went wrong."""
    provider = guards.parts().provider
    document = render_template(
        "sign_in.html",
        wrong=wrong,
        email=request.form.get("email", ""),
        next=ways_back.asked(),
        provider=None if provider is None else provider.name,
    )
    return _stopped(Response(document, status=status))


def _code(status: int = 200, *, wrong: str = "") -> Response:
    document = render_template("sign_in_code.html", wrong=wrong, next=ways_back.asked())
    return _stopped(Response(document, status=status))


def _stopped(answer: Response) -> Response:
    if answer.status_code == 429:
        answer.headers["Retry-After"] = str(WAIT)
    return answer
