"""The telephone in an agent's page: its line, its pulse, and what the agent is rung on."""

from __future__ import annotations

import re
from dataclasses import dataclass
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

from dispatcher.carrier.switchboard import Deed, Switchboard
from dispatcher.carrier.tokens import LASTS, Tokens
from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.channels import Channel
from dispatcher.live.board import BoardLost
from dispatcher.operations import softphones
from dispatcher.web import admission, guards, sign_ins

bp = Blueprint("softphones", __name__, url_prefix="/agent")
bp.register_error_handler(SQLAlchemyError, sign_ins.unread)

PAGE_ID: Final = re.compile(r"[0-9a-f]{24}")
KEYS: Final = re.compile(r"[0-9*#]{0,20}")
SIGNALLING: Final = "wss://voice-js.roaming.twilio.com"
"""What a page that Twilio rings speaks to, besides us."""
POLICY: Final = (
    "default-src 'self'; connect-src 'self' {}; base-uri 'none'; form-action 'self';"
    " object-src 'none'; frame-ancestors 'none'"
)
BRIEF: Final = frozenset({"softphones.beat", "softphones.look", "softphones.act"})
BEATS_EVERY: Final = 5000
"""Milliseconds of our own clock between two beats of a page: a third of how long one lives."""


@dataclass(frozen=True, slots=True)
class Phone:
    """What the telephone of a page needs: the script of its line and where that asks (empty, and
    the page does not ring); how many milliseconds are between its beats; whether a telephone rings
    while it does not; and whether it rings for real only after a practice.
    """

    lines: str
    line: str
    every: int
    telephone: bool
    practice: bool = False


@bp.before_request
def find_agent() -> Answer | None:
    """Whose telephone it is: of who is signed in, who may be no agent of the directory."""
    g.agent_id = id = admission.signed_in().user.agent
    if id is not None and request.endpoint in BRIEF:
        return None  # asked again and again: whose it is says enough
    g.agent = softphones.find(id, guards.parts().services) if id is not None else None
    if g.agent is not None:
        return None
    if request.endpoint != "softphones.page":
        abort(404)
    return Response(render_template("planning_nobody.html"))


@bp.get("/softphone")
def page() -> Answer:
    """A page to try it on, and to choose what one is rung on."""
    agent = _agent()
    phone, kept = phone_of(agent), agent.channel
    # Whoever never chose is rung in the page as soon as they press its button.
    channel = (
        Channel.EITHER if kept is Channel.TELEPHONE and (phone.lines or phone.practice) else kept
    )
    shown = {"phone": phone, "channel": channel, "bell": True}
    document = render_template("softphone_page.html", chosen="fait" in request.args, **shown)
    return with_line(Response(document))


@bp.post("/softphone")
def choose() -> Answer:
    """What they want to be rung on."""
    try:
        channel = Channel(request.form.get("channel", ""))
    except ValueError:
        return Response(status=422)
    softphones.choose(_agent().id, channel, guards.parts().services)
    return redirect(url_for("softphones.page", fait="1"), 303)


@bp.get("/softphone/essai")
def practice() -> Answer:
    """An invented call, in a page of its own that rings for nobody."""
    script = url_for("static", filename="softphone-practice.js")
    phone = Phone(script, "", BEATS_EVERY, _agent().has_telephone)
    return Response(render_template("practice.html", phone=phone, bell=True, mute=True))


@bp.post("/softphone/essai")
def practise() -> Answer:
    """They have lived it to its end."""
    softphones.practise(_agent().id, guards.parts().services)
    return redirect(url_for("softphones.page", fait="1"), 303)


@bp.get("/softphone/token")
def token() -> Answer:
    """What lets this agent's browser be rung by Twilio, for ten minutes."""
    tokens = guards.parts().tokens
    if tokens is None:
        abort(404)
    softphone = softphones.open_for(_agent().id, guards.parts().services)
    return jsonify(token=tokens.issue(softphone), lasts=LASTS)


@bp.get("/softphone/simulated")
def look() -> Answer:
    """What this agent's browser does on the simulated network."""
    softphone = softphones.open_for(_id(), guards.parts().services)
    told = _switchboard().look(softphone)
    return Response(status=503) if told is None else jsonify(told)


@bp.post("/softphone/simulated")
def act() -> Answer:
    """They accept, refuse, hang up or press keys there."""
    keys = request.form.get("keys", "")
    try:
        deed = Deed(request.form.get("deed", ""))
    except ValueError:
        return Response(status=422)
    if KEYS.fullmatch(keys) is None:
        return Response(status=422)
    softphone = softphones.open_for(_id(), guards.parts().services)
    return Response(status=204 if _switchboard().act(softphone, deed, keys) else 409)


@bp.post("/heartbeat")
def beat() -> Answer:
    """A page of theirs shows life; 503 while nobody can take note of it."""
    page, rings = request.form.get("page", ""), request.form.get("rings") == "1"
    if PAGE_ID.fullmatch(page) is None:
        return Response(status=422)
    try:
        softphones.beat(_id(), page, can_ring=rings, services=guards.parts().services)
    except BoardLost:
        return Response(status=503)
    return Response(status=204)


def phone_of(agent: Agent) -> Phone:
    """The telephone of a page of this agent's."""
    parts = guards.parts()
    every = round(BEATS_EVERY / parts.speed)
    if softphones.keeps_to_telephone(agent, parts.services):
        return Phone("", "", every, agent.has_telephone)
    lines, asks = _line(parts.tokens, parts.switchboard)
    if lines and not agent.reachable:  # their page is all that they have, from the first time on
        softphones.open_for(agent.id, parts.services)
    if softphones.must_practise(agent.id, parts.services):
        return Phone("", "", every, agent.has_telephone, practice=True)
    return Phone(lines, asks, every, agent.has_telephone)


def with_line(response: Response, *origins: str) -> Response:
    """The same page, which may speak to these origins, and to Twilio where Twilio rings it."""
    if guards.parts().tokens is not None:
        origins += (SIGNALLING,)
    if origins:
        response.headers["Content-Security-Policy"] = POLICY.format(" ".join(origins))
    return response


def _line(tokens: Tokens | None, switchboard: Switchboard | None) -> tuple[str, str]:
    """The script of a page's line, and where it asks."""
    if tokens is not None:
        script, asks = "softphone-twilio.js", url_for("softphones.token")
    elif switchboard is not None:
        script, asks = "softphone-simulated.js", url_for("softphones.look")
    else:
        return "", ""
    return url_for("static", filename=script), asks


def _switchboard() -> Switchboard:
    found = guards.parts().switchboard
    if found is None:
        abort(404)
    return found


def _agent() -> Agent:
    found: Agent = g.agent
    return found


def _id() -> AgentId:
    found: AgentId = g.agent_id
    return found
