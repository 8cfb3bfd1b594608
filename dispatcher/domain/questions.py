"""What a caller is asked, and what their keys mean.

Nobody is hung up on for pressing the wrong key: a question is put three times in other words,
then the nearest guess is taken, or a person sorts it out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from dispatcher.domain import doors
from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Call, Keys, Outcome, Step, Why
from dispatcher.domain.numbers import BadNumber, PhoneNumber, in_pairs, parse, refusal
from dispatcher.domain.script import Ask, Say, Script
from dispatcher.domain.territories import Atlas, Commune

TRIES: Final = 3
PIN_DIGITS: Final = 8
PAGE: Final = 3
"""Communes read out at once: with the way to others, four choices, as the Irish universal-design
guidance advises at most.
"""
MORE: Final = "4"
UNSURE: Final = "0"
NEEDS: Final = {"1": Need.PROCEDURES, "2": Need.MEDIATION, UNSURE: Need.EITHER}


@dataclass(frozen=True, slots=True)
class Ground:
    """What the questions need to know besides the call.

    ``alike`` says whether callers of all these communes would be answered by the same people;
    ``fiction`` whether the mobile numbers kept for fiction may be rung; ``kept`` whether a
    callback is kept for this caller already.
    """

    atlas: Atlas
    alike: Callable[[Sequence[Commune]], bool]
    at: datetime
    fiction: bool = False
    kept: bool = False


def hear(call: Call, keys: Keys, ground: Ground) -> Call:
    """The call after these keys. A step that asks nothing stays as it is."""
    if call.step not in _HEARD:
        return call
    return call.again() if keys.again else _HEARD[call.step](call, keys.digits, ground)


def candidates(postal_code: str | None, atlas: Atlas) -> tuple[Commune, ...]:
    """The communes of a postal code, most populated first; of its nearest neighbours if unknown."""
    if postal_code is None:
        return ()
    known = atlas.at_postal_code(postal_code)
    if known:
        return known
    near = (
        commune
        for code in atlas.nearest_postal_codes(postal_code)
        for commune in atlas.at_postal_code(code)
    )
    return tuple(near)[:PAGE]


def ask(call: Call, atlas: Atlas, *, greeting: Script = ()) -> Script:
    """The question this call stands at, in the words of its try; the first turn greets."""
    digits, prompts = _ASKED[call.step](call, atlas)
    greets = call.turn == 1 and call.step is Step.POSTAL_CODE
    before = tuple(step for step in greeting if isinstance(step, Say)) if greets else ()
    return (Ask((*before, *prompts), digits, doors.answer(call.turn)),)


def _hear_postal_code(call: Call, digits: str, ground: Ground) -> Call:
    known = ground.atlas.at_postal_code(digits)
    if known and ground.alike(known):
        return call.to(Step.NEED, postal_code=digits, commune=known[0].code)
    if known:
        return call.to(Step.COMMUNE, postal_code=digits)
    if call.tries + 1 < TRIES:
        return call.puzzled()
    if candidates(digits, ground.atlas):
        return call.to(Step.COMMUNE, postal_code=digits)
    return call.to(Step.NEED)


def _hear_commune(call: Call, digits: str, ground: Ground) -> Call:
    listed = candidates(call.postal_code, ground.atlas)
    page = listed[call.page * PAGE :][:PAGE]
    if digits.isdecimal() and 1 <= int(digits) <= len(page):
        return call.to(Step.NEED, commune=page[int(digits) - 1].code)
    if digits == MORE and len(listed) > PAGE:
        return call.to(Step.COMMUNE, page=(call.page + 1) % -(-len(listed) // PAGE))
    if digits != UNSURE and call.tries + 1 < TRIES:
        return call.puzzled()
    return call.to(Step.NEED, commune=_best_guess(call, ground.atlas))


def _best_guess(call: Call, atlas: Atlas) -> str | None:
    """The postal code's largest commune; nothing when the code itself was a guess."""
    known = atlas.at_postal_code(call.postal_code or "")
    return known[0].code if known else None


def _hear_need(call: Call, digits: str, ground: Ground) -> Call:
    if digits not in NEEDS and call.tries + 1 < TRIES:
        return call.puzzled()
    return replace(call, need=NEEDS.get(digits, Need.EITHER)).waits(at=ground.at)


def _hear_number(call: Call, digits: str, ground: Ground) -> Call:
    number = callable_number(digits, fiction=ground.fiction)
    if number is not None:
        return call.to(Step.KEEP_CONFIRM, keyed_number=number)
    if call.tries + 1 < TRIES:
        return call.puzzled()
    if ground.kept:  # for the number they had before
        return call.ends(Outcome.CALLBACK, at=ground.at)
    # Nobody can be rung back without a number: they keep their place on the line while it is open.
    return (
        call.ends(Outcome.CLOSED, at=ground.at)
        if call.why is Why.CLOSED
        else call.waits(at=ground.at)
    )


