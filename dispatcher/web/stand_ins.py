"""The page of a request for a stand-in, for the one colleague whose signed link it is.

The first who presses the button has it. It names nobody; looking changes nothing.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, render_template
from sqlalchemy.exc import SQLAlchemyError

from dispatcher.domain.agents import AgentId
from dispatcher.domain.links import Purpose
from dispatcher.domain.stand_ins import StandInId, read_link
from dispatcher.operations import swaps
from dispatcher.operations.swaps import Seen
from dispatcher.web import guards, slots_said, strangers

log = logging.getLogger(__name__)

bp = Blueprint("stand_ins", __name__, url_prefix="/remplacement")
bp.before_request(strangers.own_pages_only)


@bp.get("/<token>")
def page(token: str) -> Response:
    """What is asked, and how it stands."""
    link = _link(token)
    return _shown(None if link is None else swaps.look(*link, guards.parts().services), token)


@bp.post("/<token>")
def accept(token: str) -> Response:
    """They take it."""
    link = _link(token)
    return _shown(None if link is None else swaps.accept(*link, guards.parts().services), token)


@bp.errorhandler(SQLAlchemyError)
def unread(error: Exception) -> Response:
    """Nothing can be read or changed now."""
    log.error("a stand-in could not be shown or taken: %s", type(error).__name__)
    return slots_said.unread()


def _shown(seen: Seen | None, token: str) -> Response:
    if seen is None:
        return slots_said.unknown()
    slot, line = slots_said.said(seen.wanted.occurrence), guards.parts().services.lines[0]
    standing = seen.standing
    document = render_template(
        "stand_in.html", line=line, token=token, slot=slot, standing=standing
    )
    return Response(document)


def _link(token: str) -> tuple[StandInId, AgentId] | None:
    id = guards.parts().services.links.id(token, Purpose.STAND_IN)
    return None if id is None else read_link(id)
