"""The door of partners: services that people see anyway ask for callbacks in their name, in JSON.

Every refusal is a problem of RFC 9457: a code in English for the program, a sentence in French for
whoever reads it. No answer tells whether a number is known, and none has a number in it.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, g, jsonify, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from config.words import words
from dispatcher.domain.bookings import Wanted
from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.floods import PARTNER_ASKS
from dispatcher.domain.lines import Line
from dispatcher.domain.links import Purpose
from dispatcher.domain.numbers import in_pairs
from dispatcher.domain.partners import Fault, asked_under, read, read_once, read_sought
from dispatcher.operations import bookings, cases, changes, partners, requests, windows
from dispatcher.operations.partners import Asked, Refused
from dispatcher.web import guards

log = logging.getLogger(__name__)

bp = Blueprint("partners", __name__, url_prefix="/api")

WORDS: Final = words("asking")
PROBLEM: Final = "application/problem+json"
OPEN: Final = frozenset({State.WAITING, State.OFFERED})
REFUSED: Final = {
    Refused.TOO_OFTEN: (429, "partner.too_often"),
    Refused.REUSED: (409, "partner.reused"),
    Refused.TAKEN: (409, "wrong.half_hour.taken"),
}


@bp.before_request
def keyed() -> Response | None:
    """Only who shows the key of a partner."""
    known, scheme = guards.parts().partners, request.headers.get("Authorization", "")
    kind, _, shown = scheme.partition(" ")
    name = known.named(shown.strip()) if known and kind.lower() == "bearer" else None
    if name is not None:
        g.partner = name
        return None
    log.warning("refused a partner without a key that we know")
    return problem(401, "key", "partner.key", headers={"WWW-Authenticate": "Bearer"})


@bp.post("/callbacks")
def ask() -> Response:
    """Somebody is to be rung back: once for a key of the request, however often it is posted."""
    services, line, body = guards.parts().services, _line(), request.get_json(silent=True)
    if not isinstance(body, dict):
        return problem(400, "json", "partner.json")
    found = read(body, requests.bounds(line, services))
    once = read_once(request.headers.get("Idempotency-Key"), body)
    if isinstance(once, Fault) or isinstance(found, tuple):
        faults = [once] if isinstance(once, Fault) else []
        faults += found if isinstance(found, tuple) else ()
        return problem(400, "invalid", "partner.invalid", errors=faults)
    asked = partners.ask(found, asked_under(g.partner, once), g.partner, line, services)
    if isinstance(asked, Refused):
        return _refused(asked)
    return _shown(asked)


@bp.get("/callbacks/<id>")
def look(id: str) -> Response:
    """Where a callback stands that this partner asked for."""
    services = guards.parts().services
    found = services.links.id(id, Purpose.PARTNER, of=g.partner)
    callback = changes.look(CallbackId(found), services) if found is not None else None
    if callback is None:
        return problem(404, "unknown", "partner.unknown")
    return _shown(Asked(callback, anew=False))


@bp.get("/half-hours")
def half_hours() -> Response:
    """What is left to choose for a place and a need; whoever is second for one is told so then."""
    services, line = guards.parts().services, _line()
    found = read_sought(request.args, requests.bounds(line, services))
    if isinstance(found, tuple):
        return problem(400, "invalid", "partner.invalid", errors=found)
    free = bookings.free(Wanted(line.id, found.commune, found.need), services)
    return _json({"half_hours": [at.isoformat() for at in free]}, 200, {})


@bp.errorhandler(SQLAlchemyError)
def not_kept(error: Exception) -> Response:
    """Nothing can be kept or looked up now."""
    log.error("a partner could not be served: %s", type(error).__name__)
    return problem(503, "unavailable", "partner.unavailable", headers={"Retry-After": "60"})


@bp.errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    """A request that is refused as it stands, such as one that is too large."""
    return problem(error.code or 400, "refused", "partner.refused")


def problem(
    status: int,
    code: str,
    key: str,
    *,
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A refusal, as RFC 9457 has it."""
    number = in_pairs(_line().public_number)
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": WORDS[key].format(number=number),
    }
    if errors:
        told["errors"] = [
            {"field": each.field, "code": each.code, "detail": WORDS[each.key]} for each in errors
        ]
    return _json(told, status, {"Content-Type": PROBLEM, **(headers or {})})


def _refused(why: Refused) -> Response:
    status, key = REFUSED[why]
    headers = {}
    if why is Refused.TOO_OFTEN:
        at = guards.parts().services.now()
        left = (PARTNER_ASKS.until(at) - at).total_seconds()
        headers["Retry-After"] = str(max(1, math.ceil(left)))
    return problem(status, why, key, headers=headers)


def _shown(asked: Asked) -> Response:
    links, callback = guards.parts().services.links, asked.callback
    id = links.token(callback.id, Purpose.PARTNER, of=g.partner)
    told = {
        "id": id,
        "state": callback.state,
        "due": _due(callback),
        "link": links.to_change(callback.id),
        "code": cases.code_of(callback.id, guards.parts().services),
    }
    if not asked.anew:
        return _json(told, 200, {})
    return _json(told, 201, {"Location": url_for("partners.look", id=id)})


def _due(callback: Callback) -> dict[str, str | None] | None:
    """From when to when they are rung next; nothing once they are being rung, or it is over."""
    found = windows.window(callback, guards.parts().services) if callback.state in OPEN else None
    if found is None:
        return None
    opens_at, closes_at = found
    return {"from": opens_at.isoformat(), "until": closes_at.isoformat() if closes_at else None}


def _json(told: object, status: int, headers: Mapping[str, str]) -> Response:
    answer = jsonify(told)
    answer.status_code = status
    answer.headers.update(headers)
    return answer


def _line() -> Line:
    return guards.parts().services.line(request.args.get("ligne", ""))
