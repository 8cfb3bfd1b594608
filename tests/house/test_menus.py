"""Every question the line can ask, walked through: few levels, few choices, short ones, and a way on.

At most three questions before somebody is served, four choices each and twelve words a choice.
``0`` ("I do not know") and the star mean the same everywhere: they are said, and not counted.
"""

import ast
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product

import pytest

from config.words import words
from dispatcher.carrier.twiml import Renderer
from dispatcher.domain import agent_menu, agent_prompts, prompts, questions, waiting
from dispatcher.domain.agent_menu import Told
from dispatcher.domain.agents import Agent, AgentId, Aside, Need
from dispatcher.domain.calls import Call, CallSid, Keys, LineId, Placed, Step, Why
from dispatcher.domain.follow_ups import Last
from dispatcher.domain.hearing import Ears
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.prompts import ASKING, Given
from dispatcher.domain.questions import TRIES, Ground
from dispatcher.domain.script import Ask, Say
from dispatcher.domain.zones import Zones
from tests.domain.places import ATLAS
from tests.house.sources import modules, named, syntax
from tests.timetables import weekly

LEVELS, CHOICES, WORDS_A_CHOICE, LONGEST_WAIT = 3, 4, 12, 10
SILENT = {Step.MESSAGE, Step.WAITING, Step.OFFERED, Step.TALKING, Step.ENDED}
"""Steps at which no question stands; while waiting there are verses, after the end an offer."""
ASKED_ELSEWHERE = {
    "screen.keys": "an agent who picked up",
    "callback.greeting": "a citizen who is rung back",
    "callback.greeting_regular": "a regular who is rung",
    "keep.joined": "a caller who gave the code of a callback still owed",
    "keep.code": "a caller whom no text tells it",
    "remember.offer": "a caller after their conversation",
    "consent.question": "somebody of whom a mandate is asked",
    "consent.again": "likewise, who keyed no answer",
    "mandate.offer": "a caller with whose number a mandate was given: see below",
    "message.offer": "a caller whose line has a voicemail: see below",
    "message.announce": "a caller who is about to leave a message",
    "message.left": "the agent of a callback",
    "message.heard": "the agent of a callback",
    "fallback.known": "a caller whom nothing else answers",
    "fallback.unknown": "a caller whom nothing else answers",
    "fallback.again": "a caller whom nothing else answers",
}
"""The sentences with keys in them of questions that stand at no step."""

SHORTCUTS = {Step.SAME_PLACE, Step.CASE, Step.MANDATE}
"""Steps that spare somebody the others, or serve them. Who says no has been asked one question more, and no
level deeper.
"""

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
ROSE = PhoneNumber("+33199000001")
FRESH = Call(CallSid("CA" + "0" * 32), LineId("principale"), NINE)
FULL = replace(
    FRESH,
    number=ROSE,
    turn=9,
    postal_code="51300",
    commune="05061",
    need=Need.EITHER,
    why=Why.ASKED,
    keyed_number=ROSE,
    waiting_since=NINE,
    house="gap",
    remembered=True,
    helper=AgentId(1),
    as_agent=AgentId(1),
)
"""A call that knows whatever a question may want to know."""
EARS = Ears.of(words("heard"))
SAID_OF = [why for why in Why if f"keep.{why}" in words("spoken")]
MAP = copy(ATLAS)
MAP.nearest_postal_codes = cache(ATLAS.nearest_postal_codes)  # type: ignore[method-assign]
GROUNDS = [Ground(MAP, lambda c: len(c) == 1, NINE, EARS, kept=kept) for kept in (False, True)]
TELLING = ("step", "tries", "page", "postal_code", "memorable")
MATTERS = {
    Step.NEED: ("placed",),
    Step.KEEP_NUMBER: ("why",),
    Step.KEEP_CONFIRM: ("why", "keyed_number"),
    Step.KEPT: ("why", "keyed_number", "remembered"),
}
"""What tells two states of a call apart, everywhere and at some steps: fewer are walked."""
ONE_KEY = [*"0123456789", ""]
SEVERAL = ["", "0", "1", "05170", "05000", "51300", "05179", "0199000007", "0899123456", "1234"]
"""A postal code of one commune, of some, of many and of none; numbers to ring and not to ring."""


