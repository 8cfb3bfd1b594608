"""Gather: prompts that a key may cut short, then keys until the answer is complete."""

from __future__ import annotations

from dispatcher.simulator.performing.stage import Outcome, Stage
from dispatcher.simulator.twiml import verbs
from dispatcher.simulator.twiml.speech import PLAY_SECONDS


async def gather(stage: Stage, verb: verbs.Gather) -> Outcome:
    """Ask, and take the answer to the action; without one go on, unless empty ones are wanted."""
    keypad = stage.leg.keypad
    keypad.listening = True
    try:
        digits, finished_on = await _answer(stage, verb)
    finally:
        keypad.listening = False
    if not digits and not verb.action_on_empty:
        return None
    return stage.next(
        verb.action, verb.method, Digits=digits, FinishedOnKey=finished_on, msg="Gather End"
    )


async def _answer(stage: Stage, verb: verbs.Gather) -> tuple[str, str]:
    """Give the digits, and the key that finished them if one did."""
    await _prompt(stage, verb)
    digits = ""
    stage.time_passes()
    while await stage.leg.keypad.key_within(verb.timeout):
        key = stage.leg.keypad.take()
        if key in verb.finish_on:
            return digits, key
        digits += key
        if len(digits) == verb.digits:
            break
    return digits, ""


async def _prompt(stage: Stage, verb: verbs.Gather) -> None:
    for prompt in verb.prompts:
        text, seconds, times = _spoken(prompt)
        for _ in range(times):
            if await stage.speak(text, seconds, interruptible=True):
                return


def _spoken(prompt: verbs.Say | verbs.Pause | verbs.Play) -> tuple[str, float, int]:
    match prompt:
        case verbs.Say():
            return prompt.text, prompt.seconds, prompt.times
        case verbs.Play():
            return prompt.url, PLAY_SECONDS, prompt.times
        case verbs.Pause():
            return "", prompt.seconds, 1
