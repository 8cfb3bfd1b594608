"""Scripts rendered to TwiML.

Every word comes from the spoken catalogue, or is played from the sound that replaces its sentence.
The voice speaks slowly: many callers are old, or on a bad line.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Enqueue, Gather, Play, VoiceResponse
from twilio.twiml.voice_response import Say as Spoken

from dispatcher.carrier import hints
from dispatcher.carrier.barring import Barred, Barring
from dispatcher.carrier.sounds import Sound, Sounds, title
from dispatcher.domain import doors
from dispatcher.domain.channels import Softphone
from dispatcher.domain.gsm import spelt
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.script import (
    Ask,
    Connect,
    Goto,
    HangUp,
    Hold,
    Leave,
    Meet,
    Record,
    Reject,
    Ring,
    Say,
    Script,
    Silence,
    Step,
)

log = logging.getLogger(__name__)

VOICE: Final = "Polly.Lea"
LANGUAGE: Final = "fr-FR"
RATE: Final = "88%"
NOT_DIALLED: Final = "DialCallStatus=failed"
"""What the action of a <Dial> that failed is told, where none was made to tell it."""
SILENCE: Final = 8
"""Seconds of silence that end what is recorded: whoever looks for words is not cut off."""
ANY_KEY: Final = "1234567890*#"
LEG_EVENTS: Final = "initiated ringing answered completed"


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders scripts with the words of one catalogue and the addresses of one deployment."""

    words: Mapping[str, str]
    base_url: str
    sounds: Sounds = field(default_factory=Sounds)
    barring: Barring = field(default_factory=Barring)

    def render(self, script: Script) -> str:
        """The document for this script.

        An empty script is refused: an empty document puts a screened call through, which only
        ``Connect`` may mean.
        """
        if not script:
            raise ValueError("an empty script")
        response, sounds = VoiceResponse(), self.sounds.listed()
        for step in script:
            self._add(response, step, sounds)
        return str(response)

    def text(self, say: Say) -> str:
        """The sentence as it is spoken."""
        return self.words[say.key].format(**self._filled(say))

    def reply(self, number: PhoneNumber, text: str, *, confirms: bool = False) -> str:
        """The document that answers a text; one that answers nothing to a number that is barred,
        nor to one that said STOP but to confirm it.
        """
        response = MessagingResponse()
        try:
            response.message(spelt(text), to=self.barring.let_out_reply(number, confirms=confirms))
        except Barred as barred:
            log.warning("a text from a number that is barred (%s) is not answered", barred.reason)
        return str(response)

    def _add(  # noqa: C901  one case a step
        self, response: VoiceResponse, step: Step, sounds: Mapping[str, Sound]
    ) -> None:
        match step:
            case Say():
                response.append(self._said(step, sounds))
            case Ask():
                response.append(self._gather(step, sounds))
            case Hold():
                door, left = self._url(step.door), self._url(step.left)
                response.append(Enqueue(step.queue, wait_url=door, action=left))
            case Record():
                self._record(response, step)
            case Ring():
                self._ring(response, step)
            case Meet():
                response.append(self._conference(step))
            case Goto():
                response.redirect(self._url(step.door))
            case Leave():
                response.leave()
            case HangUp():
                response.hangup()
            case Silence():
                response.pause(step.seconds)
            case Reject():
                response.reject(reason="busy")
            case Connect():
                pass

    def _filled(self, say: Say) -> dict[str, str]:
        """What the sentence's holes are filled with."""
        return {
            name: self.text(each) if isinstance(each, Say) else str(each)
            for name, each in say.values.items()
        }

    def _said(self, say: Say, sounds: Mapping[str, Sound]) -> Spoken | Play:
        """The sentence's own sound, or the voice."""
        named = title(say.key, self.words[say.key], self._filled(say)) if sounds else None
        sound = sounds.get(named) if named is not None else None
        version = sound.version() if sound is not None else None
        if sound is not None and version is not None:  # it may have gone since the folder was read
            return Play(self._url(doors.sound(sound.path.name, version)))
        spoken = Spoken(voice=VOICE, language=LANGUAGE)
        spoken.prosody(self.text(say), rate=RATE)
        return spoken

    def _gather(self, ask: Ask, sounds: Mapping[str, Sound]) -> Gather:
        gather = Gather(
            input="dtmf speech" if ask.speech else "dtmf",
            num_digits=ask.digits,
            timeout=ask.wait,
            # One key: every key is the answer. Several: one key ends them at once, and one only
            # (Twilio's <Gather>, unlike its <Record>, knows no set of them: warning 13310).
            finish_on_key="" if ask.digits == 1 else ask.ends,
            action_on_empty_result=True,
            action=self._url(ask.door),
            **(_hearing(ask) if ask.speech else {}),
        )
        for door in ask.sounds:
            gather.play(self._url(door))
        for prompt in ask.prompts:
            gather.append(self._said(prompt, sounds))
        return gather

    def _record(self, response: VoiceResponse, record: Record) -> None:
        """Record one voice, and nothing is transcribed. The only place where a call is."""
        response.record(
            action=self._url(record.door),
            max_length=record.seconds,
            timeout=SILENCE,
            finish_on_key=ANY_KEY,
            play_beep=True,
            trim="trim-silence",
            recording_status_callback=self._url(record.told),
            recording_status_callback_event="completed absent",
        )

    def _ring(self, response: VoiceResponse, ring: Ring) -> None:
        """Dial. A barred number is not dialled: the leg goes on as after a dial that failed."""
        try:
            response.append(self._dial(ring))
        except Barred as barred:
            log.warning("a number that is barred (%s) was not dialled", barred.reason)
            response.redirect(f"{self._url(ring.ended)}?{NOT_DIALLED}")

    def _dial(self, ring: Ring) -> Dial:
        ended = self._url(ring.ended)
        dial = Dial(caller_id=ring.caller_id, timeout=ring.seconds, ring_tone="fr", action=ended)
        told = (
            {"status_callback": self._url(ring.legs), "status_callback_event": LEG_EVENTS}
            if ring.legs
            else {}
        )
        if isinstance(ring.to, Softphone):
            dial.client(self.barring.let_out_browser(ring.to), url=self._url(ring.screen), **told)
        else:
            dial.number(self.barring.let_out(ring.to), url=self._url(ring.screen), **told)
        return dial

    def _conference(self, meet: Meet) -> Dial:
        dial = Dial(action=self._url(meet.left))
        dial.conference(
            meet.room,
            beep=False,
            wait_url=self._url(meet.wait),
            start_conference_on_enter=True,
            end_conference_on_exit=meet.ends,
        )
        return dial

    def _url(self, door: str) -> str:
        return self.base_url + door


def _hearing(ask: Ask) -> dict[str, Any]:
    """How speech is recognised. No ``speechModel``: Twilio allows none beside ``auto``, and goes to
    another provider by itself only when it chose the first (docs/carrier.md).
    """
    return {
        "language": LANGUAGE,
        "hints": hints.in_one(ask.hints),
        "speech_timeout": "auto",
        "profanity_filter": False,  # its stars would hide a commune such as Bitche
    }


def no_reply() -> str:
    """The document that leaves a text unanswered."""
    return str(MessagingResponse())


def hang_up() -> str:
    """The one document that may answer a screened leg when anything at all went wrong."""
    response = VoiceResponse()
    response.hangup()
    return str(response)
