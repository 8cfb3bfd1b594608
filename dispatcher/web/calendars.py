"""The calendar of an agent's slots, for calendar programs. Open: the address itself is the secret.

Nothing in it is about a person, and an unknown address is answered as one that never was.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Final

from flask import Blueprint, Response, abort, request

from config.words import words
from dispatcher.domain import icalendar
from dispatcher.operations import calendars
from dispatcher.web import guards

bp = Blueprint("calendars", __name__, url_prefix="/calendrier")

SUMMARY: Final = words("timetables")["calendar.summary"]


@bp.get("/<token>.ics")
def calendar(token: str) -> Response:
    """The slots behind this address; unchanged ones are not sent again."""
    services = guards.parts().services
    found = calendars.look(token, services)
    if found is None:
        abort(404)
    midnight = datetime.combine(services.now().astimezone(UTC).date(), time(), UTC)
    response = Response(icalendar.write(found, SUMMARY, at=midnight), mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.add_etag()
    response.make_conditional(request)
    return response
