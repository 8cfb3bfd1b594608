"""Changing a slot by keypad: one day of it, its pauses, or its end; what was heard is meant."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatcher.domain.agent_prompts import say
from dispatcher.domain.agent_steps import Becomes, Deed, Ends, Moves
from dispatcher.domain.agents import Agent
from dispatcher.domain.calls import Step
from dispatcher.domain.occurrences import Moved, Pattern, Slot, SlotId
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.removals import Changed, Ended
from dispatcher.domain.slot_menu import removal
from dispatcher.domain.slots import Span
from tests.domain.test_agent_menu import TEN
from tests.domain.test_agent_prompts import question, spoken
from tests.domain.test_slot_menu import BUSY, keyed, told

WEDNESDAY = date(2026, 11, 25)
CHANGE = ("2", "1", "2", "4")
"""They hear Wednesday's slot, from two to five each week, and change it."""


def deed(*keys: str, agent: Agent = BUSY) -> Deed | None:
    return keyed(*CHANGE, *keys, agent=agent).deed


def wednesdays(agent: Agent = BUSY) -> Slot:
    return next(s for s in agent.slots.slots if s.pattern.rule.days == (2,))


def changed(**pattern: object) -> Agent:
    """Ines, with another slot of Wednesdays."""
    slot = wednesdays()
    now = replace(slot, pattern=replace(slot.pattern, **pattern))  # type: ignore[arg-type]
    others = [each for each in BUSY.slots.slots if each.id != slot.id]
    return replace(BUSY, slots=BUSY.slots.of([*others, now]))


@pytest.mark.parametrize(
    ("keys", "to", "said"),
    [
        (
            "1 1 1000 1130",
            Moved(WEDNESDAY, Span(600, 690)),
            (
                "La plage du mercredi 25 novembre 2026 est changée. "
                "Le mercredi 25 novembre 2026, de 10 heures à 11 heures 30. Pour le noter, tapez 1."
            ),
        ),
        (
            "1 2 0301 2200 0200",
            Moved(date(2027, 1, 3), Span(1320, 1560)),
            (
                "La plage du mercredi 25 novembre 2026 est changée. "
                "Le dimanche 3 janvier 2027, de 22 heures à 2 heures."
            ),
        ),
    ],
)
def test_one_day_of_a_slot_is_moved(keys: str, to: Moved, said: str) -> None:
    pressed = keys.split()

    assert told(*CHANGE, *pressed).startswith(said)
    found = deed(*pressed, "1")
    assert isinstance(found, Moves)
    assert (found.occurrence.on, found.to) == (WEDNESDAY, to)
    asked = keyed(*CHANGE, *pressed).call
    left = removal(asked, BUSY, at=TEN)
    assert isinstance(left, Changed)
    assert (left.change.day, left.change.to) == (WEDNESDAY, to)


def test_nothing_moves_to_hours_that_are_over() -> None:
    assert keyed(*CHANGE, "1", "2", "2411", "0700", "0900").call.step is Step.AGENT_MOVE_END


def test_a_pause_is_kept_on_each_of_its_days() -> None:
    pressed = ("2", "1500", "1515")

    assert told(*CHANGE, *pressed).startswith(
        "mercredi 25 novembre, de 14 heures à 17 heures. Pause de 15 heures à 15 heures 15. "
        "Chaque fois que la plage revient. Pour le noter, tapez 1."
    )
    found = deed(*pressed, "1")
    assert found == Becomes(wednesdays(), wednesdays().pattern.paused((Span(900, 915),)))


@pytest.mark.parametrize("hours", [("1300", "1330"), ("1630", "1730"), ("1700", "1715")])
def test_a_pause_outside_its_slot_is_told_and_asked_again(hours: tuple[str, str]) -> None:
    asked = keyed(*CHANGE, "2", *hours).call

    assert (asked.step, asked.tries) == (Step.AGENT_BREAK_START, 1)
    assert told(*CHANGE, "2", *hours).startswith("Cette pause n'est pas dans la plage. Tapez")


