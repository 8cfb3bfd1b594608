"""The story of a call, in French words and as JSON, for whoever has the key of a demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, abort, jsonify

from config.words import words
from dispatcher.domain.agents import Need
from dispatcher.domain.calls import CallSid
from dispatcher.domain.schedule import local
from dispatcher.operations import stories
from dispatcher.operations.stories import Kind, Sentence, Story, Told
from dispatcher.web import guards

WORDS = words("story")
PARIS: Final = "Europe/Paris"

bp = Blueprint("stories", __name__, url_prefix="/demo")
bp.before_request(guards.demo_keyed)


@bp.get("/story/<sid>")
def story(sid: str) -> Response:
    """What happened on this call, and why."""
    found = stories.tell(CallSid(sid), guards.parts().services)
    if found is None:
        abort(404)
    return jsonify(facts=list(_facts(found)), told=[_told(each) for each in found.told])


def _facts(found: Story) -> Iterator[dict[str, str]]:
    if found.commune is not None:
        commune = {"name": found.commune.name, "code": found.commune.code}
        value = WORDS["story.fact.found"].format(**commune)
        yield {"name": WORDS["story.fact.commune"], "value": value}
    if found.need is not None:
        yield {"name": WORDS["story.fact.need"], "value": _NEEDS[found.need]}


def _told(each: Told) -> dict[str, Any]:
    return {
        "time": _clock(each.at),
        "kind": each.kind,
        "title": _KINDS[each.kind],
        "text": _said(each.sentence),
        "besides": [_said(sentence) for sentence in each.besides],
    }


def _said(sentence: Sentence) -> str:
    return WORDS[sentence.key].format(**sentence.values)


def _clock(at: datetime) -> str:
    return f"{local(at, PARIS):%H:%M:%S}"


_KINDS: Final = {
    Kind.QUESTION: WORDS["story.kind.question"],
    Kind.PLAN: WORDS["story.kind.plan"],
    Kind.OFFER: WORDS["story.kind.offer"],
    Kind.CALLBACK: WORDS["story.kind.callback"],
    Kind.END: WORDS["story.kind.end"],
}
_NEEDS: Final = {
    Need.PROCEDURES: WORDS["story.need.procedures"],
    Need.MEDIATION: WORDS["story.need.mediation"],
    Need.EITHER: WORDS["story.need.either"],
}