def _hear_confirmation(call: Call, digits: str, ground: Ground) -> Call:
    del ground
    if digits == "2":
        return call.to(Step.KEEP_NUMBER, keyed_number=None)
    # Silence is no reason to lose somebody: the number was a good one and was read back.
    return call.to(Step.KEPT) if digits == "1" or call.tries + 1 >= TRIES else call.puzzled()


def _hear_other_number(call: Call, digits: str, ground: Ground) -> Call:
    if digits == "2":
        return call.to(Step.KEEP_NUMBER, keyed_number=None)
    return call.ends(Outcome.CALLBACK, at=ground.at)


def callable_number(keyed: str, *, fiction: bool = False) -> PhoneNumber | None:
    """The number keyed in, when it is one we may ring."""
    try:
        number = parse(keyed)
    except BadNumber:
        return None
    return number if refusal(number, fiction=fiction) is None else None


def _ask_pin(call: Call, atlas: Atlas) -> tuple[int, tuple[Say, ...]]:
    del atlas
    return PIN_DIGITS, (Say("agent.wrong_pin" if call.tries else "agent.paused"),)


def _ask_postal_code(call: Call, atlas: Atlas) -> tuple[int, tuple[Say, ...]]:
    del atlas
    return 5, (Say(f"ask.postal_code.{call.tries + 1}"),)


def _ask_commune(call: Call, atlas: Atlas) -> tuple[int, tuple[Say, ...]]:
    listed = candidates(call.postal_code, atlas)
    page = listed[call.page * PAGE :][:PAGE]
    known = bool(atlas.at_postal_code(call.postal_code or ""))
    intro = Say(f"ask.commune.{'several' if known else 'unknown_code'}")
    choices = tuple(
        Say("ask.commune.choice", {"commune": c.name, "key": i}) for i, c in enumerate(page, 1)
    )
    more = (Say("ask.commune.more", {"key": MORE}),) if len(listed) > PAGE else ()
    return 1, (intro, *choices, *more, Say("ask.commune.unsure"))


def _ask_need(call: Call, atlas: Atlas) -> tuple[int, tuple[Say, ...]]:
    del atlas
    return 1, (Say(f"ask.need.{call.tries + 1}"),)


def _ask_number(call: Call, atlas: Atlas) -> tuple[int, tuple[Say, ...]]:
    del atlas
    if call.tries:
        return 10, (Say("keep.number_again"),)
    return 10, (Say(f"keep.{call.why}"), Say("keep.number_first"))


def _ask_confirmation(call: Call, atlas: Atlas) -> tuple[int, tuple[Say, ...]]:
    del atlas
    return 1, (Say("keep.confirm", {"number": in_pairs(call.keyed_number or PhoneNumber(""))}),)


def _ask_other_number(call: Call, atlas: Atlas) -> tuple[int, tuple[Say, ...]]:
    del atlas
    number = in_pairs(call.keyed_number or call.number or PhoneNumber(""))
    why = (Say(f"keep.{call.why}"),) if call.keyed_number is None else ()
    return 1, (*why, Say("keep.kept", {"number": number}))


_HEARD = {
    Step.POSTAL_CODE: _hear_postal_code,
    Step.COMMUNE: _hear_commune,
    Step.NEED: _hear_need,
    Step.KEEP_NUMBER: _hear_number,
    Step.KEEP_CONFIRM: _hear_confirmation,
    Step.KEPT: _hear_other_number,
}
_ASKED = {
    Step.AGENT_PIN: _ask_pin,
    Step.POSTAL_CODE: _ask_postal_code,
    Step.COMMUNE: _ask_commune,
    Step.NEED: _ask_need,
    Step.KEEP_NUMBER: _ask_number,
    Step.KEEP_CONFIRM: _ask_confirmation,
    Step.KEPT: _ask_other_number,
}


ASKING: Final = frozenset(_ASKED)
"""The steps at which a question stands."""


def while_waiting(call: Call, ahead: int | None) -> Script:
    """What somebody who waits hears for about ten seconds, before the carrier asks again.

    ``ahead``: how many are before them; None when that is not known just now.
    """
    place = Say("wait.place.unknown")
    if ahead is not None:
        place = Say(f"wait.place.{min(ahead, 2)}", {"ahead": ahead})
    asked = Ask((place, Say("wait.callback")), 1, doors.pressed(call.turn), wait=5)
    return (asked,)
