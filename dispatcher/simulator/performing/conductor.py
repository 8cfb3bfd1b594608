"""A leg's whole life in documents: the first one, a redirect into others, an error, the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from dispatcher.simulator.legs import Leg
from dispatcher.simulator.performing import interpreter
from dispatcher.simulator.performing.stage import Fetch, Sound
from dispatcher.simulator.wire.webhooks import CarrierError

APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
"""What a caller hears when the application fails and no fallback helps (Twilio's own words)."""


async def perform(leg: Leg, fetch: Fetch, once_fetched: Callable[[], None] | None = None) -> None:
    """Live through documents from this one on, then hang up."""
    stage = interpreter.stage(leg)
    try:
        await stage.run(fetch, once_fetched=once_fetched)
    except CarrierError as error:
        leg.network.report_error(leg, error)
        leg.answer()
        await stage.sound(Sound(APPLICATION_ERROR, 4.0))
    leg.end()


async def go_on(leg: Leg, stopped: asyncio.Task[Any] | None, fetch: Fetch) -> None:
    """Live through other documents once the task that was stopped is gone.

    An Enqueue that was left so is still owed its action, before or after as the switch says.
    """
    network = leg.network
    if stopped is not None:
        await asyncio.wait({stopped})
    parting, leg.parting = leg.parting, None
    if parting is None:
        await perform(leg, fetch)
    elif network.switches.dequeue_action_first:
        await network.webhooks.say(network.webhook(leg, parting.address, parting.more))
        await perform(leg, fetch)
    else:
        action = parting
        await perform(leg, fetch, lambda: network.tell_action(leg, action))
