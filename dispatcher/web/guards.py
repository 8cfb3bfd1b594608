"""Who may come in at which door."""

from __future__ import annotations

import logging
from hmac import compare_digest
from typing import Final

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from dispatcher.assembly import Parts
from dispatcher.carrier import forms
from dispatcher.carrier.signature import raw_path

log = logging.getLogger(__name__)

EXTENSION = "permanence"
DEMO_KEY: Final = "X-Demo-Key"


def parts() -> Parts:
    """The parts of the running system."""
    return parts_of(current_app)


def parts_of(app: Flask) -> Parts:
    """The parts of this application."""
    found: Parts = app.extensions[EXTENSION]
    return found


def carrier_signed() -> Response | None:
    """Only the carrier: a request without its signature over our public address is refused."""
    signature = request.headers.get("X-Twilio-Signature")
    if parts().signatures.accepts(raw_path(request.environ), request.form, signature):
        return None
    log.warning("refused an unsigned or wrongly signed request")
    return Response(status=403)


def for_the_carrier(doors: Blueprint) -> None:
    """These doors are the carrier's alone; a request of which it would never make the form, or that
    is too large, is refused as it stands.
    """
    doors.before_request(carrier_signed)
    doors.register_error_handler(forms.BadForm, _bad_form)
    doors.register_error_handler(HTTPException, _refused)


def _bad_form(error: forms.BadForm) -> Response:
    log.warning("a bad form: %s", error)
    return Response(str(error), status=400, mimetype="text/plain")


def _refused(error: HTTPException) -> HTTPException:
    return error


def demo_keyed() -> Response | None:
    """Only who shows the key of the demonstration; nobody, when there is none."""
    key, shown = parts().demo_key, request.headers.get(DEMO_KEY, "")
    if key is not None and compare_digest(shown.encode(), key.encode()):
        return None
    return Response(status=403)