def starts() -> Iterator[Call]:
    """A call as it begins, and calls at every step where a question stands, at each try."""
    yield FRESH
    for step, why, number in product(ASKING, SAID_OF, (ROSE, None)):
        for tries, placed in product(range(TRIES), (None, *Placed)):
            at = {"step": step, "tries": tries, "why": why, "placed": placed}
            yield replace(FULL, number=number, **at)
            yield replace(FULL, number=number, remembered=False, **at)


def question(call: Call) -> Ask:
    [asked] = prompts.ask(call, MAP, EARS)
    assert isinstance(asked, Ask), call.step
    return asked


def wording(prompts: tuple[Say, ...]) -> str:
    renderer = Renderer(words("spoken"), "")
    return " ".join(renderer.text(say) for say in prompts)


def moves(call: Call) -> Iterator[tuple[str, Call]]:
    """What may be keyed at a question, and where it leads."""
    for keyed in ONE_KEY if question(call).digits == 1 else SEVERAL:
        for ground in GROUNDS:
            yield keyed, questions.hear(call, Keys(keyed), ground)


@cache
def walked() -> tuple[Call, ...]:
    """Every state of a call at which a question stands, as far as anybody can come."""
    seen: dict[tuple[object, ...], Call] = {}
    ahead = list(starts())
    while ahead:
        call = ahead.pop()
        place = tuple(getattr(call, name) for name in (*TELLING, *MATTERS.get(call.step, ())))
        if call.step not in ASKING or place in seen:
            continue
        assert call.tries < TRIES, f"{call.step} is asked for ever"
        seen[place] = call
        ahead.extend(after for _, after in moves(call))
    return tuple(seen.values())


def verses() -> Iterator[tuple[Say, ...]]:
    """What is said while somebody waits, keys and all."""
    for verse, need, remembered in product(waiting.Verse, Need, (False, True)):
        [asked] = waiting.say(replace(FULL, need=need, remembered=remembered), verse, None)
        assert isinstance(asked, Ask)
        yield asked.prompts


def agents() -> Iterator[Agent]:
    """An agent who is on, in a pause, off duty, or whose number is put aside."""
    ines = Agent(
        id=AgentId(1),
        name="Ines",
        structure="gap",
        skills={Need.PROCEDURES: 1},
        zones=Zones(),
        slots=weekly("mon-sun 08:00-18:00"),
        timezone="Europe/Paris",
        automatic=True,
        reachable=True,
    )
    yield from (
        ines,
        replace(ines, automatic=False),
        replace(ines, paused_until=NINE + timedelta(hours=1)),
        replace(ines, aside=Aside.NO_SUCH_NUMBER),
        replace(ines, slots=weekly()),
    )


def at_the_menu() -> Iterator[tuple[Call, Agent]]:
    """Every state in which an agent at their telephone is asked something after their PIN."""
    pages: list[tuple[Step, int]] = [
        (Step.AGENT_MENU, told) for told in Told if told is not Told.NEXT_CALL
    ]
    pages += [
        (Step.AGENT_PAUSE, 0),
        (Step.AGENT_AFTER, 0),
        (Step.AGENT_WHEN, 1),
        (Step.AGENT_WHEN, 2),
    ]
    for agent, (step, told) in product(agents(), pages):
        for tries in range(TRIES):
            yield replace(FULL, step=step, page=int(told), tries=tries), agent


def agents_questions() -> Iterator[Ask]:
    """What is asked of an agent who rings the line."""
    at_the_door = [replace(FULL, step=Step.AGENT_PIN, tries=tries) for tries in range(TRIES)]
    said = [agent_prompts.ask_pin(call) for call in at_the_door]
    for (call, agent), last in product(at_the_menu(), Last):
        said.append(agent_prompts.say(call, agent, at=NINE, last=last))
    for script in said:
        [asked] = script
        assert isinstance(asked, Ask)
        yield asked


