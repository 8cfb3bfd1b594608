"""A house: who has an account in it, and its agents' plannings; for its manager, and whoever
coordinates the territory.
"""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from sqlalchemy.exc import SQLAlchemyError

from dispatcher.domain.roles import Act
from dispatcher.operations import users
from dispatcher.web import admission, guards, sign_ins

bp = Blueprint("teams", __name__, url_prefix="/equipe")
bp.register_error_handler(SQLAlchemyError, sign_ins.unread)


@bp.get("")
def index() -> str:
    """The houses that somebody runs."""
    grants = admission.signed_in().user.grants
    houses = users.houses(grants, Act.TEAM, guards.parts().services)
    return render_template("teams.html", houses=houses)


@bp.get("/<structure>")
def page(structure: str) -> str:
    """One house."""
    services = guards.parts().services
    found = users.place(structure, services)
    if found is None:
        abort(404)
    return render_template(
        "team.html",
        name=found[0],
        structure=structure,
        team=users.of_structure(structure, services),
        agents=users.agents_of(structure, services),
    )
