"""From XML to the values of ``verbs``."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from dispatcher.simulator.documented.twiml import undocumented
from dispatcher.simulator.twiml import listening, verbs
from dispatcher.simulator.twiml.attributes import Attributes
from dispatcher.simulator.twiml.meeting import conference
from dispatcher.simulator.twiml.speech import seconds_to_say, spoken_text
from dispatcher.simulator.wire.webhooks import CarrierError

PARSE_FAILURE = 12100
SCHEMA_FAILURE = 12200
EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
RECORDING_EVENTS = frozenset({"in-progress", "completed", "absent"})
FOR_EVER = 1000
"""How often ``loop="0"`` repeats (Twilio's own limit for Say and Play)."""


def parse(text: str, *, strict: bool = False, kind: str = "voice") -> verbs.Document:
    """Read a response. An empty body is an empty document. Raises ``CarrierError``.

    ``strict``: whatever Twilio does not document is an error; ``kind``: ``voice`` or ``message``.
    """
    if not text.strip():
        return verbs.Document(())
    if "<!DOCTYPE" in text:
        raise CarrierError(PARSE_FAILURE, "a document type is not allowed")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 from our own application, no DTD
    except ElementTree.ParseError as fault:
        raise CarrierError(PARSE_FAILURE, f"not XML: {fault}") from fault
    if root.tag != "Response":
        raise CarrierError(PARSE_FAILURE, f"the root is <{root.tag}>, not <Response>")
    odd = undocumented(root, kind=kind) if strict else []
    if odd:
        raise CarrierError(SCHEMA_FAILURE, "; ".join(odd))
    warnings: list[str] = []
    every = tuple(_verb(element, warnings, _BUILDERS) for element in root)
    return verbs.Document(every, tuple(warnings))


_Builder = Callable[[Element, Attributes, list[str]], verbs.Verb]


def _verb(element: Element, warnings: list[str], known: dict[str, _Builder]) -> verbs.Verb:
    builder = known.get(element.tag)
    if builder is None:
        raise CarrierError(SCHEMA_FAILURE, f"<{element.tag}> has no place here")
    attributes = Attributes(element, warnings)
    verb = builder(element, attributes, warnings)
    attributes.warn_of_unknown()
    return verb


def _say(element: Element, at: Attributes, _: list[str]) -> verbs.Say:
    at.ignore("voice", "language")
    return verbs.Say(spoken_text(element), seconds_to_say(element), at.whole("loop", 1) or FOR_EVER)


def _pause(_: Element, at: Attributes, __: list[str]) -> verbs.Pause:
    return verbs.Pause(at.whole("length", 1))


def _play(element: Element, at: Attributes, _: list[str]) -> verbs.Play:
    at.ignore("digits")
    return verbs.Play(_text(element), at.whole("loop", 1) or FOR_EVER)


def _gather(element: Element, at: Attributes, warnings: list[str]) -> verbs.Gather:
    timeout, takes = at.whole("timeout", 5), listening.inputs(at)
    speech = listening.speech(at, timeout)
    nested = {tag: _BUILDERS[tag] for tag in ("Say", "Pause", "Play")}
    prompts = [_verb(child, warnings, nested) for child in element]
    return verbs.Gather(
        tuple(p for p in prompts if isinstance(p, verbs.Say | verbs.Pause | verbs.Play)),
        at.text("action"),
        at.method("method"),
        timeout,
        at.whole("numDigits", 0),
        at.text("finishOnKey", "#"),
        at.flag("actionOnEmptyResult"),
        "dtmf" in takes,
        speech if "speech" in takes else None,
    )


def _record(_: Element, at: Attributes, warnings: list[str]) -> verbs.Record:
    at.ignore("trim", "transcribe", "transcribeCallback", "recordingConfigurationId")
    events = frozenset(at.text("recordingStatusCallbackEvent", "completed").split())
    if events - RECORDING_EVENTS:
        warnings.append(f"recordingStatusCallbackEvent: {sorted(events - RECORDING_EVENTS)}")
    return verbs.Record(
        at.text("action"),
        at.method("method"),
        at.whole("timeout", 5),
        at.text("finishOnKey", "1234567890*#"),
        at.whole("maxLength", 3600, most=14400),
        at.flag("playBeep", default=True),
        at.text("recordingStatusCallback"),
        at.method("recordingStatusCallbackMethod"),
        events & RECORDING_EVENTS,
    )


def _redirect(element: Element, at: Attributes, _: list[str]) -> verbs.Redirect:
    return verbs.Redirect(_text(element), at.method("method"))


def _hangup(_: Element, __: Attributes, ___: list[str]) -> verbs.Hangup:
    return verbs.Hangup()


def _reject(_: Element, at: Attributes, __: list[str]) -> verbs.Reject:
    return verbs.Reject(at.one_of("reason", ("rejected", "busy")) == "busy")


def _enqueue(element: Element, at: Attributes, _: list[str]) -> verbs.Enqueue:
    name = _text(element)
    if not 0 < len(name) <= 64:
        raise CarrierError(SCHEMA_FAILURE, "a queue's name has 1 to 64 characters")
    return verbs.Enqueue(
        name,
        at.text("action"),
        at.method("method"),
        at.text("waitUrl"),
        at.method("waitUrlMethod"),
    )


def _leave(_: Element, __: Attributes, ___: list[str]) -> verbs.Leave:
    return verbs.Leave()


def _dial(element: Element, at: Attributes, warnings: list[str]) -> verbs.Dial:
    at.ignore("ringTone")
    return verbs.Dial(
        _party(element, warnings),
        at.text("action"),
        at.method("method"),
        at.text("callerId"),
        at.whole("timeout", 30, most=600),
        at.whole("timeLimit", 14400, most=86400),
        at.flag("answerOnBridge"),
        at.flag("hangupOnStar"),
    )


def _party(dial: Element, warnings: list[str]) -> verbs.Party | verbs.Conference:
    parties = list(dial)
    if len(parties) != 1 or parties[0].tag not in {"Number", "Client", "Conference"}:
        raise CarrierError(
            SCHEMA_FAILURE, "this network dials exactly one Number, Client or Conference"
        )
    at = Attributes(parties[0], warnings)
    if parties[0].tag == "Conference":
        return conference(_text(parties[0]), at)
    prefix = "client:" if parties[0].tag == "Client" else ""
    events = frozenset(at.text("statusCallbackEvent", "completed").split())
    if events - EVENTS:
        warnings.append(f"statusCallbackEvent: {' '.join(sorted(events - EVENTS))}")
    party = verbs.Party(
        prefix + _text(parties[0]),
        at.text("url"),
        at.method("method"),
        at.text("statusCallback"),
        at.method("statusCallbackMethod"),
        events & EVENTS,
    )
    at.warn_of_unknown()
    return party


def _message(element: Element, at: Attributes, _: list[str]) -> verbs.Message:
    body = "".join(child.text or "" for child in element.iter("Body")) or _text(element)
    return verbs.Message(body, at.text("to"))


def _text(element: Element) -> str:
    return (element.text or "").strip()


_BUILDERS: dict[str, _Builder] = {
    "Say": _say,
    "Pause": _pause,
    "Play": _play,
    "Gather": _gather,
    "Record": _record,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
    "Enqueue": _enqueue,
    "Leave": _leave,
    "Dial": _dial,
    "Message": _message,
}
