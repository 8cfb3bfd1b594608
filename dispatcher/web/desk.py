"""An agent's desk: the page they keep open, and what they press there.

Every press is a form that works without a script; with one, the same door answers with the desk as
it is then.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Final

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from dispatcher.domain.agents import AgentId, Pause
from dispatcher.domain.calls import OfferId
from dispatcher.operations import desk, presence
from dispatcher.operations.desk import Desk
from dispatcher.web import admission, desk_parts, guards, sign_ins, softphones

bp = Blueprint("desk", __name__, url_prefix="/agent")
bp.register_error_handler(SQLAlchemyError, sign_ins.unread)

PAUSES: Final = frozenset({Pause.BREAK, Pause.MEAL, Pause.VISITOR, Pause.MEETING})
NOW: Final = "X-Now"
"""The header that tells a page, whose clock may be wrong, what ours shows: milliseconds."""


@bp.before_request
def find_agent() -> Answer | None:
    """Whose desk this is: of who is signed in, who may be no agent of the directory."""
    g.agent = admission.signed_in().user.agent
    if g.agent is not None:
        return None
    if request.view_args:
        abort(404)
    return Response(render_template("desk_nobody.html"))


@bp.get("")
def page() -> Answer:
    """The desk as it is now."""
    return _page(_desk(), desk_parts.DONE.get(request.args.get("fait", ""), ""))


@bp.get("/desk.json")
def look() -> Answer:
    """The same, for the page's script; nothing when it has not changed."""
    return _snapshot(_desk())


@bp.post("/disponible")
def come_on() -> Answer:
    """They may be rung."""
    presence.come_on(agent(), guards.parts().services)
    return answered("disponible")


@bp.post("/pause")
def rest() -> Answer:
    """They rest for a while; a reason is theirs to give."""
    asked = request.form.get("motif") or Pause.BREAK
    why = next((each for each in PAUSES if each == asked), Pause.BREAK)
    presence.rest(agent(), why, guards.parts().services)
    return answered("pause")


@bp.post("/hors-ligne")
def leave() -> Answer:
    """Their day is over."""
    presence.rest(agent(), Pause.DAY_OVER, guards.parts().services)
    return answered("hors-ligne")


@bp.post("/appels/<offer>/passer")
def pass_on(offer: str) -> Answer:
    """Somebody else takes this one."""
    done = presence.pass_on(agent(), OfferId(offer), guards.parts().services)
    return answered("passe" if done else "trop-tard")


@bp.post("/appels/<offer>/raccrocher")
def hang_up(offer: str) -> Answer:
    """Their conversation ends."""
    done = presence.hang_up(agent(), OfferId(offer), guards.parts().services)
    return answered("raccroche" if done else "trop-tard")


@bp.post("/appels/<offer>/prolonger")
def extend(offer: str) -> Answer:
    """They need longer after it."""
    done = presence.extend(agent(), OfferId(offer), guards.parts().services)
    return answered("prolonge" if done else "trop-tard")


@bp.post("/appels/<offer>/fini")
def finish(offer: str) -> Answer:
    """They need no longer after it."""
    done = presence.finish(agent(), OfferId(offer), guards.parts().services)
    return answered("fini" if done else "trop-tard")


@bp.post("/flux")
def open_stream() -> Answer:
    """The address of a stream of wake-ups, for a minute; nothing where none can be reached."""
    parts = guards.parts()
    if parts.streams is None:
        return Response(status=204)
    session = admission.signed_in().session.id
    ticket = parts.streams.tickets.issue(session, at=parts.services.now())
    return jsonify({"url": f"{parts.streams.url}/?ticket={ticket}"})


def agent() -> AgentId:
    """Whose desk it is."""
    found: AgentId = g.agent
    return found


def _desk() -> Desk:
    found = desk.look(agent(), guards.parts().services)
    if found is None:
        abort(404)
    return found


def answered(what: str, says: str = "") -> Answer:
    """Back to the desk, which says so; for a script, the desk as it is now, and ``says``."""
    if for_a_script():
        return _snapshot(_desk(), news=says or desk_parts.DONE[what])
    return redirect(url_for("desk.page", fait=what), 303)


def for_a_script() -> bool:
    """Whether the desk's own script asks."""
    return request.accept_mimetypes.best == "application/json"


def _page(now: Desk, news: str) -> Response:
    phone = softphones.phone_of(now.agent)
    answer = Response(render_template("desk.html", news=news, phone=phone, **desk_parts.shown(now)))
    streams = guards.parts().streams
    return softphones.with_line(answer, *(() if streams is None else (streams.origin,)))


def _snapshot(now: Desk, news: str = "") -> Answer:
    told = desk_parts.told(now) | {"news": news}
    body = json.dumps(told, ensure_ascii=False).encode()
    answer = Response(body, mimetype="application/json")
    answer.set_etag(sha256(body).hexdigest()[:32])
    answer.headers[NOW] = str(desk_parts.milliseconds(now.at))
    return answer.make_conditional(request)
