"""Partners: services that people see anyway, and that ask for callbacks in their name.

What a partner posts is read like the form's answers, so the same is right and wrong at both doors.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dispatcher.domain import answers
from dispatcher.domain.answers import Sought
from dispatcher.domain.callbacks import Callback, CallbackId
from dispatcher.domain.form import DISCREET, WRITTEN, Bounds, Field, Problem
from dispatcher.domain.requests import Request, same_name
from dispatcher.domain.wishes import HALF_HOUR, Part

ONCE: Final = "id"
"""The member that makes two posts one request, where no header does."""
ONCE_SIGNS: Final = "[!-~]{1,128}"
REQUIRED: Final = (Field.NUMBER, Field.FIRST_NAME, Field.POSTAL_CODE, Field.NEED)


@dataclass(frozen=True, slots=True, repr=False)
class Partners:
    """Names and their keys. A name may have two keys, while the older one is being replaced."""

    keys: Sequence[tuple[str, str]]

    def named(self, shown: str) -> str | None:
        """Whose key this is; it takes as long whichever it is, or none."""
        found = None
        for name, key in self.keys:
            if hmac.compare_digest(shown.encode(), key.encode()):
                found = name
        return found


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one member: a code, and the key of its sentence in ``asking``."""

    field: str
    code: str
    key: str


def read(body: Mapping[str, object], bounds: Bounds) -> Request | tuple[Fault, ...]:
    """The request that this is, or everything that is wrong with it."""
    faults = {name: fault for name in body if (fault := _shape(name, body[name])) is not None}
    if {Field.PART, Field.HALF_HOUR} <= body.keys():
        faults.setdefault(Field.PART, Fault(Field.PART, "both", "partner.both"))
    given = {name: text for name, text in body.items() if isinstance(text, str)}
    wished = HALF_HOUR if Field.HALF_HOUR in body else Part.ANY
    given = {Field.PART: wished} | given | ({DISCREET: "1"} if body.get(DISCREET) else {})
    found = answers.read(given, bounds)
    if isinstance(found, Request) and not faults:
        return found
    for problem in () if isinstance(found, Request) else found:
        faults.setdefault(problem.field, _fault(problem))
    return tuple(faults.values())


def read_sought(asked: Mapping[str, str], bounds: Bounds) -> Sought | tuple[Fault, ...]:
    """Where and for what a half-hour is looked for, or everything that is wrong with it."""
    found = answers.sought(asked, bounds)
    return found if isinstance(found, Sought) else tuple(map(_fault, found))


def read_once(header: str | None, body: Mapping[str, object]) -> str | Fault:
    """By what a repeated post is known: the header's, else the body's own id."""
    field, once = ("Idempotency-Key", header) if header is not None else (ONCE, body.get(ONCE))
    if isinstance(once, str) and re.fullmatch(ONCE_SIGNS, once):
        return once
    return Fault(field, "once", "partner.once")


def asked_under(partner: str, once: str) -> CallbackId:
    """The id of what this partner asks so: the same each time, and no other partner's."""
    return CallbackId(hashlib.sha256(f"{partner}:{once}".encode()).hexdigest()[:24])


def is_of(callback: Callback, request: Request) -> bool:
    """Whether this callback is what this request asks. The part of the day may have been changed
    by its link since; a deadline is not kept.
    """
    return (
        (callback.number, callback.commune, callback.need, callback.discreet)
        == (request.number, request.commune, request.need, request.discreet)
    ) and same_name(callback.first_name) == same_name(request.first_name)


def _fault(problem: Problem) -> Fault:
    return Fault(problem.field, problem.key.rsplit(".", 1)[1], problem.key)


def _shape(name: str, value: object) -> Fault | None:
    if name == ONCE:
        return None
    if name != DISCREET and name not in set(Field) - WRITTEN:
        return Fault(name[: answers.LONGEST_NAME], "unknown_member", "partner.unknown_member")
    if isinstance(value, bool if name == DISCREET else str):
        return None
    return Fault(name, "type", "partner.type")
