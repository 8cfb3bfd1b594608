"""Who may come in at which door."""

from __future__ import annotations

import logging

from flask import Response, current_app, request

from dispatcher.assembly import Parts
from dispatcher.carrier.signature import raw_path

log = logging.getLogger(__name__)

EXTENSION = "permanence"


def parts() -> Parts:
    """The parts of the running system."""
    found: Parts = current_app.extensions[EXTENSION]
    return found


def carrier_signed() -> Response | None:
    """Only the carrier: a request without its signature over our public address is refused."""
    signature = request.headers.get("X-Twilio-Signature")
    if parts().signatures.accepts(raw_path(request.environ), request.form, signature):
        return None
    log.warning("refused an unsigned or wrongly signed request")
    return Response(status=403)
