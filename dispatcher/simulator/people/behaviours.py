"""People ready-made: how somebody behaves when their telephone rings.

Each gives something for ``Handset.when_rung``; a scene of one's own is an async function of the
``PhoneCall``.
"""

from __future__ import annotations

from dispatcher.simulator.people.handset import BUSY, Behaviour, Tone
from dispatcher.simulator.people.phone_call import PhoneCall

PATIENCE = 60.0
"""Seconds that somebody who pressed waits to be connected."""

LONG = 7200.0
"""Seconds that somebody talks who never hangs up first."""

UNALLOCATED = 13224
"""Twilio: the number is invalid or may not be called."""


def answers(
    after: float = 2.0,
    *,
    presses: str | None = "1",
    at: str | None = None,
    talks_for: float | None = 30.0,
) -> Behaviour:
    """Pick up, press (at these words, or a second after picking up), talk, hang up.

    With ``talks_for=None`` they talk until the other hangs up.
    """
    keys = () if presses is None else (presses,)
    return wrong_keys(*keys, after=after, at=at, talks_for=talks_for)


def wrong_keys(
    *keys: str, after: float = 2.0, at: str | None = None, talks_for: float | None = 30.0
) -> Behaviour:
    """Pick up and press one key after the other, each after listening anew, then talk."""

    async def behave(call: PhoneCall) -> None:
        await call.waits(after)
        await call.picks_up()
        for key in keys:
            await _listen(call, at)
            await call.presses(key)
        if await call.is_connected(within=PATIENCE):
            await call.waits(LONG if talks_for is None else talks_for)
        await call.hangs_up()

    return behave


def declines(after: float = 2.0, *, presses: str = "2", at: str | None = None) -> Behaviour:
    """Pick up, press the key that passes the call on, and wait to be let go."""

    async def behave(call: PhoneCall) -> None:
        await call.waits(after)
        await call.picks_up()
        await _listen(call, at)
        await call.presses(presses)
        await call.waits(PATIENCE)
        await call.hangs_up()

    return behave


def voicemail(after: float = 4.0, talks_for: float = 20.0) -> Behaviour:
    """Let an answering machine pick up: it presses nothing, greets, talks to whoever is there."""

    async def behave(call: PhoneCall) -> None:
        await call.waits(after)
        await call.picks_up()
        await call.says(VOICEMAIL_WORDS)
        for _ in range(max(1, int(talks_for))):
            if call.with_whom is not None:
                await call.says(VOICEMAIL_WORDS)
            await call.waits(1.0)
        await call.hangs_up()

    return behave


VOICEMAIL_WORDS = "(voicemail)"
"""What somebody connected to an answering machine hears."""


def hangs_up_while_screened(after: float = 2.0, listens: float = 3.0) -> Behaviour:
    """Pick up, listen a little, hang up."""

    async def behave(call: PhoneCall) -> None:
        await call.waits(after)
        await call.picks_up()
        await call.waits(listens)
        await call.hangs_up()

    return behave


def lets_it_ring() -> Behaviour:
    """Never pick up."""

    async def behave(call: PhoneCall) -> None:
        await call.waits(LONG)

    return behave


def refuses(after: float = 2.0) -> Behaviour:
    """Press the red button."""

    async def behave(call: PhoneCall) -> None:
        await call.waits(after)
        await call.refuses()

    return behave


def busy() -> Behaviour:
    """Be on another call, always."""
    return BUSY


def does_not_exist() -> Behaviour:
    """Be no number at all."""
    return Tone("failed", 404, UNALLOCATED)


def off_network() -> Behaviour:
    """Be switched off: no answer, and no ringing either."""
    return Tone("no-answer", 480, after=3.0)


def forwards_to(number: str) -> Behaviour:
    """Pass the call on to another number of the application, as a forwarded line does."""
    return _passes_on(number, forwarded=True)


def is_a_line(number: str) -> Behaviour:
    """Be one of the application's own numbers: calling it reaches the application again."""
    return _passes_on(number, forwarded=False)


def _passes_on(number: str, *, forwarded: bool) -> Behaviour:
    async def behave(call: PhoneCall) -> None:
        origin = call.handset.number if forwarded else ""
        onward = await call.handset.dials(number, shows=call.shown, forwarded_from=origin)
        while not (call.ended or onward.ended):
            if onward.leg.answered and not call.leg.answered:
                await call.picks_up()
            await onward.waits(0.1)
        await onward.hangs_up()
        if call.leg.answered:
            await call.hangs_up()
        elif not call.ended:
            call.leg.end("busy", sip=486)

    return behave


async def _listen(call: PhoneCall, words: str | None) -> None:
    if words is None:
        await call.waits(1.0)
    else:
        await call.hears(words)
