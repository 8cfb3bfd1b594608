"""The story of a call is told from what SQL keeps: questions, searches, offers, the end."""

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.attempts import Miss
from dispatcher.domain.calls import CallSid, Keys, Step
from dispatcher.operations import calls, legs, offers, screening, stories, waiting
from dispatcher.operations.stories import Kind, Story, Told
from tests.operations.desk import QUEUE, Desk, sid
from tests.people import GUY, INES, MALO

ENDS = {"answered": ("completed", "1"), "declined": ("completed", "2"), "no_key": ("completed", "")}


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    return small_desk


def story(desk: Desk, call: CallSid) -> Story:
    found = stories.tell(call, desk.services)
    assert found is not None
    return found


def keys_of(told: Story) -> list[str]:
    return [each.sentence.key.removeprefix("story.") for each in told.told]


def search(told: Story) -> Told:
    """The last search of a story."""
    return [each for each in told.told if each.sentence.key.startswith("story.plan.")][-1]


def besides(one: Told) -> dict[str, str]:
    return {
        each.key.removeprefix("story."): str(next(iter(each.values.values())))
        for each in one.besides
    }


def test_a_call_that_is_answered_is_told_from_its_first_question_to_its_end(desk: Desk) -> None:
    desk.has(INES)
    call, _ = desk.asks()
    desk.passes(2)
    desk.presses_one(desk.only_offer().id)
    desk.passes(60)
    desk.ring_ends(call, "completed", bridged=True)

    told = story(desk, call)

    assert told.commune is not None
    assert told.commune.name == "Orcières"
    assert told.need == "procedures"
    assert keys_of(told) == [
        *("asked.postal_code", "asked.need", "waits.first", "plan.found"),
        *("offer.rings", "offer.picked_up", "offer.accepted", "offer.end.answered"),
        "end.answered",
    ]
    assert [each.at for each in told.told] == sorted(each.at for each in told.told)


def test_a_search_says_whom_it_found_where_it_looked_and_what_joins_them(desk: Desk) -> None:
    desk.has(INES)
    call, _ = desk.asks()

    found = search(story(desk, call))

    assert found.sentence.values["who"] == "Ines (France services d'Orcières)"
    assert besides(found)["plan.around"].startswith("Orcières, ")
    assert besides(found)["plan.around"].endswith(", France")
    assert besides(found)["plan.ring"] == "Orcières"


def test_whom_a_search_passes_over_is_named_with_the_cause(desk: Desk) -> None:
    desk.has(INES, MALO)
    call, _ = desk.asks()
    desk.rings(desk.only_offer().id)
    desk.passes(15)
    desk.ring_ends(call, "no-answer")

    told = story(desk, call)

    assert keys_of(told)[-4:] == ["offer.rings", "offer.end.no_answer", "waits.again", "plan.next"]
    assert besides(search(told)) == {
        "plan.ring": "Hautes-Alpes",
        "passed.resting": "Ines (France services d'Orcières)",
    }


def test_the_first_one_free_is_called_so_even_when_nobody_was_at_first(desk: Desk) -> None:
    desk.has(INES)
    desk.passes(-5)
    call, _ = desk.asks()
    assert search(story(desk, call)).sentence.key == "story.plan.nobody"

    desk.passes(10)
    waiting.wait(call, QUEUE, desk.services)

    found = search(story(desk, call))
    assert found.sentence.key == "story.plan.found"
    assert "plan.around" not in besides(found), "said before"


def test_those_who_are_too_many_to_be_named_are_counted(desk: Desk) -> None:
    ids = desk.has(INES)
    call, _ = desk.asks()
    why = {"ring": None, "around": [], "named": [{"cause": "off", "agent": ids[0]}]}
    why |= {
        "passed_over": [
            {"cause": "off", "count": 3},
            {"cause": "cap", "count": 2},
            {"cause": "kept", "count": 7},
        ]
    }
    with desk.services.store.writing() as tx:
        tx.decisions.keep(why, at=desk.at, call=call)

    found = search(story(desk, call))

    assert found.sentence.key == "story.plan.nobody"
    assert found.kind is Kind.PLAN
    assert besides(found) == {
        "passed.off": "Ines (France services d'Orcières)",
        "passed.kept": "7",
        "passed.others": "4",
    }


