"""What the carrier posts, typed. Past this file there is no string from outside.

A missing required field or a malformed call id raises BadForm (a 400); a field we do not know is
ignored and counted; an odd caller number is a caller without a number, never a refusal.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from text_to_num import alpha2digit

from dispatcher.carrier.fields import KNOWN
from dispatcher.domain.calls import CallSid, Keys
from dispatcher.domain.numbers import BadNumber, PhoneNumber, parse
from dispatcher.domain.texts import CarrierTextId

log = logging.getLogger(__name__)

_SID: Final = re.compile(r"CA[0-9a-f]{32}\Z")
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}\Z")
_ADDRESS: Final = re.compile(r"\+?[0-9]{2,15}\Z|(?:sips?|client):[!-~]{1,250}\Z")
_KEYS: Final = re.compile(r"[0-9*#]{0,40}\Z")
_OVER: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_STATUSES: Final = _OVER | {"queued", "initiated", "ringing", "in-progress", "answered"}
_TEXT_SID: Final = re.compile(r"(?:SM|MM)[0-9a-f]{32}\Z")
_LOST: Final = frozenset({"failed", "undelivered"})
_TEXT_STATUSES: Final = _LOST | {
    *("accepted", "scheduled", "queued", "sending", "sent", "delivered", "read", "canceled"),
}
_QUEUE: Final = re.compile(r"QU[0-9a-f]{32}\Z")
unknown_fields: Final[Counter[str]] = Counter()
"""How often a field came that we do not know, by its name: the carrier has something new."""
_COUNTED_AT_MOST: Final = 200
_LONGEST_SPEECH: Final = 300
_LONGEST_TEXT: Final = 1600


class BadForm(Exception):
    """A field is missing or malformed; its text names the field, never its value."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call that reaches one of our numbers."""

    sid: CallSid
    called: str
    number: PhoneNumber | None
    forwarded_from: PhoneNumber | None


@dataclass(frozen=True, slots=True)
class Status:
    """What the carrier says of a call: its status, and whether that is its last."""

    sid: CallSid
    status: str
    over: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """What the carrier says of the leg that rings an agent."""

    sid: CallSid
    status: str
    over: bool
    code: int | None


@dataclass(frozen=True, slots=True)
class Dialled:
    """How a ring from a leg ended, and why. ``leg_over``: the leg that rang has ended as well."""

    sid: CallSid
    status: str
    bridged: bool
    leg_over: bool
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """How somebody left the queue."""

    sid: CallSid
    result: str


@dataclass(frozen=True, slots=True)
class Waited:
    """Somebody is in the queue (its id, when the carrier says it), and should hear something."""

    sid: CallSid
    queue: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """A text that reached one of our numbers. ``number`` None: from a name, or an odd one."""

    sid: CarrierTextId
    called: str
    number: PhoneNumber | None
    text: str


