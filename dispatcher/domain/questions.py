"""What a caller is asked, and what their keys mean.

Nobody is hung up on for pressing the wrong key: a question is put three times in other words,
then the nearest guess is taken, or a person sorts it out. What is said aloud is understood as keys
(``hearing.py``); how each question sounds is in ``prompts.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from dispatcher.domain import cases
from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Call, Keys, Outcome, Placed, Step, Why
from dispatcher.domain.cases import Case
from dispatcher.domain.hearing import Ears, digits_said, place_said
from dispatcher.domain.numbers import BadNumber, PhoneNumber, parse, refusal
from dispatcher.domain.territories import Atlas, Commune

TRIES: Final = 3
PAGE: Final = 3
"""Communes read out at once: with "another one" four choices, as the Irish universal-design
guidance advises at most.
"""
MORE: Final = "4"
UNSURE: Final = "0"
ELSEWHERE: Final = "9"
"""The key of somebody whose commune we took wrongly."""
MESSAGE: Final = "1"
REMEMBER: Final = "3"
FORGET: Final = "4"
REVOKE: Final = "5"
REVOKED: Final = -1
"""The page of a caller at ``NEED`` who has just taken a mandate back."""
NEEDS: Final = {"1": Need.PROCEDURES, "2": Need.MEDIATION, UNSURE: Need.EITHER}
MENUS: Final = {
    Step.SAME_PLACE: "same_place",
    Step.NEED: "need",
    Step.KEEP_CONFIRM: "confirm",
    Step.KEPT: "kept",
}
"""The menu of ``words/heard.toml`` that answers a step in words."""
NUMBERS: Final = frozenset({Step.POSTAL_CODE, Step.CASE, Step.KEEP_NUMBER})
POSTAL_CODE_DIGITS: Final = 5


@dataclass(frozen=True, slots=True)
class Ground:
    """What the questions need to know besides the call.

    ``alike`` says whether callers of all these communes would be answered by the same people;
    ``fiction`` whether the mobile numbers kept for fiction may be rung; ``kept`` whether a
    callback is kept for this caller already; ``case`` the case of a code, each time a guess;
    ``voicemail`` whether they may leave a message; ``given`` which of the mandates given with
    their number hold.
    """

    atlas: Atlas
    alike: Callable[[Sequence[Commune]], bool]
    at: datetime
    ears: Ears
    fiction: bool = False
    kept: bool = False
    case: Callable[[str], Case | None] = lambda _: None
    voicemail: bool = False
    given: tuple[int, ...] = ()


def hear(call: Call, keys: Keys, ground: Ground) -> Call:
    """The call after these keys. A step that asks nothing stays as it is."""
    if call.step not in _HEARD:
        return call
    keys = _understood(call.step, keys, ground.ears)
    return call.again() if keys.again else _HEARD[call.step](call, keys, ground)


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


def on_page(call: Call, atlas: Atlas) -> tuple[Commune, ...]:
    """The communes read out now."""
    return candidates(call.postal_code, atlas)[call.page * PAGE :][:PAGE]


def _understood(step: Step, keys: Keys, ears: Ears) -> Keys:
    """What was said, as keys; a commune's name stays what it is."""
    if keys.digits or not keys.spoken:
        return keys
    if ears.again(keys.spoken):
        return Keys("", again=True)
    if step in NUMBERS:
        digits = digits_said(keys.spoken)
        sharp = step is Step.POSTAL_CODE and not digits and ears.means("case", "1", keys.spoken)
        return Keys(digits, sharp=sharp)
    if step in MENUS:
        return Keys(ears.choice(MENUS[step], keys.spoken))
    return keys


def _hear_same_place(call: Call, keys: Keys, ground: Ground) -> Call:
    del ground
    if keys.digits == "1":
        return call.to(Step.NEED, placed=Placed.REMEMBERED)
    if keys.digits != "2" and call.tries + 1 < TRIES:
        return call.puzzled()
    return call.to(Step.POSTAL_CODE, commune=None, helper=None)


def _hear_postal_code(call: Call, keys: Keys, ground: Ground) -> Call:
    digits = keys.digits
    if call.case_code is not None:  # a code is asked for once: a key held down leads on
        return _hear_place(call, digits, ground)
    if keys.sharp:
        return call.to(Step.CASE)
    if len(digits) == cases.DIGITS:  # said aloud: of keys only five are heard
        return _hear_case(replace(call, step=Step.CASE, tries=0), keys, ground)
    return _hear_place(call, digits, ground)


def _hear_place(call: Call, digits: str, ground: Ground) -> Call:
    if len(digits) == POSTAL_CODE_DIGITS - 1 and not ground.atlas.at_postal_code(digits):
        digits = f"0{digits}"  # nobody says its first zero
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


