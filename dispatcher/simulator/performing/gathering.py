"""Gather: prompts that an answer may cut short, then keys or words until it is complete."""

from __future__ import annotations

import asyncio

from dispatcher.simulator.performing.ear import Answered
from dispatcher.simulator.performing.prompting import prompt
from dispatcher.simulator.performing.stage import Outcome, Stage
from dispatcher.simulator.twiml import verbs

_MOMENT = 1e-6

Answer = dict[str, str]
"""The fields that tell an answer, or that there was none."""


async def gather(stage: Stage, verb: verbs.Gather) -> Outcome:
    """Ask, and take the answer to the action; without one go on, unless empty ones are wanted."""
    try:
        answer = await _answer(stage, verb)
    finally:
        stage.leg.ear.close()
    answered = answer.get("Digits") or answer.get("SpeechResult")
    if not answered and not verb.action_on_empty:
        return None
    return stage.next(verb.action, verb.method, msg="Gather End", **answer)


async def _answer(stage: Stage, verb: verbs.Gather) -> Answer:
    ear = stage.leg.ear
    await _prompt(stage, verb)
    stage.time_passes()
    while await ear.is_answered_within(verb.timeout):
        if ear.answered_by is Answered.KEYS:
            return await _keys(stage, verb)
        if verb.speech is not None and (words := await _words(stage, verb.speech)):
            confidence = str(stage.network.recognition.confidence)
            language = verb.speech.language
            return {"SpeechResult": words, "Confidence": confidence, "Language": language}
    return _keyed(stage, "", "") if verb.keys else {}


async def _prompt(stage: Stage, verb: verbs.Gather) -> None:
    """Let the prompts be heard until an answer begins; without barge-in speech waits its turn."""
    keys = [Answered.KEYS] if verb.keys else []
    speech = [Answered.SPEECH] if verb.speech else []
    barge_in = verb.speech is not None and verb.speech.barge_in
    stage.leg.ear.open(*keys, *(speech if barge_in else []))
    for one in verb.prompts:
        if await prompt(stage, one, interruptible=True):
            return
    if not barge_in:
        stage.leg.ear.open(*keys, *speech)


async def _keys(stage: Stage, verb: verbs.Gather) -> Answer:
    """Take keys until one finishes them, they are enough, or no more come."""
    ear, digits = stage.leg.ear, ""
    while await ear.is_answered_within(verb.timeout):
        key = ear.take_key()
        if key not in verb.finish_on:
            digits += key
        elif digits or stage.network.switches.finish_key_alone:
            return _keyed(stage, digits, key)
        if digits and len(digits) == verb.digits:
            break
    return _keyed(stage, digits, "")


def _keyed(stage: Stage, digits: str, finished_on: str) -> Answer:
    told = {"FinishedOnKey": finished_on} if stage.network.switches.finished_on_key else {}
    return {"Digits": digits, **told}


async def _words(stage: Stage, speech: verbs.Speech) -> str:
    """Wait until nothing more is said, and give what is recognised; empty for nothing."""
    ear, network = stage.leg.ear, stage.network
    while (left := ear.spoken_until + speech.pause - network.seconds()) > _MOMENT:
        await asyncio.sleep(left)
    said = ear.take_words()
    return "" if network.faults.is_unheard() else network.recognition.transcribe(said)