def choices_said(text: str) -> dict[str, str]:
    """The keys that a wording offers, and the words of each choice."""
    clauses = re.split(r"[.!?;:] |, (?=ou |[0-9])", text)
    offered = (
        re.search(r"(?:[Tt]apez|^ou|^)(?: le)? ?([0-9])(?![0-9 ]*[0-9])", c) for c in clauses
    )
    return {
        match[1]: clause
        for match, clause in zip(offered, clauses, strict=True)
        if match is not None
    }


@cache
def choices_heard(call: Call) -> set[str]:
    """The keys that do something that silence and a wrong key do not, at any try."""
    found = set()
    for tries in range(TRIES):
        at = replace(call, tries=tries)
        for ground in GROUNDS:
            nothing = questions.hear(at, Keys(""), ground)
            for key in "0123456789":
                if questions.hear(at, Keys(key), ground) != nothing:
                    found.add(key)
    return found


def test_every_step_that_asks_is_walked() -> None:
    """A new step comes in by itself; one that is heard elsewhere has to be written down."""
    assert {call.step for call in walked()} == set(ASKING)
    assert set(ASKING) | agent_menu.STEPS | SILENT == set(Step)
    for call in walked():
        assert any(after is not call for _, after in moves(call)), call.step


def test_every_question_is_asked_where_this_file_looks() -> None:
    asked = {
        named(path): sum(
            isinstance(node, ast.Call) and ast.unparse(node.func) == "Ask"
            for node in ast.walk(syntax(path))
        )
        for path in modules("dispatcher")
        if "simulator" not in path.parts
    }

    assert {where: count for where, count in asked.items() if count} == {
        "dispatcher/domain/agent_prompts.py": 2,
        "dispatcher/domain/slot_prompts.py": 2,
        "dispatcher/domain/prompts.py": 1,  # every step's question
        "dispatcher/domain/waiting.py": 1,
        "dispatcher/operations/consent_calls.py": 2,  # one of them gathers keys for nothing
        "dispatcher/operations/presenting.py": 1,  # after a conversation
        "dispatcher/operations/screening.py": 4,
        "dispatcher/web/fallback.py": 1,
    }


def test_every_sentence_with_keys_in_it_belongs_to_a_question_known_here() -> None:
    known = {say.key for call in walked() for say in question(call).prompts}
    known |= {say.key for verse in verses() for say in verse} | ASKED_ELSEWHERE.keys()
    known |= {say.key for asked in agents_questions() for say in asked.prompts}
    known |= {
        key
        for key in words("spoken")
        if re.match(r"agent\.(slots|stand_in|mark|change|away)\.", key)
    }  # test_agent_menus
    keyed = {key for key, sentence in words("spoken").items() if re.search("[Tt]apez", sentence)}

    assert keyed <= known, "nobody was led to these"


def test_nobody_is_asked_more_than_three_questions_before_they_are_served() -> None:
    leads: dict[Step, set[Step]] = {step: set() for step in ASKING}
    for call in walked():
        leads[call.step] |= {after.step for _, after in moves(call)} - {call.step}

    def longest(path: tuple[Step, ...]) -> tuple[Step, ...]:
        onward = [step for step in leads[path[-1]] if step in ASKING and step not in path]
        return max((longest((*path, step)) for step in onward), key=len, default=path)

    for step in ASKING:
        levels = [each for each in longest((step,)) if each not in SHORTCUTS]
        assert len(levels) <= LEVELS, " > ".join(levels)


def test_no_question_has_more_than_four_choices_and_each_is_said_and_heard() -> None:
    for call in walked():
        said = choices_said(wording(question(call).prompts)).keys()
        assert len(said - {"0"}) <= CHOICES, f"{call.step}: {sorted(said)}"
        if question(call).digits == 1:
            assert set(said) == choices_heard(call), f"{call.step}, try {call.tries + 1}"


