"""What partners may ask and are told, as an OpenAPI 3.1 document, made of what it is checked by.

Open to anybody where there are partners at all: it says nothing of anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, jsonify

from config.words import words
from dispatcher.domain.agents import Need
from dispatcher.domain.answers import LONGEST_NAME
from dispatcher.domain.callbacks import State
from dispatcher.domain.cases import DIGITS
from dispatcher.domain.floods import FORMS_OF_NUMBER, PARTNER_ASKS
from dispatcher.domain.form import DISCREET, NOT_BEFORE_SIGNS, Field
from dispatcher.domain.partners import ONCE, ONCE_SIGNS, REQUIRED
from dispatcher.domain.wishes import Part
from dispatcher.web import guards
from dispatcher.web.partners import PROBLEM

bp = Blueprint("openapi", __name__, url_prefix="/api")

VERSION: Final = "1"
JSON: Final = "application/json"
WRONG: Final = "wrong."
CODES: Final = sorted(
    {key.rsplit(".", 1)[1] for key in words("asking") if key.startswith(WRONG)}
    | {"type", "unknown_member", "once", "both"}
)
PROBLEMS: Final = {
    400: ("A member is wrong: every one is in errors.", ("json", "invalid", "refused")),
    401: ("No key of a partner.", ("key",)),
    404: ("No callback that this partner asked for.", ("unknown",)),
    409: (
        "This Idempotency-Key was another request's, or nothing is left of the half-hour chosen.",
        ("reused", "taken"),
    ),
    429: (
        f"More than {PARTNER_ASKS.at_most} an hour, or {FORMS_OF_NUMBER.at_most} a day a number.",
        ("too_often",),
    ),
    503: ("Nothing can be kept now.", ("unavailable",)),
}
MEMBERS: Final[Mapping[str, Mapping[str, Any]]] = {
    Field.NUMBER: {"type": "string", "description": "A French number, as people write it."},
    Field.FIRST_NAME: {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
    Field.POSTAL_CODE: {"type": "string", "pattern": "^[0-9]{5}$"},
    Field.COMMUNE: {
        "type": "string",
        "description": "INSEE code, where the postal code has several communes.",
    },
    Field.NEED: {"type": "string", "enum": [*Need]},
    Field.PART: {"type": "string", "enum": [*Part], "default": Part.ANY},
    Field.NOT_BEFORE: {
        "type": "string",
        "pattern": f"^{NOT_BEFORE_SIGNS}$",
        "description": "A time of their clock before which they are not rung.",
    },
    Field.HALF_HOUR: {
        "type": "string",
        "format": "date-time",
        "description": "The start of one of /api/half-hours, instead of part.",
    },
    Field.CODE: {
        "type": "string",
        "pattern": f"^[0-9]{{{DIGITS}}}$",
        "description": "Of an earlier case: who helped with it comes first.",
    },
    Field.DEADLINE: {"type": "string", "format": "date", "description": "Their own; not kept."},
    DISCREET: {
        "type": "boolean",
        "default": False,
        "description": "Whoever else picks up is told of no more than the service.",
    },
    ONCE: {
        "type": "string",
        "pattern": f"^{ONCE_SIGNS}$",
        "description": "Instead of Idempotency-Key.",
    },
}
REQUEST: Final = {
    Field.NUMBER: "01 99 00 00 01",
    Field.FIRST_NAME: "Rose",
    Field.POSTAL_CODE: "05170",
    Field.NEED: Need.PROCEDURES,
    Field.PART: Part.AFTERNOON,
}
LEAST: Final = {name: REQUEST[name] for name in REQUIRED} | {ONCE: "dossier-1789"}


@bp.get("/openapi.json")
def document() -> Response:
    """The document."""
    return jsonify(described(guards.parts().renderer.base_url))


def described(address: str) -> dict[str, Any]:
    """The document of the deployment at this address."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Permanence: callbacks for partners", "version": VERSION},
        "servers": [{"url": address}],
        "security": [{"key": []}],
        "paths": {
            "/api/callbacks": {"post": _ask()},
            "/api/callbacks/{id}": {"get": _look()},
            "/api/half-hours": {"get": _half_hours()},
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _ask() -> dict[str, Any]:
    examples = {"whole": {"value": REQUEST}, "least": {"value": LEAST}}
    return {
        "operationId": "ask",
        "summary": "Ask for a callback; the same key twice is one.",
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "pattern": f"^{ONCE_SIGNS}$"},
            },
            {"name": "ligne", "in": "query", "required": False, "schema": {"type": "string"}},
        ],
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": _ref("Request"), "examples": examples}},
        },
        "responses": {
            "201": _answer("Asked for. Nothing tells whether the number was known."),
            "200": _answer("Asked for before, under this key: where it stands."),
            **_problems(400, 401, 409, 429, 503),
        },
    }


