"""What is kept of a call, why and how long: for whoever called, in plain words, open to everybody.

How long is read from the periods by which we erase, so that the page cannot say otherwise.
"""

from __future__ import annotations

from flask import Blueprint, render_template

from dispatcher.web import guards

bp = Blueprint("privacy", __name__)


@bp.get("/confidentialite")
def page() -> str:
    """The page; of lines that remember callers for different times it tells the longest."""
    services = guards.parts().services
    return render_template(
        "privacy.html",
        days=services.periods.days,
        voicemail=any(line.voicemail for line in services.lines),
        remember_days=max(line.remember_days for line in services.lines),
        numbers=list(dict.fromkeys(line.public_number for line in services.lines)),
    )
