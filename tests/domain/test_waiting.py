"""What somebody hears while they wait."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.words import words
from dispatcher.carrier.twiml import Renderer
from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Call, CallSid, Keys, LineId, Step
from dispatcher.domain.estimates import Expected, Range
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.script import Ask, Say
from dispatcher.domain.waiting import Verse, following, say
from dispatcher.simulator.twiml.parser import parse
from dispatcher.simulator.twiml.verbs import Gather
from dispatcher.simulator.twiml.verbs import Say as Spoken

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
MASKED = Call(
    CallSid("CA" + "0" * 32),
    LineId("l"),
    NINE,
    step=Step.WAITING,
    commune="05096",
    need=Need.EITHER,
)
KNOWN = replace(MASKED, number=PhoneNumber("+33199000001"))
RENDERER = Renderer(words("spoken"), "https://permanence.test")


def minutes(low: float, high: float) -> Range:
    return Range(timedelta(minutes=low), timedelta(minutes=high))


def said(verse: Verse, expected: Expected | None = None, call: Call = KNOWN) -> tuple[Say, ...]:
    [question] = say(call, verse, expected)
    assert isinstance(question, Ask)
    assert not question.speech
    return question.prompts


@pytest.mark.parametrize(
    ("ahead", "wait", "keys"),
    [
        (0, minutes(0.2, 1.5), ["wait.place.0", "wait.estimate.soon"]),
        (1, minutes(3, 8), ["wait.place.1", "wait.estimate.range"]),
        (7, minutes(40, 70), ["wait.place.2", "wait.estimate.long"]),
        (7, None, ["wait.place.2"]),
    ],
)
def test_the_place_comes_with_how_long_it_may_take(
    ahead: int, wait: Range | None, keys: list[str]
) -> None:
    assert [each.key for each in said(Verse.PLACE, Expected(ahead, wait))] == keys


def test_nothing_known_is_said_so() -> None:
    assert said(Verse.PLACE) == (Say("wait.place.unknown"),)


@pytest.mark.parametrize("need", Need)
def test_the_papers_are_those_of_the_need(need: Need) -> None:
    assert said(Verse.PAPERS, call=replace(KNOWN, need=need))[0].key == f"wait.papers.{need}"


def test_verses_follow_one_another_and_a_star_repeats() -> None:
    verse, heard = Verse.PLACE, []
    for _ in range(4):
        verse = following(KNOWN, verse, Keys(""))
        heard.append(verse)

    assert heard == [Verse.KEYS, Verse.PAPERS, Verse.MEMORY, Verse.PLACE]
    assert following(KNOWN, Verse.PAPERS, Keys("", again=True)) is Verse.PAPERS


def test_somebody_without_a_number_is_not_offered_to_be_remembered() -> None:
    assert following(MASKED, Verse.PAPERS, Keys("")) is Verse.PLACE
    assert said(Verse.MEMORY, call=replace(KNOWN, remembered=True)) == (Say("remember.kept"),)


@pytest.mark.parametrize("verse", Verse)
@pytest.mark.parametrize("need", Need)
def test_a_verse_lasts_about_ten_seconds(verse: Verse, need: Need) -> None:
    """A match that nobody hastens is delivered when the verse is over."""
    for expected in (None, Expected(0, minutes(0, 2)), Expected(12, minutes(20, 45))):
        document = RENDERER.render(say(replace(KNOWN, need=need), verse, expected))
        [gather] = parse(document).verbs
        assert isinstance(gather, Gather)
        spoken = sum(each.seconds for each in gather.prompts if isinstance(each, Spoken))
        assert 7 <= spoken + gather.timeout <= 13
