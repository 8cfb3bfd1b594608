"""Texts that reach our numbers."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request

from dispatcher.carrier import forms
from dispatcher.carrier.twiml import no_reply
from dispatcher.domain.lines import line_for
from dispatcher.domain.numbers import in_pairs
from dispatcher.domain.texts import TextId
from dispatcher.operations import texted, texts
from dispatcher.web import guards

log = logging.getLogger(__name__)

bp = Blueprint("sms", __name__, url_prefix="/sms")
guards.for_the_carrier(bp)


@bp.post("/incoming")
def incoming() -> Response:
    """Somebody wrote to the line: a STOP is heeded for good, a START undoes it, a RAPPEL is a
    callback, and whoever writes anything else is told, once a text, which number to ring.
    """
    parts, written = guards.parts(), forms.written(request.form)
    line = line_for(parts.services.lines, written.called) or parts.services.lines[0]
    if written.number is None:
        return _xml(no_reply())
    answer = texted.heed(written, line, parts.stops, parts.services)
    filled = {"number": in_pairs(line.public_number), **answer.filled}
    told = parts.services.texts[answer.key].format_map(filled)
    return _xml(parts.renderer.reply(written.number, told, confirms=answer.confirms))


@bp.post("/status/<text>")
def status(text: str) -> Response:
    """What comes of a text that the carrier took."""
    said = forms.text_status(request.form)
    texts.hear(TextId(text), said.sid, guards.parts().services, lost=said.lost, code=said.code)
    return Response(status=204)


@bp.errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Something broke: nothing is written back, and the carrier hears of no error."""
    log.error("a text could not be answered", exc_info=error)
    return _xml(no_reply())


def _xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")