@dataclass(frozen=True, slots=True)
class TextStatus:
    """What the carrier says of a text it took: ``lost`` for good, with its error, or on its way."""

    sid: CarrierTextId
    lost: bool
    code: int | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """Somebody may have left a message: ``over`` when their call has ended with it."""

    sid: CallSid
    over: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Keys pressed on a call."""

    sid: CallSid
    keys: Keys


def incoming(form: Mapping[str, str]) -> Incoming:
    """POST /voice/incoming."""
    number, before = caller(form), _number(form.get("ForwardedFrom", ""))
    return Incoming(_sid(form), called(form), number, before)


def called(form: Mapping[str, str]) -> str:
    """Which of our numbers, or addresses, was called or written to."""
    called = _text(form, "To") or _text(form, "Called")
    if not _ADDRESS.match(called):
        raise BadForm("To")
    return called


def caller(form: Mapping[str, str]) -> PhoneNumber | None:
    """Who calls; None for a masked, foreign-made or odd number."""
    return _number(form.get("From", ""))


def status(form: Mapping[str, str]) -> Status:
    """POST /voice/status."""
    status = _status(form, "CallStatus")
    return Status(_sid(form), status, status in _OVER)


def leg(form: Mapping[str, str]) -> Leg:
    """A move of the leg that rings an agent."""
    status = _status(form, "CallStatus")
    return Leg(_sid(form), status, status in _OVER, _code(form))


def dialled(form: Mapping[str, str]) -> Dialled:
    """The action of a <Dial>."""
    status = _status(form, "DialCallStatus")
    bridged = _text(form, "DialBridged").lower() == "true"
    return Dialled(_sid(form), status, bridged, _text(form, "CallStatus") in _OVER, _code(form))


def left(form: Mapping[str, str]) -> Left:
    """The action of an <Enqueue>."""
    return Left(_sid(form), _text(form, "QueueResult"))


def waited(form: Mapping[str, str]) -> Waited:
    """A fetch of the wait document."""
    queue = _text(form, "QueueSid")
    return Waited(_sid(form), queue if _QUEUE.match(queue) else None)


def answer(form: Mapping[str, str]) -> Answer:
    """The keys of a <Gather>, or what was said; nothing at all is an answer too.

    ``*`` asks to hear it again; a ``#`` is told apart, and is no digit.
    """
    digits = _text(form, "Digits")
    if not _KEYS.match(digits):
        digits = ""
    again = "*" in digits or _text(form, "FinishedOnKey") == "*"
    spoken = _said(_text(form, "SpeechResult"))
    plain = digits.replace("*", "").replace("#", "")
    return Answer(_sid(form), Keys(plain, again, spoken, sharp="#" in digits))


def recorded(form: Mapping[str, str]) -> Recorded:
    """The action of a <Record>, or what follows it. The address in it is not read: what there is,
    is asked for.
    """
    gone = _text(form, "Digits") == "hangup" or _text(form, "CallStatus") in _OVER
    return Recorded(_sid(form), gone)


def text_status(form: Mapping[str, str]) -> TextStatus:
    """POST /sms/status/<text>."""
    _count_unknown(form)
    sid, status = _text_sid(form), _text(form, "MessageStatus")
    if status not in _TEXT_STATUSES:
        raise BadForm("MessageStatus")
    return TextStatus(sid, status in _LOST, _whole(form.get("ErrorCode")))


def written(form: Mapping[str, str]) -> Written:
    """POST /sms/incoming."""
    text = _text(form, "Body")[:_LONGEST_TEXT]
    return Written(_text_sid(form), called(form), caller(form), text)


def sid(form: Mapping[str, str]) -> CallSid:
    """The call a request is about."""
    return _sid(form)


def _sid(form: Mapping[str, str]) -> CallSid:
    _count_unknown(form)
    value = _text(form, "CallSid")
    if not _SID.match(value):
        raise BadForm("CallSid")
    return CallSid(value)


def _count_unknown(form: Mapping[str, str]) -> None:
    for name in form:
        if name in unknown_fields:
            unknown_fields[name] += 1
        elif name not in KNOWN and len(unknown_fields) < _COUNTED_AT_MOST:
            unknown_fields[name] = 1
            log.info("the carrier sent a field that we do not know: %.40r", name)


def _status(form: Mapping[str, str], name: str) -> str:
    value = _text(form, name)
    if value not in _STATUSES:
        raise BadForm(name)
    return value


def _text_sid(form: Mapping[str, str]) -> CarrierTextId:
    value = _text(form, "MessageSid")
    if not _TEXT_SID.match(value):
        raise BadForm("MessageSid")
    return CarrierTextId(value)


def _text(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").strip()


def _number(raw: str) -> PhoneNumber | None:
    if not _E164.match(raw.strip()):
        return None
    try:
        return parse(raw.strip())
    except BadNumber:
        return None


def _said(raw: str) -> str:
    """What the carrier heard, its numbers written in digits."""
    return alpha2digit(raw[:_LONGEST_SPEECH], "fr") if raw else ""


def _code(form: Mapping[str, str]) -> int | None:
    """The carrier's error, else the telephone network's."""
    return _whole(form.get("ErrorCode")) or _whole(form.get("SipResponseCode"))


def _whole(raw: str | None) -> int | None:
    return (
        int(raw)
        if raw is not None and raw.isascii() and raw.isdecimal() and len(raw) < 10
        else None
    )
