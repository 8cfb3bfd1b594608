"""One's own account: how to sign in, and where somebody is signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from dispatcher.domain.roles import Act, allows
from dispatcher.domain.schedule import local
from dispatcher.operations import accounts, proofs, sessions
from dispatcher.operations.proofs import LONGEST_PASSWORD, SHORTEST_PASSWORD
from dispatcher.web import admission, guards, sign_ins

bp = Blueprint("accounts", __name__, url_prefix="/compte")
bp.register_error_handler(SQLAlchemyError, sign_ins.unread)


def _signed_in_just_now(page: Callable[[], Answer]) -> Callable[[], Answer]:
    """What changes how somebody signs in is for whoever did a moment ago: not for a screen that was
    left open.
    """

    @wraps(page)
    def guarded() -> Answer:
        session = admission.signed_in().session
        if session.is_fresh(guards.parts().services.now()):
            return page()
        return _page(403, wrong="old")

    return guarded


@bp.get("")
def page() -> Answer:
    """Everything of one's account."""
    return _page()


@bp.post("/sessions/fin")
def end_everywhere() -> Answer:
    """Signed out everywhere, here too."""
    sessions.end_all(admission.signed_in().user.id, guards.parts().services)
    return admission.forget(redirect(url_for("sign_ins.page"), 303))


@bp.post("/sessions/<id>/fin")
def end_one(id: str) -> Answer:
    """Signed out of another browser."""
    if not sessions.end_one(id, admission.signed_in().user.id, guards.parts().services):
        abort(404)
    return redirect(url_for("accounts.page"), 303)


@bp.get("/code")
def code() -> Answer:
    """The key that is to be put into a telephone."""
    return _code()


@bp.post("/code/cle")
@_signed_in_just_now
def propose_code() -> Answer:
    """Somebody wants to put a key into a telephone."""
    accounts.propose_code(admission.signed_in().user.id, guards.parts().services)
    return redirect(url_for("accounts.code"), 303)


@bp.post("/code")
@_signed_in_just_now
def enrol_code() -> Answer:
    """The telephone's first code."""
    who, typed = admission.signed_in(), request.form.get("code", "")
    papers = accounts.enrol_code(who, typed, guards.parts().services)
    return _code(422, wrong=True) if papers is None else _papers(papers)


@bp.post("/papiers")
@_signed_in_just_now
def new_papers() -> Answer:
    """Other codes on paper."""
    who = admission.signed_in()
    if not who.user.has_code:
        return _page(422, wrong="no_code")
    return _papers(accounts.new_papers(who, guards.parts().services))


@bp.post("/mot-de-passe")
@_signed_in_just_now
def set_password() -> Answer:
    """Another password, for whoever is asked for a code besides."""
    who, password = admission.signed_in(), request.form.get("password", "")
    if not who.user.has_code:
        return _page(422, wrong="no_code")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return _page(422, wrong="length")
    if password.casefold() == who.user.email:
        return _page(422, wrong="email")
    accounts.set_password(who, password, guards.parts().services)
    return redirect(url_for("accounts.page", mot_de_passe="1"), 303)


def _page(status: int = 200, *, wrong: str = "") -> Response:
    who, services = admission.signed_in(), guards.parts().services
    zone = services.lines[0].hours.zone
    grants = who.user.grants
    document = render_template(
        "account.html",
        who=who,
        wrong=wrong,
        sees_load=allows(grants, Act.LOAD),
        runs=allows(grants, Act.TEAM),
        answers=who.user.agent is not None and allows(grants, Act.SLOTS),
        papers=accounts.papers_left(who.user.id, services),
        sessions=[
            (each, local(each.began_at, zone)) for each in sessions.of(who.user.id, services)
        ],
        least=SHORTEST_PASSWORD,
        changed="mot_de_passe" in request.args,
    )
    return Response(document, status=status)


def _code(status: int = 200, *, wrong: bool = False) -> Response:
    user = admission.signed_in().user
    key = accounts.proposed(user.id, guards.parts().services)
    square = "" if key is None else _square(proofs.address(key, user.email))
    shown = {"key": key, "square": square, "wrong": wrong, "has_code": user.has_code}
    return Response(render_template("account_code.html", **shown), status=status)


def _papers(papers: tuple[str, ...]) -> Response:
    return Response(render_template("account_papers.html", papers=papers))


def _square(text: str) -> str:
    """A QR code as a drawing that scales."""
    import segno

    return segno.make(text, micro=False, error="m").svg_inline(scale=5, omitsize=True, dark="#000")
