"""The guard of every door in ``doors.py``: what is not in that table lets nobody in.

Doors of people with an account are guarded here, by their role and by where what they ask for
belongs.
"""

from __future__ import annotations

import hashlib
import logging
from hmac import compare_digest
from typing import Final

from flask import Response, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from dispatcher.domain.roles import Act, allows
from dispatcher.domain.users import Stage
from dispatcher.operations import sessions, users
from dispatcher.operations.sessions import SignedIn
from dispatcher.web import guards
from dispatcher.web.doors import DOORS, Door, Way

log = logging.getLogger(__name__)


FIELD: Final = "jeton"
"""The field of a form that shows it is of a page of ours."""


def admit() -> Answer | None:
    """Before every request: let nobody in at a door that is not in the table, and at those for
    accounts only whom it is for.
    """
    if request.endpoint is None:
        return None  # no such address: the answer says so
    door = DOORS.get(request.endpoint)
    if door is None:
        log.error("a door that is in no table: %s", request.endpoint)
        abort(404)
    if door.way is Way.ACCOUNT:
        return refused(door)
    if door.way is Way.CODE:
        found = who(Stage.CODE)
        return to_sign_in() if found is None else not_our_form()
    return None


def refused(door: Door) -> Answer | None:
    """None when somebody with an account may come in here. Else: sign in first; or there is no such
    page for them.
    """
    found = who(Stage.IN)
    if found is None:
        return to_sign_in()
    if door.act is None or not _may(found, door.act, door.place):
        abort(404)
    return not_our_form()


def who(stage: Stage) -> SignedIn | None:
    """Who is signed in in this browser, if they have come that far."""
    if "who" not in g:
        g.who = sessions.find(request.cookies.get(cookie(), ""), guards.parts().services)
    found: SignedIn | None = g.who
    return found if found is not None and found.session.stage is stage else None


def signed_in() -> SignedIn:
    """Who came in at this door, which is for people with an account."""
    found: SignedIn = g.who
    return found


def to_sign_in() -> Answer:
    """Whoever is not signed in is asked to; a script that asks is told so."""
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return Response(status=401)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sign_ins.page", next=back), 303)


def not_our_form() -> Answer | None:
    """Refuse a form that is not of a page of ours, given to this session."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    shown = request.form.get(FIELD, "")
    if site in {"same-origin", "none"} and compare_digest(shown.encode(), form_token().encode()):
        return None
    log.warning("refused a form that no page of ours gave")
    return Response(status=403)


def form_token() -> str:
    """What a form of this session shows; made of what only its browser has."""
    token = request.cookies.get(cookie(), "")
    return hashlib.sha256(b"form:" + token.encode()).hexdigest()


def keep(answer: Answer, token: str) -> Answer:
    """Have the browser keep what opens its session."""
    whole = guards.parts().services.lifetimes.whole
    answer.set_cookie(
        cookie(), token, max_age=whole, secure=secure(), httponly=True, samesite="Lax"
    )
    return answer


def forget(answer: Answer) -> Answer:
    """Have the browser forget it."""
    answer.delete_cookie(cookie(), secure=secure(), httponly=True, samesite="Lax")
    return answer


def cookie(name: str = "session") -> str:
    """Under this prefix browsers keep a cookie that this very host sent over TLS, and no other."""
    return f"__Host-{name}" if secure() else name


def secure() -> bool:
    """Whether browsers reach us over TLS."""
    return guards.parts().renderer.base_url.startswith("https:")


def _may(found: SignedIn, act: Act, place: str | None) -> bool:
    if place is None:
        return allows(found.user.grants, act)
    asked = users.place((request.view_args or {})[place], guards.parts().services)
    return asked is not None and allows(found.user.grants, act, asked[1])