def _look() -> dict[str, Any]:
    id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": "look",
        "summary": "Where a callback stands that this partner asked for.",
        "parameters": [id],
        "responses": {"200": _answer("Where it stands."), **_problems(401, 404, 503)},
    }


def _half_hours() -> dict[str, Any]:
    asked = (Field.POSTAL_CODE, Field.COMMUNE, Field.NEED)
    ligne = {"name": "ligne", "in": "query", "required": False, "schema": {"type": "string"}}
    said = "The starts of those that are left, soonest first; none where nobody can be promised."
    return {
        "operationId": "half_hours",
        "summary": "Half-hours that may be chosen for a place and a need.",
        "parameters": [
            *(
                {"name": each, "in": "query", "required": each in REQUIRED, "schema": MEMBERS[each]}
                for each in asked
            ),
            ligne,
        ],
        "responses": {"200": _answer(said, "HalfHours"), **_problems(400, 401, 503)},
    }


def _answer(said: str, schema: str = "Callback") -> dict[str, Any]:
    return {"description": said, "content": {JSON: {"schema": _ref(schema)}}}


def _problems(*statuses: int) -> dict[str, Any]:
    content = {PROBLEM: {"schema": _ref("Problem")}}
    return {
        str(status): {"description": PROBLEMS[status][0], "content": content}
        | ({"headers": {"Retry-After": _RETRY_AFTER}} if status in {429, 503} else {})
        for status in statuses
    }


def _schemas() -> dict[str, Any]:
    moment = {"type": "string", "format": "date-time"}
    until = {"type": ["string", "null"], "format": "date-time"}
    due = _closed({"from": moment, "until": until}) | {"type": ["object", "null"]}
    states = [
        state for state in State if state not in {State.JOINED, State.ANSWERED, State.REDIRECTED}
    ]
    fault: dict[str, dict[str, Any]] = {
        "field": {"type": "string"},
        "code": {"type": "string", "enum": CODES},
        "detail": {"type": "string"},
    }
    told: dict[str, dict[str, Any]] = {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {
            "type": "string",
            "enum": [code for _, each in PROBLEMS.values() for code in each],
        },
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": _closed(fault)},
    }
    return {
        "Request": _closed(MEMBERS, required=REQUIRED),
        "Callback": _closed(
            {
                "id": {"type": "string"},
                "state": {"type": "string", "enum": states},
                "due": due,
                "link": {"type": "string", "format": "uri"},
                "code": {
                    "type": ["string", "null"],
                    "pattern": f"^[0-9]{{{DIGITS}}}$",
                    "description": "Keyed on the line after #, it finds the same agent.",
                },
            }
        ),
        "HalfHours": _closed({"half_hours": {"type": "array", "items": moment}}),
        "Problem": _closed(told, required=("type", "title", "status", "code", "detail")),
    }


def _closed(
    members: Mapping[str, Mapping[str, Any]], required: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(members),
        "required": [*(required or members)],
        "additionalProperties": False,
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_RETRY_AFTER: Final = {"schema": {"type": "integer"}, "description": "Seconds."}