@pytest.mark.parametrize("end", ENDS)
def test_each_end_of_an_offer_has_its_sentence(desk: Desk, end: str) -> None:
    desk.has(INES, GUY)
    call, _ = desk.asks()
    offer = desk.only_offer().id
    status, key = ENDS[end]
    desk.rings(offer)
    screening.screen(offer, sid(900), desk.services)
    screening.press(offer, Keys(key), desk.services)
    desk.ring_ends(call, status, bridged=end == "answered")

    assert f"offer.end.{end}" in keys_of(story(desk, call))


def test_a_question_that_is_put_again_is_told_so(desk: Desk) -> None:
    call, _ = sid(700), calls.answer(sid(700), "+33199000100", None, None, desk.services)

    calls.hear(call, 1, Keys("00000"), desk.services)

    assert keys_of(story(desk, call)) == ["asked.postal_code", "asked.again"]


def test_a_callback_is_part_of_the_story_of_its_call(desk: Desk) -> None:
    """Kept because nobody was there; then Ines comes on duty, and is rung for it."""
    callback = desk.keeps()
    offers.seek_for_callback(callback, desk.services)
    [ines] = desk.has(INES)
    offers.rematch(ines, desk.services)
    desk.rings(desk.only_offer().id)

    told = story(desk, callback.call or sid(0))

    kinds = [Kind.CALLBACK, Kind.END, Kind.PLAN, Kind.OFFER]
    assert [each.kind for each in told.told][-4:] == kinds
    assert keys_of(told)[-4:] == ["kept.asked", "end.callback", "plan.freed", "offer.rings"]


def test_whoever_hangs_up_is_told_to_have_done_so(desk: Desk) -> None:
    desk.has(INES)
    call, _ = desk.asks()
    desk.passes(1)

    calls.hang_up(call, desk.services)

    assert keys_of(story(desk, call))[-2:] == ["offer.end.caller_gone", "end.abandoned"]


def test_of_a_call_that_nobody_knows_there_is_no_story(desk: Desk) -> None:
    assert stories.tell(sid(999), desk.services) is None


def test_the_house_that_was_rung_and_the_agent_who_helped_before_have_names(desk: Desk) -> None:
    [ines] = desk.has(INES)
    call = desk.waits(house="orcieres", helper=AgentId(ines), step=Step.WAITING)
    calls.route(call, desk.services)

    places = besides(search(story(desk, call.sid)))["plan.around"]

    assert places.startswith("Ines (France services d'Orcières), France services d'Orcières, ")


@pytest.mark.parametrize(
    ("key", "ends"),
    [
        ("1", ["offer.reached", "offer.end.answered", "callback.reached"]),
        ("", ["offer.end.unreached", "callback.dead"]),
        ("2", ["callback.declined", "offer.end.unreached"]),
    ],
)
def test_a_callback_is_told_to_whatever_came_of_it(desk: Desk, key: str, ends: list[str]) -> None:
    desk.has(INES)
    callback = desk.keeps()
    offers.seek_for_callback(callback, desk.services)
    offer = desk.only_offer().id
    desk.passes(1)
    desk.presses_one(offer)
    desk.passes(1)
    screening.greeted(offer, Keys(key), desk.services)
    desk.passes(1)
    legs.called(offer, bridged=key == "1", why=Miss.DEAD, services=desk.services)

    told = keys_of(story(desk, callback.call or sid(0)))

    assert told[-len(ends) - 1 :] == ["offer.calls_back", *ends]
