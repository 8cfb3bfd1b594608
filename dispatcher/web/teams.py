"""Who has an account in a house: for its manager, and whoever coordinates the territory."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from sqlalchemy.exc import SQLAlchemyError

from dispatcher.operations import users
from dispatcher.web import guards, sign_ins

bp = Blueprint("teams", __name__, url_prefix="/equipe")
bp.register_error_handler(SQLAlchemyError, sign_ins.unread)


@bp.get("/<structure>")
def page(structure: str) -> str:
    """The accounts of one house."""
    services = guards.parts().services
    found = users.place(structure, services)
    if found is None:
        abort(404)
    team = users.of_structure(structure, services)
    return render_template("team.html", name=found[0], structure=structure, team=team)
