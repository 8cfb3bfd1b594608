"""Saying, playing and being silent: what a leg hears, alone or as the prompt of a question."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from dispatcher.simulator.ledger import Kind
from dispatcher.simulator.people.transcript import Sort
from dispatcher.simulator.performing.stage import Sound, Stage
from dispatcher.simulator.twiml import verbs
from dispatcher.simulator.twiml.speech import PLAY_SECONDS

NO_MEDIA = 11200
"""Twilio: a sound file cannot be had; the call goes on with the next verb."""


async def say(stage: Stage, verb: verbs.Say, *, interruptible: bool = False) -> bool:
    """Speak the words, as often as asked; say whether an answer cut them short."""
    for _ in range(verb.times):
        if await stage.sound(Sound(verb.text, verb.seconds), interruptible=interruptible):
            return True
    return False


async def play(stage: Stage, verb: verbs.Play, *, interruptible: bool = False) -> bool:
    """Play the sound, as often as asked; a person tells it by the name of its file."""
    url = urljoin(stage.address.url, verb.url)
    if stage.network.faults.lacks(url):
        detail = f"{NO_MEDIA}: {url} cannot be had"
        stage.network.ledger.write(Kind.WARNING, call=stage.leg.sid, detail=detail, status=NO_MEDIA)
        return False
    file = Sound(urlsplit(url).path.rpartition("/")[2], PLAY_SECONDS, Sort.PLAYED, url)
    for _ in range(verb.times):
        if await stage.sound(file, interruptible=interruptible):
            return True
    return False


async def pause(stage: Stage, verb: verbs.Pause, *, interruptible: bool = False) -> bool:
    """Be silent; as a first verb it delays the answer."""
    return await stage.sound(Sound("", verb.seconds), interruptible=interruptible)


async def prompt(
    stage: Stage, verb: verbs.Say | verbs.Play | verbs.Pause, *, interruptible: bool
) -> bool:
    """Let the leg hear one prompt of a question; say whether an answer cut it short."""
    match verb:
        case verbs.Say():
            return await say(stage, verb, interruptible=interruptible)
        case verbs.Play():
            return await play(stage, verb, interruptible=interruptible)
        case verbs.Pause():
            return await pause(stage, verb, interruptible=interruptible)