def test_who_may_leave_a_message_has_four_choices_at_most_and_each_does_something() -> None:
    ground = replace(GROUNDS[0], voicemail=True)
    for call in walked():
        if call.step is Step.KEPT:
            [asked] = prompts.ask(call, MAP, EARS, voicemail=True)
            assert isinstance(asked, Ask)
            said = choices_said(wording(asked.prompts)).keys()
            nothing = questions.hear(call, Keys(""), ground)
            does = {k for k in "0123456789" if questions.hear(call, Keys(k), ground) != nothing}
            assert said == does
            assert len(said) <= CHOICES


def test_who_gave_a_mandate_has_four_choices_at_most_and_each_does_something() -> None:
    ground = replace(GROUNDS[0], given=(0, 2))
    for call in walked():
        if call.step is Step.NEED:
            [asked] = prompts.ask(call, MAP, EARS, given=Given(any=True))
            assert isinstance(asked, Ask)
            said = choices_said(wording(asked.prompts)).keys()
            assert "5" in said
            assert len(said - {"0"}) <= CHOICES
            assert questions.hear(call, Keys("5"), ground).step is Step.MANDATE


def test_no_choice_is_longer_than_a_breath() -> None:
    said = [wording(question(call).prompts) for call in walked()]
    said += [words("spoken")[key] for key in ASKED_ELSEWHERE]
    said += [wording(verse) for verse in verses()]
    said += [wording(asked.prompts) for asked in agents_questions()]

    choices = [choice for text in said for choice in choices_said(text).values()]
    assert len(choices) > 100
    for choice in choices:
        assert len(choice.split()) <= WORDS_A_CHOICE, choice


def test_what_is_asked_at_no_step_has_few_choices_too() -> None:
    asked = [words("spoken")[key] for key in ASKED_ELSEWHERE]
    asked += [wording(each.prompts) for each in agents_questions()]
    for text in asked + [wording(verse) for verse in verses()]:
        assert len(choices_said(text).keys() - {"0"}) <= CHOICES, text


def test_every_question_says_that_a_star_repeats_it_and_it_does() -> None:
    for call in walked():
        assert "étoile" in wording(question(call).prompts), (call.step, call.tries)
        again = questions.hear(call, Keys("", again=True), GROUNDS[0])
        assert again.turn == call.turn + 1
        assert question(again).prompts == question(call).prompts, call.step
        assert (again.tries, again.page) == (call.tries, call.page), "it counts for nothing"


def test_no_question_waits_long_for_an_answer() -> None:
    assert {question(call).wait for call in walked()} <= set(range(3, LONGEST_WAIT + 1))


@pytest.mark.parametrize("keyed", ["", "9", "99999"])
def test_silence_and_wrong_keys_lead_on_from_every_question_by_the_third_try(keyed: str) -> None:
    """Where to, web/test_silence.py sees."""
    for start, ground in product(walked(), GROUNDS):
        if len(keyed) != 1 or keyed not in choices_heard(start):
            call = start
            for _ in range(TRIES - start.tries):
                if call.step is start.step:
                    call = questions.hear(call, Keys(keyed), ground)
            assert call.step is not start.step, f"{start.step}, try {start.tries + 1}"


def test_an_agent_too_is_asked_for_few_things_that_a_star_repeats_and_silence_ends() -> None:
    for asked in agents_questions():
        assert "étoile" in wording(asked.prompts)
        assert not asked.speech
    for call, agent in at_the_menu():
        again = agent_menu.hear(call, Keys("", again=True), agent, at=NINE).call
        assert (again.step, again.tries, again.page) == (call.step, call.tries, call.page)
        for _ in range(TRIES - call.tries):
            call = agent_menu.hear(call, Keys(""), agent, at=NINE).call
        assert Say("end.goodbye") in agent_prompts.say(call, agent, at=NINE)
        person = agent_menu.hear(replace(call, tries=0), Keys("0"), agent, at=NINE).call
        assert person.step is Step.POSTAL_CODE