def _hear_case(call: Call, keys: Keys, ground: Ground) -> Call:
    """A code that was mistyped is asked for again; one that leads nowhere, whatever the cause, is
    left at that, and the ordinary questions follow.
    """
    right = cases.is_right(keys.digits)
    if not right and call.tries + 1 < TRIES:
        return call.puzzled()
    case = ground.case(keys.digits) if right else None
    if case is None:
        return call.to(Step.POSTAL_CODE, case_code="")
    call = replace(call, case_code=case.code, helper=case.agent or call.helper)
    if case.commune is None:
        return call.to(Step.POSTAL_CODE)
    call = replace(call, commune=case.commune, house=case.house, placed=Placed.CASE)
    return replace(call, need=case.need or Need.EITHER).waits(at=ground.at)


def _hear_commune(call: Call, keys: Keys, ground: Ground) -> Call:
    listed, page = candidates(call.postal_code, ground.atlas), on_page(call, ground.atlas)
    digits = keys.digits
    if keys.spoken:
        said = place_said(keys.spoken, [commune.name for commune in listed])
        if said is not None:
            return call.to(Step.NEED, commune=listed[said].code, placed=Placed.SAID)
        digits = ground.ears.choice("commune", keys.spoken)
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


def _hear_mandate(call: Call, keys: Keys, ground: Ground) -> Call:
    """One is read out after the other; nothing but its own key takes one back."""
    if keys.digits == "1":
        return call.to(Step.NEED, page=REVOKED)
    if keys.digits != "2" and call.tries + 1 < TRIES:
        return call.puzzled()
    others = [each for each in ground.given if each > call.page]
    if keys.digits == "2" and others:
        return call.to(Step.MANDATE, page=others[0], tries=0)
    return call.to(Step.NEED, page=0)


def _hear_need(call: Call, keys: Keys, ground: Ground) -> Call:
    if keys.digits == REVOKE and ground.given:
        return call.to(Step.MANDATE, page=ground.given[0])
    call = replace(call, page=max(call.page, 0))
    if keys.digits == ELSEWHERE and call.placed is Placed.HOUSE:
        return call.to(Step.POSTAL_CODE, commune=None, placed=None, house=None)
    if keys.digits == ELSEWHERE and call.placed is Placed.SAID:
        return call.to(Step.COMMUNE, commune=None, placed=None)
    if keys.digits not in NEEDS and call.tries + 1 < TRIES:
        return call.puzzled()
    return replace(call, need=NEEDS.get(keys.digits, Need.EITHER)).waits(at=ground.at)


def _hear_number(call: Call, keys: Keys, ground: Ground) -> Call:
    number = callable_number(keys.digits, fiction=ground.fiction)
    if number is not None:
        return call.to(Step.KEEP_CONFIRM, keyed_number=number)
    if call.tries + 1 < TRIES:
        return call.puzzled()
    if ground.kept:  # for the number they had before
        return call.ends(Outcome.CALLBACK, at=ground.at)
    # Nobody can be rung back without a number: they keep their place on the line while it is open.
    return (
        call.ends(Outcome.CLOSED, at=ground.at)
        if call.why in {Why.CLOSED, Why.OFTEN}
        else call.waits(at=ground.at)
    )


def _hear_confirmation(call: Call, keys: Keys, ground: Ground) -> Call:
    del ground
    if keys.digits == "2":
        return call.to(Step.KEEP_NUMBER, keyed_number=None)
    # Silence is no reason to lose somebody: the number was a good one and was read back.
    sure = keys.digits == "1" or call.tries + 1 >= TRIES
    return call.to(Step.KEPT) if sure else call.puzzled()


def _hear_after_keeping(call: Call, keys: Keys, ground: Ground) -> Call:
    if keys.digits == "2":
        return call.to(Step.KEEP_NUMBER, keyed_number=None)
    if ground.voicemail and keys.digits == MESSAGE:
        return call.to(Step.MESSAGE)
    if call.memorable and keys.digits == (FORGET if call.remembered else REMEMBER):
        return call.remembers(not call.remembered)
    return call.ends(Outcome.CALLBACK, at=ground.at)


def callable_number(keyed: str, *, fiction: bool = False) -> PhoneNumber | None:
    """The number keyed in, when it is one we may ring."""
    try:
        number = parse(keyed)
    except BadNumber:
        return None
    return number if refusal(number, fiction=fiction) is None else None


_HEARD: Final[dict[Step, Callable[[Call, Keys, Ground], Call]]] = {
    Step.SAME_PLACE: _hear_same_place,
    Step.POSTAL_CODE: _hear_postal_code,
    Step.CASE: _hear_case,
    Step.COMMUNE: _hear_commune,
    Step.NEED: _hear_need,
    Step.MANDATE: _hear_mandate,
    Step.KEEP_NUMBER: _hear_number,
    Step.KEEP_CONFIRM: _hear_confirmation,
    Step.KEPT: _hear_after_keeping,
}
