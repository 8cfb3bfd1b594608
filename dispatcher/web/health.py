"""Whether we are alive, and whether we are ready."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from dispatcher.live.board import BoardLost
from dispatcher.web import guards

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """This process answers; nothing else is asked."""
    return jsonify(status="alive")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Each thing that a call needs, by name; 503 when one of them is missing."""
    services = guards.parts().services
    found = {
        "database": _answers(services.store.ping),
        "redis": _answers(services.board.ping),
        "board": _answers(services.board.check_stands),
    }
    return jsonify(found), 200 if set(found.values()) == {"ok"} else 503


def _answers(ask: Callable[[], object]) -> str:
    try:
        ask()
    except (SQLAlchemyError, BoardLost) as error:
        return type(error).__name__
    return "ok"
