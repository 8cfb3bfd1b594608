"""Where somebody goes once they are signed in: to a page of ours, and nowhere else."""

from __future__ import annotations

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

LONGEST = 500


def asked() -> str:
    """The page that was asked for before signing in; empty for none."""
    return safe(request.values.get("next", ""))


def to() -> str:
    """Where to go now."""
    return asked() or url_for("accounts.page")


def safe(path: str) -> str:
    """This path, if it is that of a page of ours that can be opened; else nothing."""
    if not path.startswith("/") or len(path) > LONGEST or not path.isprintable():
        return ""
    if path.startswith("//") or "\\" in path:  # some browsers take either for another host's name
        return ""
    try:
        current_app.url_map.bind("").match(path.partition("?")[0], method="GET")
    except HTTPException:
        return ""
    return path
