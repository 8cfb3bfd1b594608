"""Texts that reach our numbers."""

from __future__ import annotations

from flask import Blueprint, Response, request
from twilio.twiml.messaging_response import MessagingResponse

from dispatcher.domain.lines import line_for
from dispatcher.domain.numbers import in_pairs
from dispatcher.web import guards

bp = Blueprint("sms", __name__, url_prefix="/sms")
bp.before_request(guards.carrier_signed)


@bp.post("/incoming")
def incoming() -> Response:
    """Somebody wrote to the line: they are told, once a text, which number to ring."""
    parts = guards.parts()
    line = line_for(parts.services.lines, request.form.get("To", "")) or parts.services.lines[0]
    reply = MessagingResponse()
    reply.message(parts.services.texts["sms.reply"].format(number=in_pairs(line.public_number)))
    return Response(str(reply), mimetype="text/xml")
