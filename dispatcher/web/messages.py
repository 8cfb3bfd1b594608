"""Messages left after the beep, as the carrier fetches them to play them to one agent.

It shows no signature when it fetches a sound: the address itself is signed, and good for a while.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort

from dispatcher.operations import messages
from dispatcher.web import guards

bp = Blueprint("messages", __name__, url_prefix="/messages")


@bp.get("/<token>/<int:until>")
def message(token: str, until: int) -> Response:
    """One message, for whoever has its address while that is good; nobody keeps it."""
    sound = messages.sound(token, until, guards.parts().services)
    if sound is None:
        abort(404)
    return Response(sound, mimetype="audio/mpeg", headers={"Cache-Control": "private, no-store"})