def test_a_pause_after_midnight_is_inside_a_slot_of_the_night() -> None:
    """Friday's is from ten in the evening to two."""
    asked = keyed("2", "1", "1", "2", "4", "2", "0030", "0045").call

    assert asked.step is Step.AGENT_BREAK_CONFIRM


def test_pauses_are_heard_with_their_slot_and_taken_away() -> None:
    pausing = changed(pauses=(Span(900, 915),))

    assert told("2", "1", agent=pausing).startswith(
        "mercredi 25 novembre, de 14 heures à 17 heures. Pause de 15 heures à 15 heures 15."
    )
    found = deed("2", "2", "1", agent=pausing)
    assert isinstance(found, Becomes)
    assert found.pattern.pauses == ()
    added = deed("2", "1", "1600", "1610", "1", agent=pausing)
    assert isinstance(added, Becomes)
    assert added.pattern.pauses == (Span(900, 915), Span(960, 970))


def test_a_series_is_ended_at_once() -> None:
    assert told(*CHANGE, "3", "1").startswith(
        "mercredi 25 novembre, de 14 heures à 17 heures. "
        "Cette plage et toutes les suivantes sont arrêtées. Pour le noter"
    )
    assert deed("3", "1", "1") == Ends(wednesdays())
    assert removal(keyed(*CHANGE, "3", "1").call, BUSY, at=TEN) == Ended(wednesdays())


def test_a_series_is_ended_from_a_day_on() -> None:
    asked = keyed(*CHANGE, "3", "2", "3112").call
    last = date(2026, 12, 31)

    assert told(*CHANGE, "3", "2", "3112").startswith(
        "La série s'arrête après le jeudi 31 décembre 2026. Pour le noter, tapez 1."
    )
    found = deed("3", "2", "3112", "1")
    assert isinstance(found, Becomes)
    assert found.pattern == replace(
        wednesdays().pattern, rule=replace(wednesdays().pattern.rule, until=last)
    )
    assert removal(asked, BUSY, at=TEN) == Ended(wednesdays(), last)


def test_a_series_that_ends_sooner_is_not_made_longer() -> None:
    ending = changed(rule=replace(wednesdays().pattern.rule, until=date(2026, 12, 10)))

    assert told(*CHANGE, "3", "2", "3112", agent=ending).startswith(
        "Cette plage s'arrête déjà plus tôt. Tapez le dernier jour"
    )


def test_a_slot_of_one_day_is_no_series() -> None:
    alone = Slot(SlotId("s"), Pattern(Rule(WEDNESDAY), Span(840, 1020)))
    agent = replace(BUSY, slots=BUSY.slots.of([alone]))

    asked = keyed("2", "2", "4", agent=agent).call

    assert "série" not in told("2", "2", "4", agent=agent)
    assert keyed("3", call=asked, agent=agent).call == asked.puzzled()


@pytest.mark.parametrize(
    "keys", ["1 1 1000 1130 1", "2 1500 1515 1", "3 1 1", "3 2 3112 1", "1 2 0301 0900 1000 1"]
)
def test_a_slot_that_ended_while_it_was_changed_is_told_and_none_is_changed(keys: str) -> None:
    *pressed, yes = keys.split()
    asked = keyed(*CHANGE, *pressed).call
    later = TEN + timedelta(days=1, hours=8)

    heard = keyed(yes, call=asked, at=later)

    said = question(say(asked, BUSY, at=later)).prompts
    assert spoken(said).startswith("Cette plage n'est plus là. Pour revenir au menu, tapez 1.")
    assert (heard.deed, heard.call.step) == (None, Step.AGENT_MENU)


def test_a_two_begins_again_with_the_same_slot() -> None:
    again = keyed(*CHANGE, "1", "1", "1000", "1130", "2").call

    assert again.step is Step.AGENT_MOVE
    found = keyed("1", "1500", "1600", "1", call=again).deed
    assert isinstance(found, Moves)
    assert found.to == Moved(WEDNESDAY, Span(900, 960))
