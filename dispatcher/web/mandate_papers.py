"""Papers of mandates as PDF: to an agent of the house that holds it, and to the person's link.

Their names and what programs are told of them hold nothing personal; browsers do not keep them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from flask import Blueprint, Response, abort, url_for
from sqlalchemy.exc import SQLAlchemyError

from config.papers import template
from dispatcher.domain.consents import Answer, Channel, ConsentId
from dispatcher.domain.grants import CLOCK, Grant
from dispatcher.domain.holders import Refusal
from dispatcher.domain.links import Purpose
from dispatcher.domain.mandates import MandateId
from dispatcher.domain.numbers import in_pairs
from dispatcher.domain.papers import Kind, Look, Paper, over_since
from dispatcher.domain.schedule import local
from dispatcher.operations import holders, papers, typesetting
from dispatcher.operations.papers import Issued
from dispatcher.web import admission, guards, mandate_sheets
from dispatcher.web.mandate_sheets import WORDS

log = logging.getLogger(__name__)

bp = Blueprint("mandate_papers", __name__)

NAMES: Final[Mapping[Kind, str]] = {
    Kind.DRAFT: WORDS["attested.draft"],
    Kind.GIVEN: WORDS["attested.attestation"],
    Kind.REVOKED: WORDS["attested.revocation"],
    Kind.OVER: WORDS["attested.over"],
}
GIVEN: Final[Mapping[Channel, str]] = {
    Channel.VOICE: WORDS["given.voice"],
    Channel.CODE: WORDS["given.code"],
    Channel.LINK: WORDS["given.link"],
    Channel.REPLY: WORDS["given.reply"],
    Channel.PAPER: WORDS["given.paper"],
    Channel.WORD: WORDS["given.word"],
}


@bp.get("/agent/mandats/<id>/attestation")
def of_house(id: str) -> Response:
    """The paper of one of their house's."""
    services = guards.parts().services
    holder = holders.of(admission.signed_in(), services)
    known = MandateId(id if re.fullmatch(r"[0-9a-f]{24}", id) else "")
    if isinstance(holder, Refusal):
        abort(404)
    issued = papers.for_house(known, holder, template, services)
    if isinstance(issued, Refusal):
        abort(404)
    return _printed(issued)


@bp.get("/mandat/<token>/attestation")
def of_person(token: str) -> Response:
    """The paper of a mandate, for whoever has the link by which it was asked for."""
    services = guards.parts().services
    id = services.links.id(token, Purpose.CONSENT)
    issued = None if id is None else papers.for_person(ConsentId(id), template, services)
    if issued is None:
        abort(404)
    return _printed(issued)


@bp.errorhandler(SQLAlchemyError)
def unread(error: Exception) -> Response:
    """Nothing can be read now."""
    log.error("a paper could not be made: %s", type(error).__name__)
    return Response(status=503)


def _printed(issued: Issued) -> Response:
    name = NAMES[issued.template.kind]
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
    }
    document = typesetting.typeset(paper(issued))
    return Response(document, mimetype="application/pdf", headers=headers)


def paper(issued: Issued) -> Paper:
    """What is printed."""
    mandate = issued.mandate
    path = url_for("consents.verify", reference=mandate.reference)
    address = f"{guards.parts().renderer.base_url}{path}"
    grants = [_granted(each, issued.at) for each in mandate.grants]
    parts = tuple(issued.template.parts(_values(issued, address), grants))
    said = {each.look: each.text for each in parts}
    return Paper(
        title=said[Look.TITLE],
        parts=parts,
        across=said.get(Look.ACROSS, ""),
        address=address,
        foot=mandate.reference,
        made_at=issued.at,
    )


def _values(issued: Issued, address: str) -> dict[str, str]:
    mandate, at = issued.mandate, issued.at
    assert mandate.person is not None
    over = over_since(mandate, at)
    return {
        "person": mandate.person.name,
        "digits": mandate.person.number[-2:],
        "house": issued.house,
        "reference": mandate.reference,
        "address": address,
        "number": in_pairs(guards.parts().services.lines[0].public_number),
        "state": mandate_sheets.STATES[mandate.state(at)],
        "how": _how(issued),
        "prepared": _moment(mandate.prepared_at),
        "given": "" if mandate.consented_at is None else _moment(mandate.consented_at),
        "over": "" if over is None else _moment(over),
        "made": _moment(at),
    }


def _how(issued: Issued) -> str:
    yes = (each for each in issued.mandate.consents if each.answer is Answer.YES)
    return next((GIVEN[each.channel] for each in yes), "")


def _granted(grant: Grant, at: datetime) -> str:
    """A procedure, what exactly, and until when; or since when no more."""
    if grant.ended_at is not None and grant.end is not None and grant.over(at):
        end, moment = mandate_sheets.ENDS[grant.end], _moment(grant.ended_at)
        until = WORDS["attested.ended"].format(end=end, moment=moment)
    elif grant.until is None:
        until = mandate_sheets.last_day(grant)
    else:
        until = WORDS["attested.until"].format(day=mandate_sheets.last_day(grant))
    return f"{mandate_sheets.SUBJECTS[grant.procedure]} : {grant.precision}, {until}"


def _moment(at: datetime) -> str:
    there = local(at, CLOCK)
    return WORDS["attested.moment"].format(day=f"{there:%d/%m/%Y}", clock=f"{there:%H:%M}")
