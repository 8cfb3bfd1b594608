"""How each question sounds: its sentences, how many keys answer it, and what may be said instead.

The last word on keys is in ``questions.py``. Every question says how to hear it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dispatcher.domain import cases, doors
from dispatcher.domain.calls import Call, Placed, Step
from dispatcher.domain.hearing import Ears
from dispatcher.domain.matters import Topic
from dispatcher.domain.numbers import PhoneNumber, in_pairs
from dispatcher.domain.questions import (
    MENUS,
    MORE,
    PAGE,
    POSTAL_CODE_DIGITS,
    REVOKED,
    candidates,
    on_page,
)
from dispatcher.domain.script import Ask, Say, Script
from dispatcher.domain.territories import Atlas

NUMBER_DIGITS: Final = 10


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody is told of the callback kept for them, besides its number. ``code``: that of
    its case, for whom no text tells it. ``joined``: the one that they gave the code of is it.
    """

    code: str | None = None
    joined: bool = False


NOTHING_KEPT: Final = Kept()


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody is told of the mandates given with their telephone: that there are any, and of
    the one that is read out which house has it, for what. No name: a number proves nobody.
    """

    any: bool = False
    house: str = ""
    procedures: tuple[Topic, ...] = ()


NOTHING_GIVEN: Final = Given()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is put: ``hints`` None when it is for keys alone."""

    digits: int
    prompts: tuple[Say, ...]
    hints: tuple[str, ...] | None = ()


def ask(
    call: Call,
    atlas: Atlas,
    ears: Ears,
    *,
    before: tuple[Say, ...] = (),
    kept: Kept = NOTHING_KEPT,
    voicemail: bool = False,
    given: Given = NOTHING_GIVEN,
) -> Script:
    """The question this call stands at, in the words of its try, after what is said ``before``.

    ``voicemail``: whoever is promised a callback may leave a message.
    """
    if call.step is Step.KEPT:
        question = _ask_after_keeping(call, kept)
    elif call.step is Step.MANDATE:
        question = _ask_mandate(given)
    else:
        question = _ASKED[call.step](call, atlas)
    hints, prompts = question.hints, question.prompts
    if call.step is Step.POSTAL_CODE:
        hints = ears.words("case")
    if call.step in MENUS:
        hints = ears.words(MENUS[call.step])
    if voicemail and call.step is Step.KEPT:
        prompts = (*prompts[:-1], Say("message.offer"), prompts[-1])
    if call.step is Step.NEED and given.any:
        prompts = (*prompts, Say("mandate.offer"))
    return (
        Ask(
            (*before, *prompts),
            question.digits,
            doors.answer(call.turn),
            speech=hints is not None,
            hints=hints or (),
        ),
    )


def _ask_same_place(call: Call, atlas: Atlas) -> Question:
    del call, atlas
    return Question(1, (Say("ask.same_place"),))  # no place is named: a number proves nothing


def _ask_postal_code(call: Call, atlas: Atlas) -> Question:
    del atlas
    nowhere = call.case_code == "" and call.tries == 0
    before = (Say("ask.case.nowhere"),) if nowhere else ()
    keyed_code = call.case_code is None and call.tries == 1  # as a postal code, perhaps
    hint = (Say("ask.case.hint"),) if keyed_code else ()
    asked = Say(f"ask.postal_code.{call.tries + 1}")
    return Question(POSTAL_CODE_DIGITS, (*before, asked, *hint))


def _ask_case(call: Call, atlas: Atlas) -> Question:
    del atlas
    asked = Say("ask.case.again" if call.tries else "ask.case.first")
    return Question(cases.DIGITS, (asked,))


def _ask_commune(call: Call, atlas: Atlas) -> Question:
    listed = candidates(call.postal_code, atlas)
    known = bool(atlas.at_postal_code(call.postal_code or ""))
    intro = Say(f"ask.commune.{'several' if known else 'unknown_code'}")
    if call.tries:
        intro = Say("ask.commune.misheard")
    choices = tuple(
        Say("ask.commune.choice", {"commune": c.name, "key": i})
        for i, c in enumerate(on_page(call, atlas), 1)
    )
    more = (Say("ask.commune.more", {"key": MORE}),) if len(listed) > PAGE else ()
    hints = tuple(commune.name for commune in listed)
    return Question(1, (intro, *choices, *more, Say("ask.commune.unsure")), hints)


def _ask_need(call: Call, atlas: Atlas) -> Question:
    asked = Say(f"ask.need.{call.tries + 1}")
    done = (Say("mandate.revoked"),) if call.page == REVOKED and call.tries == 0 else ()
    commune = atlas.commune(call.commune) if call.commune else None
    if commune is None or call.placed not in {Placed.HOUSE, Placed.SAID}:
        return Question(1, (*done, asked))
    read_back = Say(
        "ask.placed.house" if call.placed is Placed.HOUSE else "ask.placed.said",
        {"commune": commune.name},
    )
    before = (read_back,) if call.tries == 0 else ()
    return Question(1, (*done, *before, asked, Say("ask.placed.elsewhere")))


def _ask_mandate(given: Given) -> Question:
    for_what = tuple(Say(f"mandate.{each}") for each in given.procedures)
    said = (Say("mandate.given", {"house": given.house}), *for_what, Say("mandate.confirm"))
    return Question(1, said, hints=None)


def _ask_number(call: Call, atlas: Atlas) -> Question:
    del atlas
    if call.tries:
        return Question(NUMBER_DIGITS, (Say("keep.number_again"),))
    return Question(NUMBER_DIGITS, (Say(f"keep.{call.why}"), Say("keep.number_first")))


def _ask_confirmation(call: Call, atlas: Atlas) -> Question:
    del atlas
    number = in_pairs(call.keyed_number or PhoneNumber(""))
    return Question(1, (Say("keep.confirm", {"number": number}),))


def _ask_after_keeping(call: Call, kept: Kept) -> Question:
    number = in_pairs(call.keyed_number or call.number or PhoneNumber(""))
    told = Say("keep.joined") if kept.joined else Say("keep.kept", {"number": number})
    code: tuple[Say, ...] = ()
    if kept.code is not None:
        code = (Say("keep.code", {"code": cases.in_pairs(kept.code, ", ")}),)
    why = (Say(f"keep.{call.why}"),) if call.keyed_number is None else ()
    memory: tuple[Say, ...] = ()
    if call.memorable:
        memory = (Say("remember.kept" if call.remembered else "remember.offer"),)
    return Question(1, (*why, told, *code, *memory, Say("keep.end")))


_ASKED: Final[dict[Step, Callable[[Call, Atlas], Question]]] = {
    Step.SAME_PLACE: _ask_same_place,
    Step.POSTAL_CODE: _ask_postal_code,
    Step.CASE: _ask_case,
    Step.COMMUNE: _ask_commune,
    Step.NEED: _ask_need,
    Step.KEEP_NUMBER: _ask_number,
    Step.KEEP_CONFIRM: _ask_confirmation,
}
ASKING: Final = frozenset({*_ASKED, Step.KEPT, Step.MANDATE})
"""The steps at which a question stands."""
