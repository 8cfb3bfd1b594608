"""A first look at the load, for supervisors: read only, of nobody in particular.

It opens to whoever has an account that may see it and, where the settings have one, to a key.

The key is given once, in a form, and never stands in an address; then a pass in a cookie holds for
some hours. SameSite=Strict is all that a form needs here: no other site's request carries the pass,
whoever has the key can make nobody else do anything with it, and behind the pass all is read only.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    render_template,
    request,
    url_for,
)
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from config.words import words
from dispatcher.assembly import SupervisionKeys
from dispatcher.domain.agents import Need
from dispatcher.domain.roles import Grant
from dispatcher.domain.schedule import local
from dispatcher.domain.territories import Level, Territory
from dispatcher.domain.users import Stage
from dispatcher.operations.load import Load
from dispatcher.operations.overview import Doing
from dispatcher.web import admission, guards, passes
from dispatcher.web import coverage as coverages
from dispatcher.web.doors import DOORS
from dispatcher.web.lookout import Lookout, NothingSeen
from dispatcher.web.passes import HOLDS_FOR, TRIES_WITHIN, Tries

log = logging.getLogger(__name__)

bp = Blueprint("supervision", __name__, url_prefix="/supervision")

EXTENSION: Final = "supervision"
WORDS: Final = words("reports")
NEEDS: Final = {need: WORDS[f"need.{need}"] for need in Need}
DOINGS: Final = {doing: WORDS[f"queue.doing.{doing}"] for doing in Doing}


@dataclass(frozen=True, slots=True)
class Watch:
    """What these doors hold in one web process."""

    keys: SupervisionKeys | None
    tries: Tries
    lookout: Lookout


def open_in(app: Flask) -> None:
    """Open these doors. Those of the key exist only where the settings have one."""
    parts = app.extensions[guards.EXTENSION]
    app.extensions[EXTENSION] = Watch(parts.supervision, Tries(), Lookout(parts.services))
    app.register_blueprint(bp)


@bp.before_request
def only_with_a_pass() -> Answer | None:
    """Every door here asks for the pass or the account, but the one where the key is given."""
    door, keys = DOORS[request.endpoint or ""], _watch().keys
    if keys is None:
        return admission.refused(door) if door.act is not None else abort(404)
    if request.endpoint == "supervision.enter":
        return None
    if _has_passed():
        return None
    if door.act is not None and admission.who(Stage.IN) is not None:
        return admission.refused(door)
    return _asked_for_the_key(403)


@bp.get("")
def page() -> str:
    """The load, with a script that keeps it fresh."""
    return render_template("supervision.html", **_shown(_watch().lookout.look()))


@bp.get("/figures")
def figures() -> str:
    """The part of the page that changes."""
    return render_template("figures.html", **_shown(_watch().lookout.look()))


@bp.get("/couverture")
def coverage() -> str:
    """Who serves what, when: slots posted against opening hours, for the days to come."""
    return render_template("coverage.html", **coverages.shown(guards.parts().services, _grants()))


@bp.get("/couverture/<departement>")
def coverage_inside(departement: str) -> str:
    """The same in one département, EPCI by EPCI."""
    found = coverages.shown_inside(departement, guards.parts().services, _grants())
    return abort(404) if found is None else render_template("coverage.html", **found)


@bp.post("")
def enter() -> Response:
    """Somebody gives the key: a right one gives them a pass."""
    watch, at = _watch(), _now()
    keys = watch.keys
    assert keys is not None, "without a key nobody comes here"
    if not watch.tries.take(at=at):
        return _asked_for_the_key(429, wait=round(TRIES_WITHIN.total_seconds()))
    if not passes.is_key(request.form.get("key", ""), keys.asked):
        log.warning("a wrong key was given to see the load")
        return _asked_for_the_key(403, wrong=True)
    watch.tries.give_back()
    answer = _to_the_page()
    answer.set_cookie(
        _cookie(),
        passes.issue(keys.signing, at=at),
        max_age=HOLDS_FOR,
        secure=_secure(),
        httponly=True,
        samesite="Strict",
    )
    return answer


@bp.post("/leave")
def leave() -> Response:
    """Whoever sits at this screen next shall not see the load."""
    answer = _to_the_page()
    answer.delete_cookie(_cookie(), secure=_secure(), httponly=True, samesite="Strict")
    return answer


@bp.errorhandler(SQLAlchemyError)
@bp.errorhandler(NothingSeen)
def unseen(error: Exception) -> tuple[str, int]:
    """The figures cannot be read now; the page says so, and its script tries again."""
    log.warning("the load could not be counted: %s", type(error).__name__)
    return render_template("supervision.html", load=None, keyed=_keyed()), 503


@bp.app_template_filter()
def how_long(since: datetime | None, at: datetime) -> str:
    """How long it is from ``since`` to ``at``, in its largest two units; a dash for never."""
    if since is None:
        return "–"
    minutes, seconds = divmod(max(0, int((at - since).total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return WORDS["moment.hours"].format(hours=hours, minutes=minutes)
    return WORDS["moment.minutes"].format(minutes=minutes, seconds=seconds)


def _shown(load: Load) -> dict[str, Any]:
    services = guards.parts().services
    atlas, zone = services.atlas, services.lines[0].hours.zone
    places = [
        (atlas.name(Territory(Level.DEPARTEMENT, code)) if code else None, those)
        for code, those in load.waiting.places
    ]
    return {
        "load": load,
        "keyed": _keyed(),
        "clock": local(load.at, zone),
        "places": places,
        "needs": NEEDS,
        "doings": DOINGS,
    }


def _asked_for_the_key(status: int, *, wrong: bool = False, wait: int = 0) -> Response:
    document = render_template("supervision_key.html", wrong=wrong, wait=wait)
    return Response(document, status=status, headers={"Retry-After": str(wait)} if wait else {})


def _has_passed() -> bool:
    """Whether this browser shows a pass that holds still."""
    keys = _watch().keys
    shown = request.cookies.get(_cookie(), "")
    return keys is not None and passes.holds(shown, keys.signing, at=_now())


def _grants() -> tuple[Grant, ...] | None:
    """The roles of whoever has an account; None for who has the key, which opens everything."""
    return None if _has_passed() else admission.signed_in().user.grants


def _keyed() -> bool:
    """Whether this browser shows a pass, rather than an account."""
    return _watch().keys is not None and _cookie() in request.cookies


def _to_the_page() -> Response:
    return Response(status=303, headers={"Location": url_for("supervision.page")})


def _cookie() -> str:
    """Under this prefix browsers keep a cookie that this very host sent over TLS, and no other."""
    return "__Host-supervision" if _secure() else "supervision"


def _secure() -> bool:
    return guards.parts().renderer.base_url.startswith("https:")


def _now() -> datetime:
    return guards.parts().services.now()


def _watch() -> Watch:
    found: Watch = current_app.extensions[EXTENSION]
    return found
