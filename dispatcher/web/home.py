"""The front page: which number to ring, and when somebody answers."""

from __future__ import annotations

from flask import Blueprint, render_template

from dispatcher.web import guards

bp = Blueprint("home", __name__)


@bp.get("/")
def home() -> str:
    """Every line, its number, and whether it is open now."""
    services = guards.parts().services
    at = services.now()
    lines = [(line, line.hours.is_open(at)) for line in services.lines]
    return render_template("home.html", lines=lines)
