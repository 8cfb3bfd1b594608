"""Recorded sentences, as the carrier fetches them. Open: whoever rings the line hears them too."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, abort, request, send_file

from dispatcher.web import guards

bp = Blueprint("sounds", __name__, url_prefix="/sounds")

FOR_EVER: Final = f"public, max-age={365 * 24 * 3600}, immutable"
"""For the address of the present version: another file has another address."""


@bp.get("/<file>")
def sound(file: str) -> Response:
    """One listed sound; nothing else that lies in its folder, or anywhere."""
    found = guards.parts().renderer.sounds.find(file)
    version = found.version() if found is not None else None
    if found is None or version is None:
        abort(404)
    response = send_file(found.path.absolute(), mimetype=found.mimetype, conditional=True)
    current = request.args.get("v") == version
    response.headers["Cache-Control"] = FOR_EVER if current else "no-cache"
    return response
